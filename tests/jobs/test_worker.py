"""Duties: done once asked, again after a failure, never by two at once, and not lost when a worker dies."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext

from leeward.jobs import registry
from leeward.jobs.models import Job
from leeward.jobs.queries import backlog, dead_jobs
from leeward.jobs.registry import Handler
from leeward.jobs.services import cancel, publish_event, retry, schedule
from leeward.jobs.worker import (
    DEATHS_AT_ONCE,
    MOST_DEATHS,
    WHILE_HELD,
    RetryLater,
    Share,
    claim,
    reclaim,
    run_job,
    run_until_idle,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DONE: list[int] = []


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "_loaded", True)  # only the handlers of these tests
    DONE.clear()
    kept = dict(registry.HANDLERS), {event: list(kinds) for event, kinds in registry.SUBSCRIBERS.items()}
    yield
    registry.HANDLERS.clear()
    registry.SUBSCRIBERS.clear()
    registry.HANDLERS.update(kept[0])
    registry.SUBSCRIBERS.update(kept[1])


def handles(kind: str, run: object = DONE.append, tries: int = 3) -> None:
    registry.HANDLERS[kind] = Handler(kind, run, timedelta(minutes=2), tries, timedelta(seconds=10))


@pytest.mark.django_db
def test_what_is_due_is_done_once_and_what_is_not_waits() -> None:
    handles("test.do")
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    schedule("test.do", subject_id=2, hotline_id=0, due_at=NOW + timedelta(hours=1))
    assert run_until_idle(NOW) == 1
    assert run_until_idle(NOW) == 0
    assert DONE == [1]
    assert run_until_idle(NOW + timedelta(hours=2)) == 1


@pytest.mark.django_db
def test_everybody_who_listens_is_told_in_the_same_transaction() -> None:
    handles("test.one")
    handles("test.two", lambda subject: DONE.append(-subject))
    registry.SUBSCRIBERS["thing.happened"] = ["test.one", "test.two"]
    try:
        with transaction.atomic():
            publish_event("thing.happened", subject_id=3, hotline_id=0, now=NOW)
            raise KeyError
    except KeyError:
        pass
    assert run_until_idle(NOW) == 0
    publish_event("thing.happened", subject_id=3, hotline_id=0, now=NOW)
    assert run_until_idle(NOW) == 2
    assert sorted(DONE) == [-3, 3]


@pytest.mark.django_db
def test_asking_twice_is_doing_once_at_the_earlier_time() -> None:
    handles("test.do")
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW + timedelta(hours=5))
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW + timedelta(hours=9))
    assert run_until_idle(NOW) == 1
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_failure_is_tried_again_later_and_later_then_given_up_and_can_be_revived() -> None:
    def fails(_: int) -> None:
        raise OSError

    handles("test.do", fails)
    schedule("test.do", subject_id=1, hotline_id=7, due_at=NOW)
    moments = []
    for _ in range(3):
        job = Job.objects.get()
        moments.append(job.due_at)
        claimed = claim(job.due_at, "me")
        assert claimed is not None
        run_job(claimed, job.due_at)
    assert [(later - NOW).total_seconds() for later in moments] == [0, 10, 30]
    assert [(row.kind, row.problem) for row in dead_jobs(7)] == [("test.do", "OSError")]
    assert dead_jobs(8) == []
    assert backlog(NOW).dead == 1
    assert not retry(Job.objects.get().pk, hotline_id=8)
    assert retry(Job.objects.get().pk, hotline_id=7)
    handles("test.do")
    assert run_until_idle() == 1


@pytest.mark.django_db
def test_asked_for_again_while_running_it_runs_again() -> None:
    def asks_again(subject: int) -> None:
        DONE.append(subject)
        if len(DONE) == 1:
            schedule("test.do", subject_id=subject, hotline_id=0, due_at=NOW)

    handles("test.do", asks_again)
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    assert run_until_idle(NOW) == 2
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_later_is_no_failure() -> None:
    def not_yet(_: int) -> None:
        raise RetryLater(timedelta(minutes=7))

    handles("test.do", not_yet)
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    run_until_idle(NOW)
    job = Job.objects.get()
    assert (job.due_at, job.attempts, job.dead) == (NOW + timedelta(minutes=7), 0, False)


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["done", "asked again", "later", "failed"])
@pytest.mark.parametrize("holder", ["two", "one"])
def test_what_somebody_else_has_by_now_is_settled_by_them(end: str, holder: str) -> None:
    """Another worker, or another thread of this one: the lease was over before the job was."""
    ends: dict[str, Exception] = {"later": RetryLater(timedelta(hours=1)), "failed": ValueError()}

    def lose(subject: int) -> None:
        Job.objects.update(leased_by=holder, leased_until=NOW + timedelta(hours=1))
        if end == "asked again":
            schedule("test.do", subject_id=subject, hotline_id=0, due_at=NOW)
        if end in ends:
            raise ends[end]

    handles("test.do", lose)
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    job = claim(NOW, "one")
    assert job
    run_job(job, NOW)
    rows = Job.objects.values_list("leased_by", "leased_until", "begun", "attempts", "due_at")
    assert list(rows) == ([] if end == "done" else [(holder, NOW + timedelta(hours=1), 1, 0, NOW)])


@pytest.mark.django_db
def test_an_earlier_time_asked_meanwhile_stands() -> None:
    def not_yet(subject: int) -> None:
        DONE.append(subject)
        if len(DONE) == 1:
            schedule("test.do", subject_id=subject, hotline_id=0, due_at=NOW)
            raise RetryLater(timedelta(hours=7))

    handles("test.do", not_yet)
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    assert run_until_idle(NOW) == 2
    assert DONE == [1, 1]


@pytest.mark.django_db
def test_a_dead_workers_job_comes_back_after_its_lease_or_its_restart() -> None:
    handles("test.do")
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    assert claim(NOW, "gone") is not None
    assert claim(NOW + timedelta(minutes=1), "other") is None
    assert claim(NOW + timedelta(minutes=3), "other") is not None
    reclaim("gone", NOW)
    assert claim(NOW + timedelta(minutes=3), "third") is None
    reclaim("other", NOW)
    assert claim(NOW + timedelta(minutes=3), "third") is not None


@pytest.mark.django_db
def test_what_kills_the_worker_again_and_again_keeps_nothing_else_from_being_done() -> None:
    handles("test.do")
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    for death in range(DEATHS_AT_ONCE):
        assert claim(NOW, "slot"), f"begun again at once after {death} deaths"
        reclaim("slot", NOW)
    assert claim(NOW, "slot")
    schedule("test.do", subject_id=2, hotline_id=0, due_at=NOW)
    reclaim("slot", NOW)
    assert run_until_idle(NOW) == 1
    assert DONE == [2]
    for minutes in (1, 3):  # a minute later, then two
        now = NOW + timedelta(minutes=minutes)
        assert claim(now - timedelta(seconds=1), "slot") is None
        assert claim(now, "slot")
        reclaim("slot", now)
    assert run_until_idle(NOW + timedelta(days=1)) == 1
    assert DONE == [2, 1]


def _die(times: int) -> None:
    """Let the worker die so often while it does the one job, each time as soon as that is due."""
    for _ in range(times):
        now = max(NOW, Job.objects.get().due_at)
        assert claim(now, "slot")
        reclaim("slot", now)


@pytest.mark.django_db
def test_what_kills_workers_that_never_come_back_waits_too() -> None:
    handles("test.do")
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    lease = timedelta(minutes=3)
    for death in range(DEATHS_AT_ONCE + 1):
        assert claim(NOW + death * lease, f"slot {death}")
    found = NOW + (DEATHS_AT_ONCE + 1) * lease
    assert claim(found, "next") is None
    assert claim(found + timedelta(minutes=1), "next")


@pytest.mark.django_db
def test_deaths_of_the_worker_are_no_failed_tries() -> None:
    def fails(subject: int) -> None:
        DONE.append(subject)
        if len(DONE) < 3:
            raise OSError

    handles("test.do", fails, tries=3)
    schedule("test.do", subject_id=1, hotline_id=7, due_at=NOW)
    for _ in range(3):  # begun eight times for nothing before each of the three tries
        _die(8)
        run_until_idle(Job.objects.get().due_at + timedelta(days=1))
        assert dead_jobs(7) == []
    assert DONE == [1, 1, 1]
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("every", [None, timedelta(minutes=5)])
def test_what_hangs_has_failed_and_at_the_third_time_a_person_sees_it(every: timedelta | None) -> None:
    handles("test.do", tries=8)
    registry.HANDLERS["test.do"] = replace(registry.HANDLERS["test.do"], every=every)
    schedule("test.do", subject_id=1, hotline_id=7, due_at=NOW)
    for times in (1, 2, 3):
        assert dead_jobs(7) == []
        now = Job.objects.get().due_at
        schedule("test.do", subject_id=2, hotline_id=7, due_at=now)
        hung, beside_it = claim(now, "slot"), claim(now, "slot")
        assert hung is not None
        assert beside_it is not None
        reclaim("slot", now, frozenset([hung.pk]))
        hung.refresh_from_db()
        assert (hung.hung, hung.attempts, hung.begun, hung.leased_until) == (times, times, 0, None)
        assert claim(now, "slot").pk == beside_it.pk  # what was beside it goes on at once
        cancel("test.do", subject_id=2, hotline_id=7)
        reclaim("slot", now, frozenset([hung.pk]))  # a second time changes nothing
    given_up = [(row.subject_id, row.problem) for row in dead_jobs(7)]
    assert given_up == ([] if every else [(hung.subject_id, "took_too_long")])


@pytest.mark.django_db
@pytest.mark.parametrize("every", [None, timedelta(minutes=5)])
def test_what_only_kills_the_worker_is_given_up_at_last_unless_it_repeats(every: timedelta | None) -> None:
    handles("test.do")
    registry.HANDLERS["test.do"] = replace(registry.HANDLERS["test.do"], every=every)
    schedule("test.do", subject_id=1, hotline_id=7, due_at=NOW)
    _die(MOST_DEATHS - 1)
    assert dead_jobs(7) == []
    _die(1)
    given_up = [(row.attempts, row.problem) for row in dead_jobs(7)]
    assert given_up == ([] if every else [(MOST_DEATHS, "worker_died")])
    in_all = Job.objects.get().due_at - NOW
    assert timedelta(hours=3) < in_all < timedelta(hours=4) if every else timedelta(days=1) < in_all < timedelta(days=4)


@pytest.mark.django_db
def test_what_repeats_and_kills_its_worker_each_time_comes_again_every_quarter_of_an_hour() -> None:
    """One death in fifteen minutes: between two of them everything else is done, and what else died with it isn't held back."""
    for kind in ("test.kills", "test.do", "test.other"):
        handles(kind)
    registry.HANDLERS["test.kills"] = replace(registry.HANDLERS["test.kills"], every=timedelta(seconds=30))
    schedule("test.kills", subject_id=0, hotline_id=0, due_at=NOW)
    _die(DEATHS_AT_ONCE + 4)
    waits, done_meanwhile = [], []
    for death in range(6):
        now = Job.objects.get(kind="test.kills").due_at
        schedule("test.do", subject_id=death, hotline_id=0, due_at=now)
        taken = [claim(now, "slot"), claim(now, "slot")]
        assert {job.kind for job in taken if job} == {"test.kills", "test.do"}
        reclaim("slot", now)
        waits.append(Job.objects.get(kind="test.kills").due_at - now)
        schedule("test.other", subject_id=death, hotline_id=0, due_at=now)
        done_meanwhile.append(run_until_idle(now))
    assert waits == 6 * [timedelta(minutes=15)]
    assert done_meanwhile == 6 * [2]


