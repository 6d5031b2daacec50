"""No wait for the police, no step and no patience is shorter for a clock that jumped; what a clock that was ahead put off comes forward."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leeward.foundation.actor import Actor
from leeward.jobs.clockwatch import Jump, confirm, is_in_doubt, note
from leeward.jobs.jumps import Leases
from leeward.jobs.models import Job
from leeward.jobs.worker import claim
from leeward.monitoring.models import Watch
from leeward.notices import services
from leeward.notices.models import Message, NoticeCase, Referral
from leeward.notices.services import tell_person
from leeward.notices.timing import rungs
from tests.notices.conftest import ABUSE, POLICE, START, Office
from tests.notices.test_held_beside import letter, opened, release, told
from tests.notices.test_holds import hold
from tests.notices.test_said_of_the_host import due

OWNER = "here:0"
DAY = timedelta(days=1)


def test_the_host_is_told_only_once_the_clock_is_confirmed(office: Office) -> None:
    """Where a person says that it is right now, it was behind when the police's time began: they have the whole of it from then."""
    office.act(office.case())
    office.work()
    note(Jump(office.reached, office.reached + 3 * DAY), OWNER)
    office.work(after=3 * DAY)
    assert (Referral.objects.get().state, office.mails(ABUSE)) == ("waiting", [])
    confirm(Actor("command"), office.reached)
    office.work(after=DAY - timedelta(minutes=7))
    assert (Referral.objects.get().state, office.mails(ABUSE)) == ("waiting", [])
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


def test_a_letter_written_while_the_clock_was_ahead_goes_as_soon_as_it_is_back(office: Office) -> None:
    note(Jump(office.reached, office.reached + DAY), OWNER)
    office.reached += DAY
    office.clock.move_to(office.reached)
    hotline_id, to = office.cast.hotline_id, office.cast["ana"].email
    later = office.reached + timedelta(minutes=30)
    told = tell_person(hotline_id, office.cast["ana"].account_id, what="portal_answered", key="1", path="/desk/")
    assert told == 1
    Message.objects.update(next_at=later)
    Job.objects.filter(kind="notices.deliver").update(due_at=later)
    note(Jump(office.reached, office.reached - DAY), OWNER)
    office.reached -= DAY
    assert Message.objects.get().next_at == later - DAY
    office.work(after=timedelta(minutes=20))
    assert office.mails(to) == []
    office.work(after=timedelta(minutes=10))
    assert len(office.mails(to)) == 1


def test_what_was_to_wait_before_the_clock_was_ahead_waits_as_long(office: Office) -> None:
    office.act(office.case())
    until = office.reached + 2 * timedelta(hours=1)
    Message.objects.update(next_at=until)
    note(Jump(office.reached, office.reached + DAY), OWNER)
    Job.objects.filter(kind="notices.deliver").update(set_at=office.reached + DAY, due_at=office.reached + DAY)
    note(Jump(office.reached + DAY, office.reached), OWNER)
    assert Message.objects.get().next_at == until


def test_steps_of_ladders_and_checks_come_forward_too(office: Office) -> None:
    office.act(office.case())
    office.work()
    notice_case, far = NoticeCase.objects.get(), office.reached + DAY + timedelta(hours=1)
    NoticeCase.objects.update(next_at=far)
    watch = Watch.objects.create(
        hotline_id=notice_case.hotline_id, location_id=notice_case.location_id, since=START, next_at=far
    )
    for kind, subject in (("notices.advance", notice_case.pk), ("monitoring.check", watch.pk)):
        Job.objects.create(
            kind=kind, subject_id=subject, hotline_id=notice_case.hotline_id, due_at=far, set_at=office.reached + DAY
        )
    note(Jump(office.reached + DAY, office.reached), OWNER)
    moved = [*NoticeCase.objects.values_list("next_at", flat=True), *Watch.objects.values_list("next_at", flat=True)]
    assert moved == [far - DAY, far - DAY]
    assert set(Job.objects.filter(due_at=far - DAY).values_list("kind", flat=True)) >= {
        "notices.advance",
        "monitoring.check",
    }


