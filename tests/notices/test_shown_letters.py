"""A letter that is shown on the desk has nothing by which whoever reads it could answer in its reader's name."""

import inspect
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from leeward.foundation.patterns import Pattern
from leeward.jobs.worker import run_until_idle
from leeward.notices.models import Message
from leeward.notices.rules.briefs import Plan
from leeward.notices.rules.reference import marks_in
from leeward.notices.writing import compose
from leeward.notices.writing.texts import Mail
from tests.notices.conftest import POLICE, START, Office, _nobody_above_listens, configure, internet, office
from tests.notices.conftest import post as mail_server
from tests.people.signing import signed_in

__all__ = ["_nobody_above_listens", "configure", "internet", "mail_server", "office"]
pytestmark = pytest.mark.django_db
PROOF = Pattern(r"[0-9]{1,18}-[a-z2-7]{26}")


@pytest.fixture(name="post")
def _post(mail_server: Any) -> Any:
    return mail_server


def opens(text: str) -> bool:
    """Whether a text has the link of an answer or the mark of one by mail."""
    return PROOF.search(text) is not None or bool(marks_in(settings.LEEWARD.secret_bytes, text))


def whole(mail: Mail | None) -> str:
    assert mail is not None
    return " ".join([mail.subject, mail.body, mail.payload or "", *(one.text for one in mail.attachments)])


def test_a_letter_that_waits_for_a_person_opens_nothing(office: Office) -> None:
    for plan in (Plan(), Plan(police=False)):
        office.act(office.case(), plan)
    office.clock.move_to(START + timedelta(hours=1))
    office.post.defer(POLICE, times=1000)
    office.post.defer("abuse@harbour-host.example", times=1000)
    run_until_idle(START + timedelta(hours=1))
    Message.objects.update(state="dead")
    kinds = set()
    boss = signed_in(office.cast, "carl")
    for message in Message.objects.order_by("pk"):
        sent = whole(compose.mail_of(message, START))
        page = boss.get(f"/desk/outbox/{message.pk}/preview").content.decode()
        assert not opens(page)
        if message.kind != "staff":
            kinds.add(message.kind)
            assert opens(sent), "the letter itself is answered by its link"
            assert f"{settings.LEEWARD.base_url}/{'notice' if message.kind == 'notice' else 'referral'}/…" in page
    assert kinds == {"notice", "referral"}


def test_no_letter_is_written_with_a_link_past_its_doors() -> None:
    """Whatever kind of letter comes next, it asks the doors it is given: those of a letter that is shown are closed."""
    of_doors = (compose.Doors, compose.link_to, compose.overview_link, compose.page_for, compose.mark_of)
    rest = inspect.getsource(compose)
    for one in (*of_doors, compose._shown_page):
        rest = rest.replace(inspect.getsource(one), "")
    assert Pattern(r"\b(?:link_to|overview_link|page_for|mark_of|make_token)\(").search(rest) is None
