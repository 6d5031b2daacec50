"""A wait for the police that ended only by a clock that jumped is held for a person."""

from datetime import timedelta

from leeward.foundation.actor import Actor
from leeward.jobs.clockwatch import Jump, confirm, note
from leeward.notices.models import Referral
from tests.notices.conftest import ABUSE, Office

OWNER = "here:0"
DAY = timedelta(days=1)


def test_the_host_is_told_only_once_the_clock_is_confirmed(office: Office) -> None:
    office.act(office.case())
    office.work()
    note(Jump(office.reached, office.reached + 3 * DAY), OWNER)
    office.work(after=3 * DAY)
    assert (Referral.objects.get().state, office.mails(ABUSE)) == ("waiting", [])
    confirm(Actor("command"), office.reached)
    office.work(after=timedelta(minutes=5))
    assert Referral.objects.get().state == "timed_out"
    assert office.mails(ABUSE)


def test_once_the_clock_is_back_the_wait_goes_on(office: Office) -> None:
    office.act(office.case())
    office.work()
    before = office.reached
    until = Referral.objects.get().wait_until
    note(Jump(before, before + 3 * DAY), OWNER)
    office.work(after=3 * DAY)
    note(Jump(office.reached, office.reached - 3 * DAY), OWNER)
    office.reached -= 3 * DAY
    office.work()
    row = Referral.objects.get()
    assert (row.state, row.wait_until, office.mails(ABUSE)) == ("waiting", until, [])
    assert until is not None
    office.work(after=until - office.reached)
    assert Referral.objects.get().state == "timed_out"
