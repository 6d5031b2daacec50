"""What a worker that is gone leased while the clock was ahead is not held for as long as it was ahead."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.jobs import registry
from leeward.jobs.jumps import CHECKED_EVERY_SECONDS, Leases, dismiss
from leeward.jobs.models import Job, WorkerBeat
from leeward.jobs.services import schedule
from leeward.jobs.worker import claim, run_until_idle

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TEN, LEASE = 10 * MINUTE, 600.0
GONE = "gone:0"
AHEAD = NOW + 60 * DAY


@pytest.fixture(autouse=True)
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    monkeypatch.setattr(registry, "_loaded", True)
    kept, kept_movers, done = dict(registry.HANDLERS), dict(registry.MOVERS), list[str]()
    registry.HANDLERS.clear()
    registry.MOVERS.clear()
    registry.job("test.letter", lease=TEN)(lambda _subject: done.append("letter"))
    yield done
    registry.HANDLERS.clear()
    registry.HANDLERS.update(kept)
    registry.MOVERS.clear()
    registry.MOVERS.update(kept_movers)


def leased(*, by: str = GONE, heard: datetime | None = AHEAD) -> Job:
    """A job that was requested and leased while the clock was 60 days ahead; it was put back since."""
    schedule("test.letter", subject_id=1, hotline_id=0, due_at=AHEAD)
    Job.objects.update(set_at=AHEAD)
    if heard is not None:
        WorkerBeat.objects.create(owner=by, at=heard)
    job = claim(AHEAD, by)
    assert job is not None
    return job


def watched(leases: Leases, *, until: float = LEASE + 1, beats: str = "") -> None:
    """Look as a worker does, until so many seconds have passed."""
    seconds = 0.0
    while seconds <= until:
        at = NOW + timedelta(seconds=seconds)
        if beats:
            WorkerBeat.objects.filter(owner=beats).update(at=at)
        leases.look(at, 1000.0 + seconds)
        seconds += CHECKED_EVERY_SECONDS


@pytest.mark.parametrize("heard", [AHEAD, None])
def test_it_is_done_once_it_was_held_for_longer_than_a_lease(done: list[str], heard: datetime | None) -> None:
    leased(heard=heard)
    leases = Leases()
    watched(leases, until=LEASE)
    assert (run_until_idle(NOW + TEN), done) == (0, []), "whoever has it may be at it still"
    leases.look(NOW + TEN + MINUTE, 1000.0 + LEASE + 60)
    assert (run_until_idle(NOW + TEN + MINUTE), done) == (1, ["letter"])


def test_what_a_worker_that_lives_holds_stays_its_own(done: list[str]) -> None:
    job = leased()
    watched(Leases(), until=5 * LEASE, beats=GONE)
    assert Job.objects.get().leased_until == job.leased_until


def test_a_lease_that_is_taken_anew_is_another(done: list[str]) -> None:
    job, leases = leased(), Leases()
    watched(leases, until=LEASE)
    assert job.leased_until is not None
    Job.objects.update(leased_until=job.leased_until + MINUTE)
    leases.look(NOW + TEN + MINUTE, 1000.0 + LEASE + 60)
    assert Job.objects.get().leased_until == job.leased_until + MINUTE


def test_what_ends_in_time_is_left_to_its_end(done: list[str]) -> None:
    schedule("test.letter", subject_id=1, hotline_id=0, due_at=NOW)
    job = claim(NOW + MINUTE, GONE)
    assert job is not None
    watched(Leases())
    assert Job.objects.get().leased_until == job.leased_until == NOW + TEN + MINUTE


@pytest.mark.parametrize(("set_at", "expected"), [(NOW - DAY, NOW + 9 * DAY), (AHEAD, NOW - 51 * DAY)])
def test_only_what_was_put_off_by_that_clock_comes_forward(
    done: list[str], set_at: datetime, expected: datetime
) -> None:
    moved: list[tuple[list[int], timedelta]] = []
    registry.moves_with("test.letter")(lambda ids, _after, by: moved.append((ids, by)))
    leased()
    Job.objects.update(set_at=set_at, due_at=NOW + 9 * DAY)
    dismiss(GONE, Actor("command"), NOW)
    job = Job.objects.get()
    assert (job.due_at, job.leased_until) == (expected, NOW - datetime.resolution)
    assert moved == ([([1], -60 * DAY)] if set_at == AHEAD else [])


def test_who_says_that_a_worker_is_gone_ends_what_it_holds_so_long(done: list[str]) -> None:
    leased()
    schedule("test.letter", subject_id=2, hotline_id=0, due_at=AHEAD)
    Job.objects.filter(subject_id=2).update(set_at=AHEAD)
    others = claim(AHEAD, "other:0")
    assert others is not None
    dismiss(GONE, Actor("command"), NOW)
    assert (run_until_idle(NOW), done) == (1, ["letter"])
    assert Job.objects.get().leased_until == others.leased_until
    assert AuditRow.objects.filter(event="worker.dismissed").count() == 1


def test_what_was_running_at_many_deaths_waits_longer_here_too(done: list[str]) -> None:
    leased()
    Job.objects.update(begun=5)
    dismiss(GONE, Actor("command"), NOW)
    assert (run_until_idle(NOW), done) == (0, [])
    assert NOW < Job.objects.get().due_at <= NOW + TEN
