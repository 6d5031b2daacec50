"""An address that the police hold by the time a message with several is sent is left out of it, and counts as told only once it is in a letter."""

import json

import pytest

from leeward.audit.queries import entries
from leeward.demo.world.web import Answer
from leeward.notices import queries, services
from leeward.notices.models import Message, Notice, NoticeCase
from leeward.notices.rules.briefs import CaseBrief
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_held_beside import DAY, HOUR, _first, _second, gate, letter, release, told
from tests.notices.test_holds import hold
from tests.notices.test_said_of_the_host import NOT_YET, said
from tests.notices.test_webhook import host, minutes, receiver

__all__ = ["_first", "_second", "host", "receiver"]
pytestmark = pytest.mark.django_db


@pytest.fixture(name="other")
def _other(office: Office, second: CaseBrief) -> CaseBrief:
    """A case about another address of the host; what is told of the second goes in one message with it."""
    other = office.case()
    office.act(other)
    office.work()
    for brief in (second, other):
        release(brief)
        services.advance(NoticeCase.objects.get(case_id=brief.case_id).pk)
    assert Notice.objects.get(state="waiting").items.count() == 2
    return other


@pytest.mark.parametrize("own", [False, True])
def test_what_a_person_sends_again(
    office: Office, first: CaseBrief, second: CaseBrief, other: CaseBrief, own: bool
) -> None:
    office.post.drop_after_message(ABUSE, kept=False)
    office.work()
    message = Message.objects.get(kind="notice", state="unsure")
    hold(office, letter(second if own else first), days=2)
    office.post.accept_again(ABUSE)
    services.retry(message.pk, actor=office.cast["carl"].actor)
    office.work()
    [mail] = office.mails(ABUSE)
    assert second.reference not in mail.text
    assert (told(other), told(second)) == (1, 0)
    [row] = [row for row in entries(office.cast.hotline_id) if row.event == "notice.sent"]
    assert json.loads(row.facts)["cases"] == [other.case_id]
    assert [row for row in queries.history_of(second.case_id) if row.what.startswith("notice_s")] == []
    assert not said(letter(second)).startswith("sent")
    office.work(2 * DAY + HOUR)
    mail = next(mail for mail in office.mails(ABUSE) if second.reference in mail.text)
    assert (gate(second), told(second)) == ("open", 1)
    assert NoticeCase.objects.get(case_id=second.case_id).items.get().step == 1


def test_what_is_posted_again(
    office: Office, first: CaseBrief, second: CaseBrief, request: pytest.FixtureRequest
) -> None:
    server, _contact = request.getfixturevalue("receiver"), request.getfixturevalue("host")
    other = request.getfixturevalue("other")
    server.next(*[Answer(503)] * 6)
    minutes(office, 6)
    hold(office, letter(first), days=9)
    minutes(office, 400)
    assert (told(other), told(second)) == (1, 0)
    assert said(letter(second)) == NOT_YET


def test_what_is_posted_again_alone_is_told_once_after_the_hold(
    office: Office, first: CaseBrief, second: CaseBrief, request: pytest.FixtureRequest
) -> None:
    server, _contact = request.getfixturevalue("receiver"), request.getfixturevalue("host")
    release(second)
    services.advance(NoticeCase.objects.get(case_id=second.case_id).pk)
    server.next(*[Answer(503)] * 6)
    minutes(office, 6)
    assert Message.objects.get(kind="notice").state == "failed"
    hold(office, letter(first), days=2)
    office.work(DAY)
    assert Message.objects.get(kind="notice").state == "stopped"
    release(first)
    minutes(office, 60)
    assert told(second) == 1
