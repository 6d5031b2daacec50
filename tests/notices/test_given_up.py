"""A notice that a person gives up while it is tried: the case doesn't stand still, and nothing says that it is being sent."""

import pytest

from leeward.notices import queries, services
from leeward.notices.models import Message, NoticeCase
from leeward.notices.rules.briefs import CaseBrief
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_holds import DAY, THEY, _brief, letters
from tests.notices.test_said_of_the_host import NOT_YET, said

__all__ = ["_brief"]
pytestmark = pytest.mark.django_db
UPSTREAM = "noc@upstream.example"
GAVE_UP = "One of us gave up the message, so it isn’t tried again."


def failing(office: Office) -> Message:
    """The notice to the host after the police released it and its server took it for later."""
    office.post.defer(ABUSE, times=400)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    return Message.objects.get(kind="notice", state="failed")


def test_a_notice_that_is_given_up_is_a_problem_until_the_next_step(office: Office, brief: CaseBrief) -> None:
    services.drop(failing(office).pk, actor=office.cast["carl"].actor)
    office.work()
    assert said(letters()[0]) == NOT_YET
    assert [row.problem_sentence for row in queries.open_notice_cases()] == [GAVE_UP]
    rows = queries.history_of(brief.case_id)
    assert [(row.what, row.note) for row in rows if row.what.startswith("notice_")] == [("notice_stopped", GAVE_UP)]
    assert [row.state for row in rows if row.title == GAVE_UP] == ["now"]
    office.post.accept_again(ABUSE)
    office.work(DAY)
    assert len(office.mails(ABUSE)) == 1
    assert NoticeCase.objects.get().problem == ""


def test_the_network_is_told_instead_and_giving_that_up_is_a_problem_too(office: Office) -> None:
    office.internet.host("pictures.harbour-host.example", abuse=[ABUSE], upstream=[UPSTREAM])
    office.act(office.case(urgent=True))
    office.work()
    message = failing(office)
    office.post.defer(UPSTREAM, times=400)
    for _ in range(2):
        assert NoticeCase.objects.get().problem == ""
        services.drop(message.pk, actor=office.cast["carl"].actor)
        office.work()
        message = Message.objects.filter(kind="notice").latest("pk")
    assert (message.to, message.state) == (UPSTREAM, "stopped")
    assert NoticeCase.objects.get().problem == "given_up"
    assert said(letters()[0]) == NOT_YET


def test_what_can_not_be_delivered_to_anybody_is_not_being_sent(office: Office) -> None:
    office.internet.host("pictures.harbour-host.example", abuse=[ABUSE], upstream=[UPSTREAM])
    office.act(office.case(urgent=True))
    office.work()
    office.post.refuse(ABUSE)
    office.post.refuse(UPSTREAM)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    assert said(letters()[0]) == NOT_YET
