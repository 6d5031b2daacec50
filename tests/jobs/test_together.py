"""Jobs of one kind that wait are done together, where their handler does that."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import get_scope

from leeward.jobs import registry
from leeward.jobs.models import Job
from leeward.jobs.registry import Handler
from leeward.jobs.services import schedule
from leeward.jobs.together import MOST, gathered
from leeward.jobs.worker import claim, run_claimed, run_until_idle

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Doer:
    """Notes what it is asked: numbers above 100 it leaves to be done alone, and with 999 it fails."""

    def __init__(self) -> None:
        self.together: list[list[int]] = []
        self.alone: list[int] = []
        self.meanwhile: list[int] = []

    def do_all(self, subjects: Sequence[int]) -> set[int]:
        self.together.append(list(subjects))
        for subject in self.meanwhile:
            schedule("test.do", subject_id=subject, hotline_id=get_scope()["hotline"], due_at=NOW)
        self.meanwhile.clear()
        if 999 in subjects:
            raise ValueError
        return {subject for subject in subjects if subject < 100}

    def do(self, subject: int) -> None:
        self.alone.append(subject)
        if subject == 999:
            raise ValueError


@pytest.fixture
def doer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Doer]:
    monkeypatch.setattr(registry, "_loaded", True)  # only the handlers of these tests
    made, kept = Doer(), dict(registry.HANDLERS)
    registry.HANDLERS.clear()
    lease, delay = timedelta(minutes=2), timedelta(seconds=10)
    registry.HANDLERS["test.do"] = Handler("test.do", made.do, lease, 3, delay, together=made.do_all, soon=True)
    registry.HANDLERS["test.other"] = Handler("test.other", lambda _subject: None, lease, 3, delay)
    yield made
    registry.HANDLERS.clear()
    registry.HANDLERS.update(kept)


def ask(*subjects: int, kind: str = "test.do", hotline_id: int = 7, urgent: bool = False) -> None:
    for subject in subjects:
        schedule(kind, subject_id=subject, hotline_id=hotline_id, due_at=NOW, urgent=urgent)


def test_what_waits_is_done_together_and_the_rest_alone(doer: Doer) -> None:
    ask(1, 2, 101, 3)
    assert run_until_idle(NOW) == 4
    assert (doer.together, doer.alone) == ([[1, 2, 3, 101]], [101])
    assert not Job.objects.exists()


def test_no_two_hotlines_are_mixed_and_what_is_urgent_goes_first_and_alone(doer: Doer) -> None:
    ask(1, 2)
    ask(3, 4, hotline_id=8)
    ask(5, 6, urgent=True)
    ask(7, 8, kind="test.other")
    assert run_until_idle(NOW) == 8
    assert (doer.alone, doer.together) == ([5, 6], [[1, 2], [3, 4]])


def test_what_failed_or_met_a_death_is_done_alone_and_what_is_not_due_waits(doer: Doer) -> None:
    ask(*range(1, 8))
    for subject, change in {
        2: {"attempts": 1},
        3: {"begun": 1},
        4: {"hung": 1},
        5: {"dead": True},
        6: {"due_at": NOW + timedelta(hours=1)},
    }.items():
        Job.objects.filter(subject_id=subject).update(**change)
    run_until_idle(NOW)
    assert (doer.together, doer.alone) == ([[1, 7]], [2, 3, 4])
    assert sorted(Job.objects.values_list("subject_id", flat=True)) == [5, 6]


def test_where_they_fail_together_each_is_tried_alone(doer: Doer) -> None:
    ask(1, 999, 2)
    assert run_until_idle(NOW) == 3
    assert (doer.together, doer.alone) == ([[1, 2, 999]], [1, 2, 999])
    assert list(Job.objects.values_list("subject_id", "attempts", "begun", "leased_by")) == [(999, 1, 0, "")]


def test_one_that_was_asked_for_again_meanwhile_is_done_again(doer: Doer) -> None:
    ask(1, 2)
    doer.meanwhile = [2]
    assert run_until_idle(NOW) == 3
    assert (doer.together, doer.alone) == ([[1, 2]], [2])
    assert not Job.objects.exists()


def test_two_workers_never_get_the_same_and_none_too_many(doer: Doer) -> None:
    ask(*range(1, MOST + 11))
    first = claim(NOW, "one")
    assert first
    mine = gathered(first, NOW, "one")
    second = claim(NOW, "two")
    assert second
    others = gathered(second, NOW, "two")
    assert len(mine) == MOST - 1
    assert len(others) == 9
    assert len({job.pk for job in (first, second, *mine, *others)}) == MOST + 10
    assert set(Job.objects.values_list("leased_until", "begun")) == {(NOW + timedelta(minutes=2), 1)}
    assert claim(NOW, "three") is None


def test_a_lease_that_somebody_else_has_by_now_is_left_to_them(doer: Doer) -> None:
    ask(101, 102)
    first = claim(NOW, "one")
    assert first

    def lose(_subjects: Sequence[int]) -> set[int]:
        Job.objects.filter(subject_id=102).update(leased_by="two")
        return set()

    doer_alone = registry.HANDLERS["test.do"].run
    registry.HANDLERS["test.do"] = Handler(
        "test.do", doer_alone, timedelta(minutes=2), 3, timedelta(seconds=10), together=lose
    )
    run_claimed(first, NOW, "one")
    assert doer.alone == [101]
    assert list(Job.objects.values_list("subject_id", "leased_by")) == [(102, "two")]


def test_a_lease_that_somebody_else_has_is_left_to_them_where_it_was_asked_for_again(doer: Doer) -> None:
    ask(1, 2)
    first = claim(NOW, "one")
    assert first

    def lose(subjects: Sequence[int]) -> set[int]:
        ask(1, 2)
        Job.objects.filter(subject_id=2).update(leased_by="two")
        return set(subjects)

    registry.HANDLERS["test.do"] = replace(registry.HANDLERS["test.do"], together=lose)
    run_claimed(first, NOW, "one")
    rows = Job.objects.order_by("subject_id").values_list("subject_id", "leased_by", "begun")
    assert list(rows) == [(1, "", 0), (2, "two", 1)]


def test_what_need_not_be_soon_is_done_alone_while_reports_come_in(doer: Doer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two of a batch no thread rests: one at a time is less to wait for."""
    monkeypatch.setattr("leeward.jobs.worker.is_pressed", lambda: True)
    registry.HANDLERS["test.do"] = replace(registry.HANDLERS["test.do"], soon=False)
    ask(1, 2)
    assert run_until_idle(NOW) == 2
    assert (doer.together, doer.alone) == ([], [1, 2])
    registry.HANDLERS["test.do"] = replace(registry.HANDLERS["test.do"], soon=True)
    ask(1, 2)
    assert run_until_idle(NOW) == 2
    assert (doer.together, doer.alone) == ([[1, 2]], [1, 2])