@pytest.mark.django_db
def test_cancelled_is_not_done() -> None:
    handles("test.do")
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    cancel("test.do", subject_id=1, hotline_id=0)
    assert run_until_idle(NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_get_the_same_job() -> None:
    handles("test.do")
    for subject in range(60):
        schedule("test.do", subject_id=subject, hotline_id=0, due_at=NOW)
    got: list[int] = []

    def work() -> None:
        try:
            while (job := claim(NOW, threading.current_thread().name)) is not None:
                got.append(job.subject_id)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got))
    assert claim(NOW, "last") is None or len(got) < 60


@pytest.mark.django_db
def test_what_another_claims_and_puts_back_just_before_us_waits_as_it_said() -> None:
    def fails(_: int) -> None:
        raise OSError

    handles("test.do", fails)
    schedule("test.do", subject_id=1, hotline_id=0, due_at=NOW)
    others: list[Job] = []

    def first(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith("UPDATE") and not others:  # found by us, not yet claimed
            others.append(Job.objects.get())
            other = claim(NOW, "other")
            assert other is not None
            run_job(other, NOW)
        return execute(sql, *rest)

    with connection.execute_wrapper(first):
        assert claim(NOW, "me") is None
    assert others
    job = Job.objects.get()
    assert (job.attempts, job.begun, job.leased_by, job.due_at) == (1, 0, "", NOW + timedelta(seconds=10))


@pytest.mark.django_db
def test_urgent_work_passes_everything_that_waits() -> None:
    handles("test.do")
    for subject in range(20):
        schedule("test.do", subject_id=subject, hotline_id=0, due_at=NOW - timedelta(days=1))
    schedule("test.do", subject_id=99, hotline_id=0, due_at=NOW, urgent=True)
    schedule(
        "test.do", subject_id=7, hotline_id=0, due_at=NOW, urgent=True
    )  # it waits already, and is urgent from now on
    schedule("test.do", subject_id=99, hotline_id=0, due_at=NOW)  # asked for again without a word, it stays urgent
    assert run_until_idle(NOW, most=2) == 2
    assert DONE == [7, 99]


@pytest.mark.django_db
def test_what_is_announced_as_urgent_is_urgent_for_everybody_who_listens() -> None:
    handles("test.one")
    handles("test.two")
    registry.SUBSCRIBERS["thing.happened"] = ["test.one", "test.two"]
    publish_event("thing.happened", subject_id=3, hotline_id=0, now=NOW, urgent=True)
    assert list(Job.objects.values_list("urgent", flat=True)) == [True, True]


SHARES = {  # of what kind each share claims first, then second, …
    "urgent_quick": ["urgent here"],
    "urgent": ["urgent here", "urgent mail"],
    "all": ["urgent here", "urgent mail", "urgent fetch", "urgent long", "ordinary"],
    "ordinary_first": ["ordinary", "urgent here", "urgent mail", "urgent fetch", "urgent long"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("share", SHARES)
def test_threads_kept_for_urgent_work_wait_for_no_slow_server(share: Share) -> None:
    for kind, waits_for in (("here", "nobody"), ("mail", "chosen"), ("fetch", "anybody")):
        handles(f"urgent {kind}")
        registry.HANDLERS[f"urgent {kind}"] = replace(registry.HANDLERS[f"urgent {kind}"], waits_for=waits_for)
    handles("urgent long")
    registry.HANDLERS["urgent long"] = replace(registry.HANDLERS["urgent long"], is_long=True)
    handles("ordinary")
    for number, kind in enumerate(("ordinary", "urgent here", "urgent mail", "urgent fetch", "urgent long")):
        due_at = NOW + timedelta(seconds=number)
        schedule(kind, subject_id=1, hotline_id=0, due_at=due_at, urgent=kind != "ordinary")
    got = []
    while (job := claim(NOW + timedelta(minutes=1), "me", share)) is not None:
        got.append(job.kind)
    assert got == SHARES[share]


@pytest.mark.django_db
def test_claiming_reads_an_index_in_the_order_in_which_it_claims() -> None:
    """With a million jobs due, the next is found without looking at the others."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses its plan by how full the tables are")
    with CaptureQueriesContext(connection) as asked:
        assert claim(NOW, "me") is None
    plans = []
    for query in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plans.append([row[3] for row in cursor.fetchall()])
    [plan] = plans
    assert [step for step in plan if "jobs_job" in step or "B-TREE" in step] == [
        "SEARCH jobs_job USING INDEX job_due_urgent (due_at<?)",
        "SEARCH jobs_job USING INDEX job_due_ordinary (due_at<?)",
    ]


@pytest.mark.django_db
def test_a_repeating_job_that_this_version_no_longer_does_goes_away() -> None:
    schedule("every:quality.of_before", subject_id=0, hotline_id=0, due_at=NOW)
    schedule("test.of_before", subject_id=0, hotline_id=0, due_at=NOW)
    for job in Job.objects.order_by("id"):
        run_job(job, NOW)
    assert [(job.kind, job.dead) for job in Job.objects.all()] == [("test.of_before", True)]


@pytest.mark.django_db
def test_a_worker_of_before_an_upgrade_leaves_what_it_doesnt_know_to_newer_ones() -> None:
    """As where several machines have one database, and one of them was upgraded."""
    MigrationRecorder(connection).record_applied("casework", "0999_new")
    schedule("every:quality.to_come", subject_id=0, hotline_id=0, due_at=NOW)
    schedule("test.to_come", subject_id=0, hotline_id=7, due_at=NOW, urgent=True)
    for job in Job.objects.order_by("id"):
        run_job(job, NOW)
    assert [(job.dead, job.attempts, job.due_at - NOW) for job in Job.objects.all()] == [(False, 0, WHILE_HELD)] * 2
    handles("test.to_come")
    assert run_until_idle(NOW + WHILE_HELD, most=1) == 1
    assert DONE == [0]
