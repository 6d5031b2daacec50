"""The worker: claims due jobs, runs them, and reschedules failures with a delay."""

import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.db import DEFAULT_DB_ALIAS, DatabaseError, close_old_connections, connection, connections
from django.db.models import F, Q, QuerySet
from django_scopes import scope

from leeward.backup.queries import is_held
from leeward.foundation.causes import cause_of
from leeward.foundation.clock import next_delay
from leeward.foundation.errors import LeewardError
from leeward.foundation.watch import timed
from leeward.jobs.clockwatch import (
    WATCH,
    WHILE_IN_DOUBT,
    is_in_doubt,
    keep,
    read_clocks,
    settled_by_clock_ahead,
    take_leave,
)
from leeward.jobs.errors import RetryLater
from leeward.jobs.jumps import DEATHS_AT_ONCE, LEASES, URGENT_WAITS, bring_forward, lease_of, wait_after
from leeward.jobs.models import Job
from leeward.jobs.names import take_name
from leeward.jobs.pressure import is_pressed, is_together_late, note_together, rest_seconds
from leeward.jobs.queries import NO_KEY, due_jobs
from leeward.jobs.registry import BESIDE, EVERY, HANDLERS, Handler, WaitsFor, load
from leeward.jobs.services import discard, schedule
from leeward.jobs.together import MOST_SECONDS, finish_all, gathered, put_back, renewed, still_ours
from leeward.sealing.errors import WordsKeyUnusable, WordsLocked
from leeward.tables import are_newer

log = logging.getLogger(__name__)
WHILE_HELD = timedelta(seconds=20)  # how often work that reaches others is looked at again until restoring is confirmed
WHILE_LOCKED = timedelta(minutes=5)  # how often what needs words is tried again in a worker without their key
IDLE_SECONDS, MOST_IDLE_SECONDS = 0.2, 0.8
BEAT_SECONDS = 10.0
TAKES_LEAVE_SECONDS = 2.0
MOST_HUNG = 3  # how often it may exceed its time limit
HUNG = "took_too_long"
LIMIT = 0.9  # of its lease: it is ended before another thread may claim it
MOST_DEATHS = 20  # starts without ever finishing: two days of increasing delays
FREE: dict[str, Any] = {"leased_until": None, "leased_by": ""}
SETTLED: dict[str, Any] = FREE | {"begun": 0}
DONE: dict[str, Any] = SETTLED | {"attempts": 0, "problem": ""}


type Share = Literal["urgent_quick", "urgent", "together_first", "ordinary_first", "all"]
# Two threads run only urgent work, and leave out what may take long through no fault of ours: no slow mail server keeps
# a report from becoming a case, no slow site keeps a page from being sent, and no long report keeps a short one
# waiting.
LEFT_OUT: dict[Share, tuple[WaitsFor, ...]] = {"urgent_quick": ("chosen", "anybody"), "urgent": ("anybody",)}