def jump(office: Office, by: timedelta) -> None:
    note(Jump(office.reached, office.reached + by), OWNER)
    office.reached += by
    office.clock.move_to(office.reached)


def test_a_wait_that_began_while_the_clock_was_ahead_ends_as_soon_as_it_would_have(office: Office) -> None:
    jump(office, 40 * DAY)
    case = opened(office)
    jump(office, -40 * DAY)
    ends = letter(case).wait_until
    assert ends is not None
    assert office.reached < ends <= office.reached + DAY
    assert due(case) == [ends]
    office.work(DAY)
    assert told(case) == 1


def test_what_is_added_to_a_letter_of_while_the_clock_was_ahead_goes_within_hours(office: Office) -> None:
    jump(office, 40 * DAY)
    case = opened(office)
    jump(office, -40 * DAY)
    office.work()
    services.forward_to_police(replace(case, judged=""), more="later")
    office.work(DAY)
    assert len(office.mails(POLICE)) == 2


def test_nor_does_a_reminder_wait_for_that_time(office: Office) -> None:
    jump(office, 40 * DAY)
    case = opened(office)
    release(case)
    office.work()
    assert told(case) == 1
    jump(office, -40 * DAY)
    hold(office, letter(case), days=2)
    release(case)
    office.work(9 * DAY)
    assert told(case) > 1


def test_the_police_have_their_whole_time_where_the_clock_was_behind_when_they_were_written_to(office: Office) -> None:
    jump(office, -DAY)
    office.act(office.case())
    office.work()
    assert Referral.objects.get().wait_until is None, "no time begins by a clock that may be wrong"
    jump(office, DAY)
    assert not is_in_doubt()
    assert Referral.objects.get().wait_until == office.reached + DAY
    office.work(after=DAY - timedelta(minutes=7))
    assert office.mails(ABUSE) == []
    office.work(after=timedelta(minutes=5))
    assert len(office.mails(ABUSE)) == 1


@pytest.mark.parametrize("days", [1, 2, 40])
def test_nor_have_they_less_where_it_was_ahead_for_minutes(office: Office, days: int) -> None:
    office.act(office.case())
    office.work()
    until = Referral.objects.get().wait_until
    jump(office, days * DAY)
    office.work()
    jump(office, -days * DAY)
    office.work()
    row = Referral.objects.get()
    assert (row.state, row.wait_until, office.mails(ABUSE)) == ("waiting", until, [])


def test_what_began_just_before_a_jump_was_seen_begins_anew_when_it_is_undone(office: Office) -> None:
    """A process other than the worker can have written by the clock that was behind already."""
    office.reached -= DAY
    office.clock.move_to(office.reached)
    office.act(office.case())
    office.work()
    assert Referral.objects.get().wait_until is not None
    seen_at = office.reached - timedelta(minutes=2)
    note(Jump(seen_at + DAY, seen_at), OWNER)
    jump(office, DAY)
    assert Referral.objects.get().wait_until == office.reached + DAY


def test_no_time_begins_while_one_of_two_workers_has_not_seen_the_clock_come_back(office: Office) -> None:
    for owner in (OWNER, "here:1"):
        note(Jump(office.reached, office.reached - DAY), owner)
    office.reached -= DAY
    office.clock.move_to(office.reached)
    office.act(office.case())
    office.work()
    office.reached += DAY
    office.clock.move_to(office.reached)
    note(Jump(office.reached - DAY, office.reached), OWNER)
    assert (is_in_doubt(), Referral.objects.get().wait_until) == (True, None)
    office.work()
    note(Jump(office.reached - DAY, office.reached), "here:1")
    assert (is_in_doubt(), Referral.objects.get().wait_until) == (False, office.reached + DAY)


