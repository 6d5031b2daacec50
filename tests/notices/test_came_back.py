"""A notice to a host that came back told nobody: the police can hold the case again, and nothing says that it was sent."""

import pytest

from leeward.audit.services import hotline_transaction
from leeward.notices import services
from leeward.notices.models import Message, NoticeCase
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.services.delivery import came_back
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_holds import DAY, THEY, _brief, hold, letters
from tests.notices.test_said_of_the_host import ANSWER, HELD, NOT_YET, SENT, due, offered, restore, said

__all__ = ["_brief"]
pytestmark = pytest.mark.django_db


def test_a_notice_that_came_back_told_no_host(office: Office, brief: CaseBrief) -> None:
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    assert said(letters()[0]).startswith(SENT)
    assert "hold" not in offered(letters()[0])
    with hotline_transaction():
        came_back(Message.objects.select_for_update().get(kind="notice"), "soft", now=office.reached)
    assert said(letters()[0]) == NOT_YET
    assert "hold" in offered(letters()[0])
    until = hold(office, letters()[0], days=9)
    assert said(letters()[0]).startswith(HELD)
    assert due(brief) == [until]
    office.work(8 * DAY)
    assert len(office.mails(ABUSE)) == 1
    restore(office)
    office.work(2 * DAY)
    assert said(letters()[0]) == ANSWER, "as of a case whose host was never told"
    assert len(office.mails(ABUSE)) == 1
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    assert len(office.mails(ABUSE)) == 2
    for words in ("first notice about it", "notice number"):
        assert words not in office.mails(ABUSE)[-1].text
    assert NoticeCase.objects.get().problem == ""
    assert said(letters()[0]).startswith(SENT)