def claim(now: datetime, owner: str, share: Share = "all") -> Job | None:
    """Lease the longest-waiting job of this share, urgent ones first; None if nothing is due. Two workers never get the
    same job, and none gets one that another has claimed and put back since it was found."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    for job in _due(free, now, share):
        if job.leased_until is not None and _after_death(job, now):
            continue
        lease = lease_of(job.kind)
        as_found = {name: getattr(job, name) for name in ("generation", "due_at", "attempts", "begun")}
        mine = Job.objects.filter(free, id=job.id, dead=False, **as_found)
        if mine.update(leased_until=now + lease, leased_by=owner, begun=F("begun") + 1):
            job.leased_until, job.leased_by = now + lease, owner
            return job
    return None


def _due(free: Q, now: datetime, share: Share) -> Iterator[Job]:
    """Yield what a share may claim, in order."""
    if share in LEFT_OUT:
        due: QuerySet[Job] = Job.objects.filter(free, dead=False, due_at__lte=now).order_by("due_at", "id")
        left_out = [
            handler.kind for handler in HANDLERS.values() if handler.is_long or handler.waits_for in LEFT_OUT[share]
        ]
        yield from due.filter(urgent=True).exclude(kind__in=left_out)[:10]
        return
    if share == "together_first":
        kinds = [handler.kind for handler in HANDLERS.values() if handler.soon]
        found = due_jobs(now, most=10, before_others=kinds)
        yield from sorted(found, key=lambda job: (not job.urgent, job.kind not in kinds))
        return
    found = due_jobs(now, most=10)
    yield from sorted(found, key=lambda job: job.urgent is (share == "ordinary_first"))


def run_claimed(job: Job, now: datetime, owner: str) -> list[Job]:
    """Run a claimed job, together with others that wait where its handler does that, and settle them; return those that were run. While
    reports come in, only what is to be done soon is done together."""
    began, handler = time.monotonic(), HANDLERS.get(job.kind)
    more = gathered(job, now, owner) if handler and (handler.soon or not is_pressed()) else []
    if handler is None or not more:
        run_job(job, now)
        return [job]
    jobs = [job, *more]
    done = _done_together(handler, jobs)
    finished = [one for one in jobs if one.subject_id in done]
    if not finish_all(finished):  # some were requested again while they ran
        still_ours(*finished).update(**DONE)
    left = [one for one in jobs if one.subject_id not in done]
    for number, one in enumerate(left):
        spent = time.monotonic() - began
        if number and spent > MOST_SECONDS:  # other work has waited long enough
            put_back(left[number:])
            break
        if renewed(one, seconds=spent):
            run_job(one, now)
            finished.append(one)
    return finished


def _done_together(handler: Handler, jobs: Sequence[Job]) -> Collection[int]:
    """Return the subjects of the jobs that are done: none where something failed, which each of them then meets alone."""
    assert handler.together
    try:
        with _scope_of(jobs[0]), timed(handler.lease.total_seconds() * LIMIT, jobs[0].pk):
            return handler.together([job.subject_id for job in jobs])
    except (RetryLater, WordsLocked, WordsKeyUnusable):
        return ()
    except Exception:  # nothing that a handler does may end the worker
        log.warning("jobs.not_together", extra={"job": handler.kind, "count": len(jobs)}, exc_info=True)
        return ()


def run_job(job: Job, now: datetime) -> None:
    """Run one leased job and settle its row, unless somebody else has it by now."""
    handler = HANDLERS.get(job.kind)
    if handler is None:
        if are_newer():  # another worker, of the version that made the tables, may know it
            _wait(job, now, now + WHILE_HELD)
        elif job.kind.startswith(EVERY):
            Job.objects.filter(id=job.id).delete()  # this version no longer does it
        else:
            _put_back(job, now, problem="nothing carries out this kind")
        return
    if handler.speaks and is_held():
        _wait(job, now, now + WHILE_HELD)
        return
    if handler.deletes and is_in_doubt():
        _wait(job, now, now + WHILE_IN_DOUBT)
        return
    try:
        with _scope_of(job), timed(handler.lease.total_seconds() * LIMIT, job.pk):
            handler.run() if handler.every else handler.run(job.subject_id)
    except (RetryLater, WordsLocked, WordsKeyUnusable) as later:
        delay, problem = (later.delay, "") if isinstance(later, RetryLater) else (WHILE_LOCKED, NO_KEY)
        _wait(job, now, now + (min(delay, URGENT_WAITS) if job.urgent else delay), problem)
    except Exception as error:  # nothing that a handler does may end the worker
        extra = {
            "job": job.kind,
            "subject_id": job.subject_id,
            "hotline_id": job.hotline_id,
            "attempt": job.attempts + 1,
        }
        log.warning("job.failed", extra=extra, exc_info=True)
        problem = error.code if isinstance(error, LeewardError) else cause_of(error) or type(error).__name__
        if problem == "disk_full" and isinstance(error, DatabaseError):  # no fault of the job
            _wait(job, now, now + URGENT_WAITS)
        else:
            _put_back(job, now, problem=problem, handler=handler)
    else:
        _finish(job, now, handler)


def _scope_of(job: Job) -> AbstractContextManager[object]:
    return scope(hotline=job.hotline_id) if job.hotline_id else nullcontext()


def _wait(job: Job, now: datetime, until: datetime, problem: str = "") -> None:
    """Postpone a job that isn't due yet; this is no failure. An earlier time that somebody requested meanwhile stands."""
    mine, done = still_ours(job), DONE | {"problem": problem}
    if not mine.filter(generation=job.generation).update(due_at=until, set_at=now, **done):
        mine.update(**done)


def _finish(job: Job, now: datetime, handler: Handler) -> None:
    mine = still_ours(job)
    if handler.every:
        mine.update(due_at=now + handler.every, set_at=now, hung=0, **DONE)
    elif not discard(job.pk, generation=job.generation):
        mine.update(**DONE)  # requested again while it ran


