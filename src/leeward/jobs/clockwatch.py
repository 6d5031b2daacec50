"""Notices that the machine's clock jumped: its time against how long the machine has been running, which nobody sets.

A jump is written down before any further job is claimed. After a jump back, what was put off while the clock was ahead comes
forward by as much. Until the clock has gone back by as much as it jumped, or somebody has confirmed that it is right, no wait for
the police begins or ends, no case is taken from whoever holds it, and nothing is deleted because it is old. Then each slice mends what
the wrong clock may have set (`when_settled`).
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path

from django.db.models import DurationField, Exists, Expression, ExpressionWrapper, F, Max, Min, QuerySet, Sum
from django_scopes import scope

from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.jobs.models import ClockJump, Job, WorkerBeat
from leeward.jobs.registry import MOVERS, load

NOTED = timedelta(minutes=1)
DOUBTED = timedelta(minutes=5)
UNSEEN = timedelta(minutes=5)  # a jump is written down sooner than this after it
# How soon what waits for somebody to confirm the clock is looked at again.
WHILE_IN_DOUBT = timedelta(minutes=5)
OFF = timedelta(days=1)  # a machine that was off for longer may have come up with a wrong clock
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# There in a container of systemd's or LXC: its start has a name of its own, but how long it has been running is the host's.
CONTAINER = Path("/run/systemd/container")
SUBJECT = "installation:1"
AT_ONCE = 500  # how many rows beside their jobs are moved by one statement


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock said, for how many seconds the machine had been running (also asleep), and since which start of it."""

    at: datetime
    running: float
    boot_id: str


@dataclass(frozen=True, slots=True)
class Jump:
    """What the clock should have said, and what it said."""

    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """That the clock is right again, at `now`, by jumps that undid each other, or because somebody said so. What it set at `since` or later
    may be wrong, whatever it said then; None: all of it. `behind`: until when it was behind, by what it said then, and by how much."""

    now: datetime
    since: datetime | None = None
    behind: tuple[datetime, timedelta] | None = None


type Mender = Callable[[Settled], None]
MENDERS: list[Mender] = []


def when_settled(function: Mender) -> Mender:
    """Register what mends the moments that a wrong clock may have set: called in the transaction in which jumps are settled, outside any
    hotline's scope. Others may be open still (`is_in_doubt`)."""
    MENDERS.append(function)
    return function


def read_clocks() -> Reading:
    """Return what the clocks say now."""
    try:
        running = time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
    except OSError:  # this kernel hasn't got it: then a sleep of the machine looks like a jump
        running = time.monotonic()
    try:
        boot_id = "" if CONTAINER.exists() else BOOT_ID.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        boot_id = ""
    return Reading(datetime.now(UTC), running, boot_id)


def jump_between(first: Reading, then: Reading) -> Jump | None:
    """Return the jump between two readings, or None. After the machine was started anew, nobody knows for how long it was off:
    a clock that is behind jumped, and one that is a day ahead of the time it ran may have."""
    if first.boot_id == then.boot_id and then.running >= first.running:
        should_be, most = first.at + timedelta(seconds=then.running - first.running), NOTED
    else:
        should_be, most = first.at + timedelta(seconds=then.running), OFF
    gap = then.at - should_be
    return Jump(should_be, then.at) if gap >= most or gap <= -NOTED else None


class Watch:
    """Compares the clocks for one process."""

    def __init__(self) -> None:
        self._last: Reading | None = None
        self._lock = threading.Lock()

    def look(self, owner: str) -> None:
        """Write a jump down, if there was one since this process, or the one before it of this owner, looked last."""
        with self._lock:
            now = read_clocks()
            last = self._last or _kept(owner)
            jump = jump_between(last, now) if last is not None else None
            if jump is not None:
                # Together: whoever comes after this process, killed before its next beat, must see the way back.
                with hotline_transaction(INSTALLATION):
                    note(jump, owner)
                    keep(owner, now)
            self._last = now


WATCH = Watch()


def note(jump: Jump, owner: str) -> None:
    """Write a jump down, as a row and in the log; let come forward what was put off while the clock was ahead."""
    size = jump.after - jump.before
    with hotline_transaction(INSTALLATION):
        ClockJump.objects.create(owner=owner, before=jump.before, after=jump.after)
        facts = {"seconds": round(size.total_seconds())}
        record("clock.jumped", actor=SYSTEM, hotline_id=None, subject=SUBJECT, facts=facts, now=jump.after)
        if size < timedelta():
            put_off = Job.objects.filter(set_at__gt=jump.after, dead=False, leased_until__isnull=True)
            come_forward(put_off, now=jump.after, by=size)
        open_ones = ClockJump.objects.filter(owner=owner, settled_at__isnull=True)
        jumps = [Jump(row.before, row.after) for row in open_ones.order_by("id")]
        left = sum((one.after - one.before for one in jumps), timedelta())
        if abs(left) < DOUBTED:
            open_ones.update(settled_at=jump.after)
            if len(jumps) > 1:  # one alone never was in doubt
                _mend(_undone(jumps))


