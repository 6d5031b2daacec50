"""A notice by a webhook that gave no answer may have arrived: nothing says that it is only tried, or that it wasn't sent."""

import pytest

from leeward.demo.world.receiver import Receiver
from leeward.demo.world.web import Answer
from leeward.notices import queries, services
from leeward.notices.models import Contact, Message
from tests.notices.conftest import Office
from tests.notices.test_holds import THEY, hold, letters
from tests.notices.test_said_of_the_host import NO_REMINDER, UNKNOWN, said
from tests.notices.test_webhook import host, minutes, receiver

__all__ = ["host", "receiver"]
pytestmark = pytest.mark.django_db


def test_what_a_webhook_took_without_an_answer_is_not_known(office: Office, receiver: Receiver, host: Contact) -> None:
    brief = office.case(urgent=True)
    office.act(brief)
    minutes(office, 1)
    receiver.next(Answer(hangs_up=True), keeps=True)
    receiver.next(*[Answer(503)] * 50)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    minutes(office, 3)
    message = Message.objects.get(kind="notice")
    assert (message.state, message.problem, len(receiver.kept())) == ("failed", "hook_refused", 1)
    assert said(letters()[0]) == UNKNOWN
    hold(office, letters()[0], days=9)
    minutes(office, 5)
    assert Message.objects.get(kind="notice").state == "stopped"
    assert said(letters()[0]).startswith(f"{UNKNOWN}  {NO_REMINDER}"), "on a line of its own"
    notes = [row.note for row in queries.history_of(brief.case_id) if row.what == "notice_stopped"]
    assert notes == [UNKNOWN]


def test_what_a_webhook_refused_is_tried_again(office: Office, receiver: Receiver, host: Contact) -> None:
    office.act(office.case(urgent=True))
    minutes(office, 1)
    receiver.next(*[Answer(503)] * 50)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    minutes(office, 3)
    assert "we have been trying to send it since" in said(letters()[0])


def test_what_is_given_up_before_anybody_knows_whether_it_arrived_says_both(office: Office) -> None:
    brief = office.case(urgent=True)
    office.act(brief)
    office.work()
    office.post.drop_after_message("abuse@harbour-host.example", kept=True)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    services.drop(Message.objects.get(kind="notice").pk, actor=office.cast["carl"].actor)
    assert said(letters()[0]) == UNKNOWN
    [note] = [row.note for row in queries.history_of(brief.case_id) if row.what == "notice_stopped"]
    assert note.startswith("One of us gave up the message")
    assert note.endswith(UNKNOWN)