def _put_back(job: Job, now: datetime, *, problem: str, handler: Handler | None = None) -> None:
    failed = job.attempts + 1
    wait = next_delay(failed, first=handler.first_delay, most=handler.most_delay) if handler else timedelta()
    still_ours(job).update(
        dead=handler is None or failed >= handler.tries,
        attempts=failed,
        due_at=now + wait,
        set_at=now,
        problem=problem[:200],
        **SETTLED,
    )


def _put_back_hung(job: Job, now: datetime) -> None:
    """Put back a job that exceeded its time limit and was ended with its process: a failed attempt, and after the third
    a person has to look. A repeating one is never abandoned; it waits longer each time, up to a quarter of an hour."""
    handler = HANDLERS.get(job.kind)
    repeats = handler is not None and handler.every is not None
    log.warning("job.hung", extra={"job": job.kind, "subject_id": job.subject_id, "hotline_id": job.hotline_id})
    still_ours(job).update(
        dead=job.hung + 1 >= MOST_HUNG and not repeats,
        attempts=job.attempts + 1,
        hung=job.hung + 1,
        due_at=now + wait_after(job.hung + 1, handler),
        set_at=now,
        problem=HUNG,
        **SETTLED,
    )


def plan_repeating(now: datetime) -> None:
    """Make sure that every repeating job has its row, and that one for each start is due."""
    for handler in HANDLERS.values():
        if handler.every and (handler.at_start or not Job.objects.filter(kind=handler.kind).exists()):
            schedule(handler.kind, subject_id=0, hotline_id=0, due_at=now)


def reclaim(owner: str, now: datetime, hung: frozenset[int] = frozenset()) -> None:
    """Release what `owner` was running when it died, row by row, so that no row is locked while waiting for another.
    What was ended for exceeding its time limit has failed."""
    for job in Job.objects.filter(leased_by=owner, leased_until__isnull=False):
        if job.pk in hung:
            _put_back_hung(job, now)
        elif not _after_death(job, now):
            Job.objects.filter(pk=job.pk, leased_by=owner).update(**FREE)


def _after_death(job: Job, now: datetime) -> bool:
    """Return whether a job whose worker died has to wait. A death is not a failed attempt, since switching a machine
    off also kills running jobs; but a job that was running at several deaths may be their cause. It waits longer each
    time, so that everything else gets done meanwhile, and is finally abandoned; repeating ones never are."""
    if job.begun <= DEATHS_AT_ONCE:
        return False
    handler = HANDLERS.get(job.kind)
    due_at = now + wait_after(job.begun - DEATHS_AT_ONCE, handler)
    given_up = job.begun >= MOST_DEATHS and not (handler and handler.every)
    outcome = FREE | {"due_at": due_at, "set_at": now} | ({"dead": True, "problem": "worker_died"} if given_up else {})
    Job.objects.filter(pk=job.pk, leased_by=job.leased_by, leased_until=job.leased_until).update(**outcome)
    return True


def run_until_idle(now: datetime | None = None, *, most: int = 10_000, repeating: bool = False) -> int:
    """Run everything that is due (at `now`, if given) in this thread; return how many. Repeating jobs only on request."""
    load()
    count = 0
    if repeating:
        plan_repeating(now or datetime.now(UTC))
        for handler in [
            one
            for one in HANDLERS.values()
            if one.every and not (one.speaks and is_held()) and not (one.deletes and is_in_doubt())
        ]:
            handler.run()
    while count < most:
        moment = now or datetime.now(UTC)
        job = claim(moment, "here")
        if job is None:
            return count
        count += len(run_claimed(job, moment, "here"))
    return count


def work(stop: Callable[[], bool], *, threads: int, hung: frozenset[int] = frozenset()) -> None:
    """Work until `stop()` is true, with `threads` threads besides those reserved for urgent work; first release what
    the worker in this one's place was running when it died. One of several threads prefers ordinary work, so that no
    flood of urgent work stops it, and one what is done together, so that a report doesn't wait until all before it are
    prepared."""
    load()
    owner, before = take_name()
    _begin(stop, {owner, before}, hung)
    everything: list[Share] = ["all"] * threads
    if threads > 1:
        everything[0], everything[-1] = "together_first", "ordinary_first"
    crew = [
        threading.Thread(target=_loop, args=(stop, owner, share), name=f"worker-{number}", daemon=True)
        for number, share in enumerate([*LEFT_OUT, *everything])
    ]
    beat = threading.Thread(target=_beat, args=(stop, owner), name="worker-beat", daemon=True)
    others = [
        threading.Thread(target=_beside, args=(stop, seconds, act), name=name.rpartition(".")[2], daemon=True)
        for name, (seconds, act) in BESIDE.items()
    ]
    for thread in [*crew, beat, *others]:
        thread.start()
    for thread in crew:
        while thread.is_alive():
            thread.join(0.5)
    beat.join(TAKES_LEAVE_SECONDS)


