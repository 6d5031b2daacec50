"""The page of all mails about a case, and the history that leads there, in a real browser: nothing that bars anybody."""

import pytest

from leeward.casework.models import Case
from leeward.notices.queries import mails
from leeward.notices.services import take_in
from tests.browser import Visit
from tests.casework.conftest import POLICE, Desk
from tests.casework.merging.test_messages_of_merged import merged

__all__ = ["merged"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_both_pages_are_open_to_everybody(
    desk: Desk, visitor: Visit, merged: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "MOST_CHARACTERS", 100)
    monkeypatch.setattr(mails, "PER_PAGE", 1)
    first, second = merged
    letter = next(mail for mail in desk.mails() if second.reference in mail.text).message["Message-ID"]
    for number in range(2):
        head = f"From: {POLICE}\r\nMessage-ID: <{number}@b.example>\r\nIn-Reply-To: {letter}\r\nSubject: Re: {number}"
        take_in(f"{head}\r\n\r\n{'We look into it. ' * 100}".encode())
    guest = visitor()
    cookie = desk.signed_in("ana").cookies["sessionid"].value
    guest.context.add_cookies(
        [{"name": "sessionid", "value": cookie, "url": f"{guest.base}/desk", "sameSite": "Strict"}]
    )
    for name in ("timeline", "mails", "mails?page=2"):
        assert guest.go(f"/desk/case/{first.reference}/{name}").ok
        guest.look(f"messages-{name.partition('?')[0]}")
