"""A clock that was put back holds nothing urgent and nothing that repeats."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from leeward.jobs import registry
from leeward.jobs.jumps import URGENT_WAITS, bring_forward, longest_wait
from leeward.jobs.models import Job
from leeward.jobs.registry import Handler
from leeward.jobs.services import schedule
from leeward.jobs.worker import RetryLater, run_until_idle

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BACK = NOW - timedelta(hours=2)
MINUTE, TEN = timedelta(minutes=1), timedelta(minutes=10)
DONE: list[str] = []


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "_loaded", True)
    kept = dict(registry.HANDLERS)
    registry.HANDLERS.clear()
    DONE.clear()
    yield
    registry.HANDLERS.clear()
    registry.HANDLERS.update(kept)


def handles(kind: str, *, every: timedelta | None = None, waits: timedelta | None = None) -> None:
    def run(*_subject: int) -> None:
        if waits is not None:
            raise RetryLater(waits)
        DONE.append(kind)

    registry.HANDLERS[kind] = Handler(kind, run, MINUTE, 1000, timedelta(seconds=20), every)


def test_urgent_work_that_waits_for_its_minute_goes_on_after_a_jump_of_two_hours() -> None:
    handles("test.page")
    schedule("test.page", subject_id=1, hotline_id=0, due_at=NOW + timedelta(seconds=50), urgent=True)
    assert run_until_idle(BACK) == 0, "so it would wait for two hours"
    assert bring_forward(BACK) == 1
    assert run_until_idle(BACK) == 1
    assert DONE == ["test.page"]


def test_what_repeats_goes_on_after_a_jump_by_its_own_interval() -> None:
    handles("every:test.look", every=TEN)
    schedule("every:test.look", subject_id=0, hotline_id=0, due_at=NOW + TEN)
    assert bring_forward(NOW) == 0
    assert bring_forward(NOW - timedelta(seconds=1)) == 1
    assert run_until_idle(NOW) == 1


def test_ordinary_work_and_what_is_within_its_time_stays_where_it_is() -> None:
    handles("test.later")
    handles("test.page")
    schedule("test.later", subject_id=1, hotline_id=0, due_at=NOW)
    schedule("test.page", subject_id=1, hotline_id=0, due_at=BACK + URGENT_WAITS, urgent=True)
    schedule("test.gone", subject_id=1, hotline_id=0, due_at=NOW, urgent=True)
    assert bring_forward(BACK) == 0


def test_urgent_work_that_says_not_yet_is_asked_again_within_a_minute() -> None:
    handles("test.page", waits=TEN)
    schedule("test.page", subject_id=1, hotline_id=0, due_at=NOW, urgent=True)
    handles("test.later", waits=TEN)
    schedule("test.later", subject_id=1, hotline_id=0, due_at=NOW)
    assert run_until_idle(NOW) == 2
    assert dict(Job.objects.values_list("kind", "due_at")) == {"test.page": NOW + MINUTE, "test.later": NOW + TEN}


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        ({}, MINUTE), ({"attempts": 1}, MINUTE), ({"attempts": 4}, timedelta(seconds=160)), ({"hung": 2}, 2 * MINUTE),
        ({"begun": 3}, MINUTE), ({"begun": 6}, 4 * MINUTE), ({"begun": 6, "hung": 4}, 8 * MINUTE),
    ],
)  # fmt: skip
def test_after_failures_it_waits_as_long_as_they_ask(failed: dict[str, int], expected: timedelta) -> None:
    handles("test.page")
    job = Job(kind="test.page", subject_id=1, due_at=NOW, urgent=True, **failed)
    assert longest_wait(job, registry.HANDLERS["test.page"]) == expected
    job.due_at = NOW + expected
    job.save()
    assert bring_forward(NOW) == 0
    assert bring_forward(NOW - timedelta(seconds=1)) == 1


def test_what_a_worker_has_under_way_is_left_to_it() -> None:
    handles("test.page")
    schedule("test.page", subject_id=1, hotline_id=0, due_at=NOW, urgent=True)
    Job.objects.update(leased_until=NOW)
    assert bring_forward(BACK) == 0


def test_what_repeats_is_tried_again_within_a_quarter_of_an_hour_however_long_the_outage_lasts() -> None:
    def fails() -> None:
        raise OSError

    registry.every(timedelta(hours=24))(fails)
    [kind] = registry.HANDLERS
    schedule(kind, subject_id=0, hotline_id=0, due_at=NOW)
    at, waits = NOW, []
    for _try in range(10):
        assert run_until_idle(at) == 1
        due_at = Job.objects.get().due_at
        waits.append(round((due_at - at).total_seconds()))
        at = due_at
    assert waits == [20, 40, 80, 160, 320, 640, 900, 900, 900, 900]
    assert longest_wait(Job.objects.get(), registry.HANDLERS[kind]) == timedelta(hours=24)


@pytest.mark.parametrize(("count", "ended"), [("hung", 9), ("begun", 12)])
@pytest.mark.parametrize(("every", "expected"), [(MINUTE, timedelta(minutes=15)), (None, timedelta(minutes=256))])
def test_what_was_ended_again_and_again_waits_no_longer_than_after_failures_if_it_repeats(
    count: str, ended: int, every: timedelta | None, expected: timedelta
) -> None:
    handles("test.look", every=every)
    job = Job(kind="test.look", subject_id=0, due_at=NOW, **{count: ended})
    assert longest_wait(job, registry.HANDLERS["test.look"]) == expected
