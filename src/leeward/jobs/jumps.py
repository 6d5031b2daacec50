"""Keeps urgent and repeating jobs going after the clock was set back.

Jobs wait until a time, and after a backward jump they would all wait that much longer. Except after failures, no urgent
job waits for more than a minute at a time, and no repeating one for more than its interval; so one that would wait
longer is due now.

A lease is over by the clock as well: one that was taken 60 days ahead would hold its job for as long, and a letter to the police with it.
No work lasts longer than its lease without a sign of life, so what stays leased for that long, by the clock that nobody sets, to a worker
that says nothing, is lost.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.clock import next_delay
from leeward.jobs.clockwatch import NOTED, SUBJECT, come_forward
from leeward.jobs.models import Job, WorkerBeat
from leeward.jobs.queries import SILENT
from leeward.jobs.registry import HANDLERS, MOST_BETWEEN_REPEATS, Handler

# A job that says that it isn't time yet is asked again after this long.
URGENT_WAITS = timedelta(minutes=1)
AFTER_DEATHS = timedelta(minutes=1)
MOST_DELAY = timedelta(hours=6)
DEATHS_AT_ONCE = 3  # how often it is restarted at once
_MOST = 500
CHECKED_EVERY_SECONDS = 60.0
_WITHOUT_HANDLER = timedelta(minutes=1)


def bring_forward(now: datetime) -> int:
    """Make due every job that would wait longer than it ever should; return how many."""
    far = Job.objects.filter(dead=False, leased_until__isnull=True, due_at__gt=now + URGENT_WAITS)
    repeating = [kind for kind, handler in HANDLERS.items() if handler.every is not None]
    rows = [*far.filter(urgent=True)[:_MOST], *far.filter(urgent=False, kind__in=repeating)]
    held = [
        job for job in rows if (handler := HANDLERS.get(job.kind)) and job.due_at > now + longest_wait(job, handler)
    ]
    waiting = Job.objects.filter(pk__in=[job.pk for job in held], leased_until__isnull=True, due_at__gt=now)
    return waiting.update(due_at=now)


def longest_wait(job: Job, handler: Handler) -> timedelta:
    """Return how long an urgent or repeating job may have to wait from now: its minute or interval, or the back-off
    after its failures."""
    found = [handler.every or URGENT_WAITS]
    if job.attempts:
        found.append(next_delay(job.attempts, first=handler.first_delay, most=handler.most_delay))
    if job.hung or job.begun > DEATHS_AT_ONCE:
        ended = max(job.hung, job.begun - DEATHS_AT_ONCE)
        found.append(wait_after(ended, handler))
    return max(found)


def wait_after(ended: int, handler: Handler | None) -> timedelta:
    """Return how long a job waits that was ended so many times, by its time limit or with its worker: longer each time, and one that
    repeats no longer than after a failure."""
    repeats = handler is not None and handler.every is not None
    return next_delay(ended, first=AFTER_DEATHS, most=MOST_BETWEEN_REPEATS if repeats else MOST_DELAY)


class Leases:
    """Watches, for one process, the leases that were taken while the clock was ahead."""

    def __init__(self) -> None:
        self._checked_at: float | None = None
        self._since: dict[tuple[int, str, datetime | None], float] = {}

    def look(self, now: datetime, running: float) -> None:
        """End those that have been there, as they are, for longer than they may last. `running`: seconds by a clock that nobody sets."""
        if self._checked_at is not None and running - self._checked_at < CHECKED_EVERY_SECONDS:
            return
        self._checked_at = running
        found = {(job.pk, job.leased_by, job.leased_until): job for job in _ahead(now)}
        self._since = {key: self._since.get(key, running) for key in found}
        lasted = [job for key, job in found.items() if running - self._since[key] > lease_of(job.kind).total_seconds()]
        beats = WorkerBeat.objects.filter(owner__in={job.leased_by for job in lasted}, left_at=None)
        living = {beat.owner for beat in beats if abs(now - beat.at) <= SILENT}
        _end((job for job in lasted if job.leased_by not in living), now)


LEASES = Leases()


def lease_of(kind: str) -> timedelta:
    """Return for how long a job of a kind is leased at most."""
    handler = HANDLERS.get(kind)
    return handler.lease if handler else _WITHOUT_HANDLER


def dismiss(owner: str, actor: Actor, now: datetime) -> None:
    """Let a person say that a worker that is silent was taken away on purpose: nobody misses it until it is heard again, and it holds no
    job longer than a lease may last."""
    with hotline_transaction(INSTALLATION):
        if WorkerBeat.objects.filter(owner=owner, left_at=None).update(left_at=now):
            record("worker.dismissed", actor=actor, hotline_id=None, subject=SUBJECT, now=now)
    _end((job for job in _ahead(now) if job.leased_by == owner), now)


def _ahead(now: datetime) -> list[Job]:
    rows = Job.objects.filter(dead=False, leased_until__gt=now + NOTED)
    return [job for job in rows if job.leased_until and job.leased_until > now + lease_of(job.kind) + NOTED]


def _end(jobs: Iterable[Job], now: datetime) -> None:
    """End these leases, and let come forward what was put off by the clock that they were taken by, as far as that was surely ahead."""
    for job in jobs:
        assert job.leased_until is not None
        with hotline_transaction(INSTALLATION):
            still = Job.objects.filter(pk=job.pk, leased_by=job.leased_by, leased_until=job.leased_until)
            if still.update(leased_until=now - datetime.resolution):
                ahead = job.leased_until - lease_of(job.kind) - now
                come_forward(Job.objects.filter(pk=job.pk, set_at__gt=now), now=now, by=-ahead)