def _undone(jumps: Sequence[Jump]) -> Settled:
    """Return what follows from jumps that undid each other, oldest first."""
    off, least = timedelta(), timedelta()
    for one in jumps:
        off += one.after - one.before
        least = min(off, least)
    behind = (jumps[-1].before, -least) if least < timedelta() else None
    return Settled(jumps[-1].after, min(one.after for one in jumps) - UNSEEN, behind)


def _mend(settled: Settled) -> None:
    load()
    for mend in MENDERS:
        mend(settled)


def settled_by_clock_ahead(job_id: int, began: Reading) -> None:
    """Ask a job again at once that ran while the clock was put back, and let come forward what it waits for: it may have counted from
    when it began, or until a moment that was set before."""
    now = read_clocks()
    jump = jump_between(began, now)
    if jump is not None and jump.after < jump.before:
        with hotline_transaction(INSTALLATION):
            put_off = Job.objects.filter(pk=job_id, set_at__gt=now.at, dead=False, leased_until__isnull=True)
            ids = list(put_off.values_list("pk", flat=True))
            come_forward(put_off, now=now.at, by=jump.after - jump.before)
            Job.objects.filter(pk__in=ids).update(due_at=now.at)


def come_forward(put_off: QuerySet[Job], *, now: datetime, by: timedelta) -> None:
    """Move jobs, and what waits for a moment of its own beside its job, by as much as the clock was put back."""
    load()
    for kind, move in MOVERS.items():
        subjects: dict[int, list[int]] = defaultdict(list)
        for hotline_id, subject_id in put_off.filter(kind=kind).values_list("hotline_id", "subject_id"):
            subjects[hotline_id].append(subject_id)
        for hotline_id, ids in subjects.items():
            with scope(hotline=hotline_id):
                for some in batched(ids, AT_ONCE):
                    move(list(some), now - by / 2, by)  # what was set before the clock was ahead is sooner
    put_off.update(due_at=F("due_at") + by, set_at=now)


def confirm(actor: Actor, now: datetime) -> int:
    """Let a person say that the clock is right now; return how many jumps that settles."""
    with hotline_transaction(INSTALLATION):
        behind = _went_ahead()
        settled = ClockJump.objects.filter(settled_at__isnull=True).update(settled_at=now, settled_by=actor.label[:40])
        if settled:
            record("clock.confirmed", actor=actor, hotline_id=None, subject=SUBJECT, facts={"jumps": settled}, now=now)
            _mend(Settled(now, behind=behind))
    return settled


def _went_ahead() -> tuple[datetime, timedelta] | None:
    """Return until when the clock was behind, by what it said then, and by how much, if it is right now: by the jumps that nobody has
    confirmed, of whichever process saw most of them. None where it wasn't behind."""
    gap = Sum(ExpressionWrapper(F("after") - F("before"), DurationField()))
    seen = _unsettled().values("owner").annotate(gap=gap, until=Min("before")).values_list("until", "gap")
    most = max(seen, key=lambda one: one[1], default=None)
    return most if most is not None and most[1] > timedelta() else None


def open_jumps() -> list[Jump]:
    """Return the jumps that nobody has confirmed and that were not undone, oldest first."""
    rows = ClockJump.objects.filter(settled_at__isnull=True).order_by("id")[:100]
    return [Jump(row.before, row.after) for row in rows]


def is_in_doubt() -> bool:
    """Return whether nobody knows if the clock is right: then the time that passed by it ends no wait and deletes nothing."""
    return _unsettled().exists()


def doubts(*, that: Expression | None = None) -> Exists:
    """Return the same as an expression for a query that is asked anyway; or whether it is in doubt `that` this moment, an expression of the
    other query, has come: it had not before the clock jumped."""
    return Exists(_unsettled() if that is None else _unsettled().filter(before__lt=that))


def settled_last() -> datetime | None:
    """Return when a jump was last undone or confirmed: how much time passed before, the clock doesn't tell. None if there was none."""
    found: datetime | None = ClockJump.objects.aggregate(last=Max("settled_at"))["last"]
    return found


def is_sure(at: datetime, now: datetime) -> bool:
    """Return whether it is known how long ago a moment was that the clock said: it was in doubt neither then nor since."""
    settled_at = settled_last()
    return at <= now and not is_in_doubt() and (settled_at is None or settled_at < at)


def trusted_now(now: datetime) -> datetime:
    """Return the latest moment that has surely come: `now`, or while that is in doubt what the clock should have said before it jumped."""
    first: datetime | None = _unsettled().aggregate(first=Min("before"))["first"]
    return now if first is None else min(now, first)


def _unsettled() -> "QuerySet[ClockJump]":
    return ClockJump.objects.filter(settled_at__isnull=True)


def keep(owner: str, seen: Reading) -> None:
    """Write down what a worker read last, for whoever comes after it; that it is alive, too."""
    values = {"at": seen.at, "running": seen.running, "boot_id": seen.boot_id[:40], "left_at": None}
    WorkerBeat.objects.update_or_create(owner=owner, defaults=values)


def take_leave(owner: str) -> None:
    """Write down that a worker ends as it should."""
    WorkerBeat.objects.filter(owner=owner).update(left_at=datetime.now(UTC))


def _kept(owner: str) -> Reading | None:
    beat = WorkerBeat.objects.filter(owner=owner, running__isnull=False).first()
    return Reading(beat.at, float(beat.running or 0), beat.boot_id) if beat is not None else None