def test_a_letter_that_was_held_before_it_went_has_its_time_after_the_hold(office: Office) -> None:
    """Sent by a clock that was behind, it has no wait of its own: what follows the hold counted from that moment."""
    case = opened(office)
    hold(office, letter(case), days=2)
    jump(office, -DAY)
    services.forward_to_police(replace(case, judged=""), more="later")
    office.work(timedelta(hours=7))
    newest = Referral.objects.order_by("pk").last()
    assert newest is not None
    assert (newest.state, newest.wait_until, newest.sent_at is None) == ("held", None, False)
    jump(office, DAY)
    newest.refresh_from_db()
    assert newest.wait_until == office.reached + DAY
    office.work(DAY - timedelta(minutes=10))
    assert told(case) == 0


@pytest.mark.parametrize("confirmed", [False, True])
def test_no_step_of_a_ladder_comes_sooner_for_a_clock_that_was_behind(office: Office, confirmed: bool) -> None:
    office.act(office.case())
    office.work()
    if not confirmed:
        jump(office, -DAY)
    services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    office.work()
    assert len(office.mails(ABUSE)) == 1
    jump(office, DAY)
    office.work()
    assert len(office.mails(ABUSE)) == 1
    if confirmed:
        confirm(Actor("command"), office.reached)
    every = rungs().every
    office.work(every - timedelta(minutes=20))
    assert len(office.mails(ABUSE)) == 1
    office.work(timedelta(minutes=20))
    assert len(office.mails(ABUSE)) == 2


def test_nor_for_one_that_was_ahead_for_minutes(office: Office) -> None:
    office.act(office.case())
    office.work()
    services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    office.work()
    due_before = NoticeCase.objects.get().next_at
    jump(office, DAY)
    office.work()
    assert len(office.mails(ABUSE)) == 1, "nobody knows that it is time"
    jump(office, -DAY)
    office.work()
    assert len(office.mails(ABUSE)) == 1
    next_at = NoticeCase.objects.get().next_at
    assert due_before is not None
    assert next_at is not None
    assert next_at >= due_before


@pytest.mark.parametrize("ahead", [6 * DAY, DAY])
@pytest.mark.parametrize("confirmed", [False, True])
def test_a_clock_that_jumps_gives_no_message_up(office: Office, ahead: timedelta, confirmed: bool) -> None:
    office.act(office.case())
    office.work()
    services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    office.post.defer(ABUSE, times=1000)
    office.work()
    notice = Message.objects.filter(kind="notice")
    if ahead == DAY:
        notice.update(first_try_at=office.reached - 4 * DAY - timedelta(hours=12))
    jump(office, ahead)
    if confirmed:
        confirm(Actor("command"), office.reached)
    office.work()
    assert list(notice.values_list("state", flat=True)) == ["failed"], "one, and it is tried again"
    assert office.mails(ABUSE) == []
    if not confirmed:
        jump(office, -ahead)
        office.work()
        assert list(notice.values_list("state", flat=True)) == ["failed"]
    office.work(6 * DAY)
    assert "dead" in notice.values_list("state", flat=True), "after its days by a clock that is right"


def test_a_letter_that_a_worker_took_while_the_clock_was_ahead_goes_when_that_is_gone(office: Office) -> None:
    note(Jump(office.reached, office.reached + 60 * DAY), "gone:0")
    office.clock.move_to(office.reached + 60 * DAY)
    office.act(office.case())
    assert claim(office.reached + 60 * DAY, "gone:0") is not None
    note(Jump(office.reached + 60 * DAY, office.reached), "gone:0")
    office.work()
    assert office.mails(POLICE) == []
    leases = Leases()
    for seconds in (0.0, 3600.0):
        leases.look(office.reached, seconds)
    office.work()
    assert len(office.mails(POLICE)) == 1
    office.work(timedelta(hours=23))
    assert office.mails(ABUSE) == []