def _begin(stop: Callable[[], bool], names: Collection[str], hung: frozenset[int]) -> None:
    """Release what was running here, and plan what repeats, as soon as the database takes it: its disk may be full for a while."""
    while not stop():
        try:
            for name in names:
                reclaim(name, datetime.now(UTC), hung)
            plan_repeating(datetime.now(UTC))
        except DatabaseError:
            log.warning("worker.stumbled", extra={"pid": os.getpid()}, exc_info=True)
            close_old_connections()
            time.sleep(2)
        else:
            return


def _beat(stop: Callable[[], bool], owner: str) -> None:
    """Report every few seconds by the monotonic clock that this worker is alive, and correct for a clock that was set back."""
    beat_at = 0.0
    while not stop():
        if time.monotonic() - beat_at >= BEAT_SECONDS:
            beat_at = time.monotonic()
            try:
                WATCH.look(owner)
                keep(owner, read_clocks())
                bring_forward(datetime.now(UTC))
                LEASES.look(datetime.now(UTC), time.monotonic())
            except Exception:  # the database may be unavailable for a while
                log.warning("worker.stumbled", extra={"pid": os.getpid()}, exc_info=True)
                close_old_connections()
        time.sleep(IDLE_SECONDS)
    try:
        take_leave(owner)
    except Exception:  # then it is missed, as one that died
        log.warning("worker.stumbled", extra={"pid": os.getpid()}, exc_info=True)
    connection.close()


def _beside(stop: Callable[[], bool], seconds: float, act: Callable[[], None]) -> None:
    """Do again and again what a slice asked for."""
    while not stop():
        try:
            _leave_replaced()
            act()
        except Exception:  # the database may be unavailable for a while
            log.warning("worker.stumbled", extra={"pid": os.getpid()}, exc_info=True)
            close_old_connections()
            time.sleep(2)
        time.sleep(seconds)
    connections.close_all()


def _leave_replaced() -> None:
    """Leave the databases beside the main one that were open for long: another file may be in the place of one."""
    for one in connections.all(initialized_only=True):
        if one.alias != DEFAULT_DB_ALIAS:
            one.close_if_unusable_or_obsolete()


def _rest(job: Job, late_seconds: float, spent_seconds: float) -> None:
    """Rest after an ordinary job while reports come in."""
    handler = HANDLERS.get(job.kind)
    is_soon = handler is not None and handler.soon
    if is_soon:
        note_together(late_seconds)
    if is_pressed():
        gives_way = not is_soon and is_together_late()
        time.sleep(rest_seconds(late_seconds, spent_seconds, is_together=is_soon, gives_way=gives_way))


def _loop(stop: Callable[[], bool], owner: str, share: Share = "all") -> None:
    """Work on one share. A thread that finds nothing looks less and less often: the others look meanwhile. Those for
    urgent work always look at once."""
    rests, idle_seconds = share not in LEFT_OUT, IDLE_SECONDS
    while not stop():
        try:
            WATCH.look(owner)
            _leave_replaced()
            seen = read_clocks()
            now = seen.at
            job = claim(now, owner, share)
            if job is not None:
                idle_seconds = IDLE_SECONDS
                began = time.monotonic()
                for one in run_claimed(job, now, owner):
                    settled_by_clock_ahead(one.pk, seen)
                if rests and not job.urgent:
                    _rest(job, (now - job.due_at).total_seconds(), time.monotonic() - began)
                continue
        except Exception:  # the database may be unavailable for a while
            log.warning("worker.stumbled", extra={"pid": os.getpid()}, exc_info=True)
            close_old_connections()
            time.sleep(2)
        time.sleep(idle_seconds)
        if rests:
            idle_seconds = min(2 * idle_seconds, MOST_IDLE_SECONDS)
    connection.close()
