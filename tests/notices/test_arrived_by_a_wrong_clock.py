"""A letter of which nobody knew whether it had arrived, and that was sent by a wrong clock: the police's time is a whole one."""

from datetime import timedelta

import pytest

from leeward.foundation.actor import Actor
from leeward.jobs.clockwatch import confirm
from leeward.notices import services
from leeward.notices.models import Message
from leeward.notices.timing import police_wait
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_clock_jumps import jump
from tests.notices.test_held_beside import HOUR

DAY, MINUTES = timedelta(days=1), timedelta(minutes=10)


def left_unsure(office: Office) -> Message:
    """The worker was killed while the letter to the police was being sent."""
    office.act(office.case())
    message = Message.objects.get(kind="referral")
    Message.objects.filter(pk=message.pk).update(state="sending", sending_since=office.reached)
    office.work(MINUTES)
    message.refresh_from_db()
    assert message.state == "unsure"
    return message


@pytest.mark.parametrize("when", ["behind", "in_doubt"])
def test_what_went_by_a_clock_that_was_behind_counts_as_arrived_once_that_is_entered(office: Office, when: str) -> None:
    message, wait = left_unsure(office), police_wait()
    jump(office, 30 * DAY)
    if when == "behind":
        confirm(Actor("command"), office.reached)
    services.call_arrived(message.pk, actor=office.cast["carl"].actor)
    confirm(Actor("command"), office.reached)
    office.work(wait - HOUR)
    assert office.mails(ABUSE) == []
    office.work(2 * HOUR)
    assert len(office.mails(ABUSE)) == 1


def test_a_jump_of_before_it_went_takes_nothing_from_when_it_went(office: Office) -> None:
    jump(office, 30 * DAY)
    confirm(Actor("command"), office.reached)
    office.work(HOUR)
    message = left_unsure(office)
    office.work(police_wait())
    services.call_arrived(message.pk, actor=office.cast["carl"].actor)
    office.work()
    assert len(office.mails(ABUSE)) == 1


def test_what_went_by_a_clock_that_was_ahead_waits_no_longer_than_from_now(office: Office) -> None:
    jump(office, 30 * DAY)
    message = left_unsure(office)
    jump(office, -30 * DAY)
    services.call_arrived(message.pk, actor=office.cast["carl"].actor)
    office.work(police_wait() + HOUR)
    assert len(office.mails(ABUSE)) == 1
