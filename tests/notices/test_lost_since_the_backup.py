"""What the police may have said since the backup keeps hosts from being told, whatever is said by somebody afterwards."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from leeward.administration.services import confirm_restored, take_up
from leeward.administration.services.restoring import date_anew
from leeward.administration.tasks import date_restoring_anew
from leeward.audit.services import hotline_transaction
from leeward.backup.models import Restoration
from leeward.foundation.actor import SYSTEM
from leeward.jobs.models import ClockJump
from leeward.notices import queries, services
from leeward.notices.errors import HoldNotPossible
from leeward.notices.models import Message
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.services.police_first import hold_back
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_held_beside import DAY, HOUR, PATH, _first, beside, letter, opened, release, told
from tests.notices.test_holds import THEY, hold
from tests.notices.test_may_be_held_beside import letters_of
from tests.notices.test_said_of_the_host import due, offered, restore, said

__all__ = ["_first"]
pytestmark = pytest.mark.django_db
LONGEST = timedelta(days=30)


def take_in(office: Office) -> None:
    """Restore a backup of this moment; nobody has confirmed it."""
    Restoration.objects.create(backup_at=office.reached, restored_at=office.reached)
    take_up(office.reached)


def taken_in(office: Office) -> None:
    take_in(office)
    office.work()  # what was due
    confirm_restored(actor=office.cast["adam"].actor, now=office.reached)


def set_back(office: Office, by: timedelta) -> None:
    office.reached -= by
    office.clock.move_to(office.reached)


@pytest.mark.parametrize("who", ["police", "carl"])
@pytest.mark.parametrize("act", ["acknowledge", "outcome"])
def test_a_receipt_lets_no_hold_end_that_may_have_been_prolonged(
    office: Office, first: CaseBrief, who: str, act: str
) -> None:
    hold(office, letter(first), days=2)
    services.forward_to_police(replace(first, judged=""), more="urgent")
    taken_in(office)
    newest = letter(first)
    assert (newest.state, newest.sent_at, Message.objects.get(kind="forward").state) == ("held", None, "unsure")
    more: dict[str, Any] = {"outcome": "investigating", "note": "So."} if act == "outcome" else {}
    services.answer_referral(newest.pk, act, actor=THEY if who == "police" else office.cast[who].actor, **more)
    office.work(4 * DAY)
    assert told(first) == 0
    release(first)
    office.work(HOUR)
    assert told(first) == 1


def test_nor_one_that_one_of_us_entered_in_an_urgent_case(office: Office) -> None:
    first = office.case(path=PATH, urgent=True)
    office.act(first)
    taken_in(office)
    until = office.reached + 2 * DAY
    services.answer_referral(letter(first).pk, "hold", until=until, actor=office.cast["carl"].actor)
    services.answer_referral(letter(first).pk, "acknowledge", actor=THEY)
    office.work(4 * DAY)
    assert told(first) == 0


@pytest.mark.parametrize("how", ["restored", "put back"])
def test_what_was_passed_on_may_be_held_again_though_they_had_released_it(office: Office, how: str) -> None:
    passed = office.case(path=PATH, judged="")
    services.forward_to_police(passed)
    office.work()
    second = opened(office)
    hold(office, letter(passed), days=9)
    release(passed)
    assert "hold" in offered(letter(passed))
    if how == "restored":
        restore(office)
    else:
        with hotline_transaction():
            hold_back([letter(passed).pk], [], office.reached)
    third = opened(office)
    for one in (second, third):
        release(one)
    office.work(3 * DAY)
    assert (told(second), told(third)) == (0, 0)
    release(passed)
    office.work(HOUR)
    assert (told(second), told(third)) == (1, 1)


def test_so_may_what_was_begun_anew_without_asking_them(office: Office, first: CaseBrief) -> None:
    release(first)
    services.withdraw(first.case_id, actor=SYSTEM)
    office.post.defer(ABUSE, times=1000)
    office.act(first, Plan(police=False))
    office.work(HOUR)
    assert "hold" in offered(letter(first))
    restore(office)
    office.post.accept_again(ABUSE)
    office.work(3 * DAY)
    assert told(first) == 0
    release(first)
    office.work(HOUR)
    assert told(first) == 1


def test_a_letter_dated_by_a_clock_that_was_ahead_was_there_before(office: Office) -> None:
    office.work(40 * DAY)
    first = opened(office)
    set_back(office, 40 * DAY)
    office.work(3 * HOUR)
    taken_in(office)
    for _day in range(4):
        office.work(DAY)
    assert told(first) == 0


def test_so_was_one_that_is_put_back_by_a_clock_that_is_behind(office: Office) -> None:
    office.work(DAY)
    first = opened(office)
    set_back(office, 2 * HOUR)
    with hotline_transaction():
        hold_back([letter(first).pk], [], office.reached)
    set_back(office, -2 * HOUR)
    for _day in range(4):
        office.work(DAY)
    assert told(first) == 0


def test_no_day_is_promised_while_nothing_goes_out(office: Office, first: CaseBrief) -> None:
    take_in(office)
    hold(office, letter(first), days=2)
    assert (said(letter(first)).startswith("waits until"), due(first)) == (False, [])
    confirm_restored(actor=office.cast["adam"].actor, now=office.reached)
    assert (said(letter(first)).startswith("waits until"), len(due(first))) == (True, 1)


@pytest.mark.parametrize(("age", "told_by_time"), [(LONGEST - DAY, 0), (LONGEST + HOUR, 1)])
def test_what_they_get_once_no_lost_hold_can_last_has_its_own_time(
    office: Office, first: CaseBrief, age: timedelta, told_by_time: int
) -> None:
    release(first)
    services.withdraw(first.case_id, actor=SYSTEM)
    office.work(HOUR)
    taken_in(office)
    office.work(age)
    office.act(first)
    office.work()
    assert said(letter(first)).startswith("will be sent on") is bool(told_by_time)
    office.work(3 * DAY)
    assert told(first) == told_by_time


def test_by_a_clock_that_jumped_it_has_none(office: Office, first: CaseBrief) -> None:
    services.withdraw(first.case_id, actor=SYSTEM)
    taken_in(office)
    jump = ClockJump.objects.create(owner="worker", before=office.reached + DAY, after=office.reached + 40 * DAY)
    office.work(40 * DAY)
    office.act(first)
    office.work()
    jump.settled_at = office.reached
    jump.save()
    set_back(office, 39 * DAY)
    office.work(3 * DAY)
    assert told(first) == 0


@pytest.mark.parametrize("how", ["restored", "put back"])
def test_nor_does_a_release_count_that_a_wrong_clock_dates_after_it(office: Office, how: str) -> None:
    office.work(40 * DAY)
    first = opened(office)
    office.post.defer(ABUSE, times=1000)
    release(first)
    set_back(office, 40 * DAY)
    services.forward_to_police(replace(first, judged=""), more="urgent")
    office.work()
    if how == "restored":
        taken_in(office)
    else:
        with hotline_transaction():
            hold_back([one.pk for one in letters_of(first)], [], office.reached)
    office.post.accept_again(ABUSE)
    for _day in range(4):
        office.work(DAY)
    assert told(first) == 0


def test_what_was_passed_on_may_be_held_again_for_a_case_that_is_lost(office: Office) -> None:
    """When the backup was made there was no other case at the address that a hold would have kept."""
    passed = office.case(path=PATH, judged="")
    services.forward_to_police(passed)
    office.work()
    second = opened(office)
    hold(office, letter(passed), days=9)
    release(passed)
    release(second)
    office.work(HOUR)
    services.withdraw(second.case_id, actor=SYSTEM)
    taken_in(office)
    third = opened(office)
    release(third)
    office.work(3 * DAY)
    assert told(third) == 0
    assert "release" in offered(letter(passed))
    release(passed)
    office.work(HOUR)
    assert told(third) == 1


def test_a_new_case_has_its_time_once_the_clock_that_was_ahead_is_right(office: Office, first: CaseBrief) -> None:
    set_back(office, -365 * DAY)
    taken_in(office)
    set_back(office, 365 * DAY)
    date_restoring_anew()
    office.work(HOUR)
    second = office.case(path="/another")
    office.act(second)
    office.work()
    assert said(letter(second)).startswith("will be sent on")
    office.work(3 * DAY)
    assert (told(first), told(second)) == (0, 1)
    assert Restoration.objects.get().restored_at <= office.reached


def test_while_the_clock_is_in_doubt_a_restoring_keeps_its_date(office: Office) -> None:
    set_back(office, -DAY)
    taken_in(office)
    set_back(office, DAY)
    before = Restoration.objects.get().restored_at
    ClockJump.objects.create(owner="worker", before=office.reached, after=office.reached)
    assert not date_anew(office.reached)
    assert Restoration.objects.get().restored_at == before


def test_no_hold_of_what_was_passed_on_begins_anew_each_time(office: Office) -> None:
    passed = office.case(path=PATH, judged="")
    services.forward_to_police(passed)
    opened(office)
    taken_in(office)
    hold(office, letter(passed), days=20)
    office.work(10 * DAY)
    with pytest.raises(HoldNotPossible):
        hold(office, letter(passed), days=29)


@pytest.mark.parametrize("police", [True, False])
def test_no_step_is_promised_while_nothing_goes_out(office: Office, *, police: bool) -> None:
    brief = office.case()
    office.act(brief, Plan(police=police))
    office.work()
    if police:
        release(brief)
    office.work(HOUR)
    steps = [row.what for row in queries.history_of(brief.case_id)].count("next_step")
    take_in(office)
    assert [steps, *(row for row in queries.history_of(brief.case_id) if row.what == "next_step")] == [1]


def test_a_case_of_which_no_host_is_told_waits_for_no_other(office: Office) -> None:
    passed, other = office.case(path=PATH, judged=""), office.case(path=PATH, judged="")
    for one in (passed, other):
        services.forward_to_police(one)
    office.work()
    taken_in(office)
    services.follow_holds(office.reached)
    assert (beside(passed), beside(other)) == ([], [])
