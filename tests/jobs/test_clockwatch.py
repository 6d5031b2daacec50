"""A clock that jumps runs nothing out and parks nothing; the jump is written down, and a person confirms it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.jobs import clockwatch, registry, worker
from leeward.jobs.clockwatch import (
    UNSEEN,
    Jump,
    Reading,
    Settled,
    Watch,
    confirm,
    is_in_doubt,
    jump_between,
    note,
    open_jumps,
)
from leeward.jobs.models import ClockJump, Job, WorkerBeat
from leeward.jobs.services import schedule
from leeward.jobs.worker import run_until_idle
from leeward.site.health import current_alarms

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
OWNER = "here:0"


@pytest.mark.parametrize(
    ("passed", "by_clock", "expected"),
    [
        (HOUR, HOUR, None),
        (HOUR, HOUR + timedelta(seconds=59), None),
        (HOUR, HOUR + MINUTE, MINUTE),
        (HOUR, HOUR - timedelta(seconds=59), None),
        (HOUR, HOUR - MINUTE, -MINUTE),
        (HOUR, HOUR + DAY, DAY),
        (HOUR, -DAY, -DAY - HOUR),
    ],
)
def test_a_jump_is_what_no_time_that_passed_explains(
    passed: timedelta, by_clock: timedelta, expected: timedelta | None
) -> None:
    first = Reading(NOW, 1000.0, "a")
    found = jump_between(first, Reading(NOW + by_clock, 1000.0 + passed.total_seconds(), "a"))
    assert (found.after - found.before if found else None) == expected


@pytest.mark.parametrize(
    ("by_clock", "expected"),
    [(DAY + HOUR - MINUTE, None), (DAY + HOUR, DAY), (HOUR, None), (HOUR - MINUTE, -MINUTE), (-DAY, -DAY - HOUR)],
)
def test_after_a_restart_of_the_machine_only_what_it_ran_is_known(
    by_clock: timedelta, expected: timedelta | None
) -> None:
    found = jump_between(Reading(NOW, 500_000.0, "a"), Reading(NOW + by_clock, HOUR.total_seconds(), "b"))
    assert (found.after - found.before if found else None) == expected


class Machine:
    """A machine whose clock can be set."""

    def __init__(self) -> None:
        self.at, self.running, self.boot_id = NOW, 1000.0, "a"

    def read(self) -> Reading:
        return Reading(self.at, self.running, self.boot_id)

    def passes(self, time: timedelta) -> None:
        self.at, self.running = self.at + time, self.running + time.total_seconds()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(clockwatch, "read_clocks", made.read)
    return made


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    monkeypatch.setattr(registry, "_loaded", True)
    kept, done = dict(registry.HANDLERS), list[str]()
    registry.HANDLERS.clear()
    registry.job("test.later")(lambda _subject: done.append("later"))

    def forget() -> None:
        done.append("forget")

    registry.every(DAY, deletes=True)(forget)
    yield done
    registry.HANDLERS.clear()
    registry.HANDLERS.update(kept)


@pytest.mark.django_db
def test_a_day_ahead_and_back_leaves_everything_as_it_was(machine: Machine, handlers: list[str]) -> None:
    watch = Watch()
    watch.look(OWNER)
    schedule("test.later", subject_id=1, hotline_id=0, due_at=NOW + 2 * DAY)
    Job.objects.update(set_at=NOW)
    machine.passes(HOUR)
    machine.at += DAY
    watch.look(OWNER)
    assert open_jumps() == [Jump(NOW + HOUR, NOW + HOUR + DAY)]
    assert [
        (alarm.code, dict(alarm.values)["after"]) for alarm in current_alarms(machine.at) if "clock" in alarm.code
    ] == [("clock_jumped", "2026-11-25 13:00")]
    schedule("test.later", subject_id=2, hotline_id=0, due_at=machine.at + HOUR)
    Job.objects.filter(subject_id=2).update(set_at=machine.at)
    machine.passes(MINUTE)
    watch.look(OWNER)
    machine.at -= DAY
    watch.look(OWNER)
    assert not is_in_doubt(), "it is undone: nobody has to confirm anything"
    assert ClockJump.objects.count() == 2
    due = dict(Job.objects.values_list("subject_id", "due_at"))
    assert due == {1: NOW + 2 * DAY, 2: NOW + 2 * HOUR}, "only what was put off while the clock was ahead comes forward"
    assert list(AuditRow.objects.filter(event="clock.jumped").values_list("facts", flat=True)) == [
        '{"seconds":86400}',
        '{"seconds":-86400}',
    ]


@pytest.mark.django_db
def test_nothing_is_deleted_until_a_person_confirms_the_clock(machine: Machine, handlers: list[str]) -> None:
    WorkerBeat.objects.create(owner=OWNER, at=NOW, running=500_000.0, boot_id="before")
    machine.at, machine.running = NOW + 30 * DAY, 60.0
    Watch().look(OWNER)  # a machine that was switched on with a wrong clock, or was off for a month
    schedule("every:tests.jobs.test_clockwatch.forget", subject_id=0, hotline_id=0, due_at=NOW)
    [kind] = [kind for kind in registry.HANDLERS if kind.startswith("every:")]
    Job.objects.update(kind=kind)
    schedule("test.later", subject_id=1, hotline_id=0, due_at=NOW)
    run_until_idle(machine.at, repeating=True)
    assert handlers == ["later"]
    assert Job.objects.get().due_at == machine.at + clockwatch.WHILE_IN_DOUBT
    assert confirm(Actor("command"), machine.at) == 1
    assert not is_in_doubt()
    assert confirm(Actor("command"), machine.at) == 0
    assert AuditRow.objects.get(event="clock.confirmed").facts == '{"jumps":1}'
    run_until_idle(machine.at + clockwatch.WHILE_IN_DOUBT)
    assert handlers == ["later", "forget"]


@pytest.mark.django_db
def test_who_comes_after_one_killed_while_the_clock_was_ahead_sees_it_come_back(machine: Machine) -> None:
    """Killed before its next beat, it left the beat of before: the clock seemed never to have come back, and waited for a person."""
    WorkerBeat.objects.create(owner=OWNER, at=NOW, running=machine.running, boot_id=machine.boot_id)
    machine.passes(MINUTE)
    machine.at += DAY
    Watch().look(OWNER)
    assert is_in_doubt()
    machine.passes(MINUTE)
    machine.at -= DAY
    Watch().look(OWNER)
    assert not is_in_doubt()
    assert ClockJump.objects.count() == 2


@pytest.mark.django_db
def test_a_small_correction_is_written_down_and_holds_nothing(machine: Machine) -> None:
    watch = Watch()
    watch.look(OWNER)
    machine.at += 4 * MINUTE
    watch.look(OWNER)
    assert ClockJump.objects.count() == 1
    assert not is_in_doubt()
    machine.at += 6 * MINUTE
    watch.look(OWNER)
    assert is_in_doubt()


@pytest.mark.django_db
def test_what_a_wrong_clock_set_is_mended_once_it_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    registry.load()  # else those of the slices are registered in the list of this test
    settled: list[Settled] = []
    monkeypatch.setattr(clockwatch, "MENDERS", [settled.append])
    note(Jump(NOW, NOW + 4 * MINUTE), OWNER)
    assert settled == [], "too little to be in doubt"
    note(Jump(NOW, NOW - DAY), OWNER)
    assert settled == []
    note(Jump(NOW - DAY + HOUR, NOW + HOUR), OWNER)
    assert settled == [Settled(NOW + HOUR, NOW - DAY - UNSEEN, (NOW - DAY + HOUR, DAY))]
    note(Jump(NOW + HOUR, NOW + DAY), OWNER)
    note(Jump(NOW + DAY + HOUR, NOW + 2 * HOUR), OWNER)
    assert settled[1:] == [Settled(NOW + 2 * HOUR, NOW + 2 * HOUR - UNSEEN)], "it was never behind"
    note(Jump(NOW, NOW + DAY), OWNER)
    confirm(Actor("command"), NOW + DAY)
    assert settled[2:] == [Settled(NOW + DAY, None, (NOW, DAY))], "whatever it set before may be wrong"


def test_the_clock_that_nobody_sets_goes_on() -> None:
    first = clockwatch.read_clocks()
    then = clockwatch.read_clocks()
    assert first.boot_id == then.boot_id
    assert 0 <= then.running - first.running < 60
    assert jump_between(first, then) is None


def test_a_container_that_is_started_anew_runs_by_the_clock_of_its_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clockwatch, "BOOT_ID", tmp_path / "boot_id")
    monkeypatch.setattr(clockwatch, "CONTAINER", tmp_path / "container")
    monkeypatch.setattr(clockwatch.time, "clock_gettime", lambda _clock: 500_000.0)
    seen = []
    for start in ("a", "b"):
        (tmp_path / "boot_id").write_text(f"{start}\n")
        seen.append(clockwatch.read_clocks())
    assert jump_between(*seen) is not None, "a machine would have been running for days since"
    (tmp_path / "container").write_text("lxc\n")
    for start in ("a", "b"):
        (tmp_path / "boot_id").write_text(f"{start}\n")
        seen.append(clockwatch.read_clocks())
    assert jump_between(*seen[2:]) is None


def test_without_the_number_of_a_start_a_machine_that_ran_for_less_was_started_anew() -> None:
    last = Reading(NOW, 500_000.0, "")
    assert jump_between(last, Reading(NOW + MINUTE, 60.0, "")) is None
    assert jump_between(last, Reading(NOW + MINUTE, 500_000.0, "")) == Jump(NOW, NOW + MINUTE)


def test_a_kernel_without_that_clock_stops_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_clock: int) -> float:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(clockwatch.time, "clock_gettime", refused)
    monkeypatch.setattr(clockwatch, "BOOT_ID", Path("/nowhere"))
    first, then = clockwatch.read_clocks(), clockwatch.read_clocks()
    assert jump_between(first, then) is None


def test_keys_of_words_are_not_swept_by_a_clock_that_may_be_wrong() -> None:
    registry.load()
    assert registry.HANDLERS["every:site.sweep_word_keys"].deletes


def test_the_worker_looks_at_the_clocks_before_it_claims_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(worker, "WATCH", SimpleNamespace(look=lambda owner: seen.append(f"look {owner}")))
    monkeypatch.setattr(worker, "claim", lambda *_given: seen.append("claim"))
    monkeypatch.setattr(worker, "connection", SimpleNamespace(close=lambda: None))
    worker._loop(lambda: "claim" in seen, OWNER)
    assert seen == [f"look {OWNER}", "claim"]


@pytest.mark.django_db
def test_a_job_that_ran_while_the_clock_was_put_back_is_asked_again_at_once(machine: Machine) -> None:
    machine.at += DAY
    began = clockwatch.read_clocks()
    schedule("test.later", subject_id=1, hotline_id=0, due_at=machine.at)
    Job.objects.update(due_at=machine.at + HOUR, set_at=machine.at)
    machine.passes(MINUTE)
    clockwatch.settled_by_clock_ahead(Job.objects.get().pk, began)
    assert Job.objects.get().due_at == began.at + HOUR, "no jump: nothing moves"
    machine.at -= DAY
    clockwatch.settled_by_clock_ahead(Job.objects.get().pk, began)
    assert Job.objects.get().due_at == NOW + MINUTE, "what it counted from, and until when, nobody knows"
    Job.objects.update(due_at=NOW + HOUR, set_at=machine.at)
    clockwatch.settled_by_clock_ahead(Job.objects.get().pk, began)
    assert Job.objects.get().due_at == NOW + HOUR, "only what was put off by the clock that was ahead"