def test_what_is_left_after_some_seconds_waits_its_turn(doer: Doer, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them is done alone, so that what always fails is given up one day; nobody else waits for the rest."""
    monkeypatch.setattr("leeward.jobs.worker.MOST_SECONDS", -1.0)
    ask(1, 101, 102, 103)
    job = claim(NOW, "one")
    assert job
    assert [one.subject_id for one in run_claimed(job, NOW, "one")] == [1, 101]
    assert doer.alone == [101]
    rows = Job.objects.order_by("subject_id").values_list(
        "subject_id", "leased_until", "leased_by", "begun", "attempts"
    )
    assert list(rows) == [(102, None, "", 0, 0), (103, None, "", 0, 0)]


def test_one_thread_takes_these_before_older_work_and_urgent_work_before_both(doer: Doer) -> None:
    ask(*range(1, 21), kind="test.other")
    Job.objects.update(due_at=NOW - timedelta(hours=1))
    ask(1, 2)
    assert (found := claim(NOW, "all")) is not None
    assert found.kind == "test.other"
    assert (found := claim(NOW, "first", "together_first")) is not None
    assert (found.kind, found.subject_id) == ("test.do", 1)
    ask(3, kind="test.other", hotline_id=8, urgent=True)
    assert (found := claim(NOW, "first", "together_first")) is not None
    assert found.urgent
