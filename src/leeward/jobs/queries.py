"""What is waiting, and what was given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from leeward.jobs.models import Job, WorkerBeat


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as the dead-letter page shows it; `attempts` that failed or that the worker did not live to end."""

    id: int
    kind: str
    subject_id: int
    due_at: datetime
    attempts: int
    problem: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits and since when."""

    due: int
    dead: int
    oldest_due_at: datetime | None


def dead_jobs(hotline_id: int, most: int = 200) -> list[JobRow]:
    """Duties of a hotline that were given up, newest first."""
    rows = Job.objects.filter(hotline_id=hotline_id, dead=True).order_by("-id")[:most]
    return [JobRow(row.id, row.kind, row.subject_id, row.due_at, row.attempts + row.begun, row.problem) for row in rows]


def backlog(now: datetime) -> Backlog:
    """How many jobs are due or dead in the whole installation."""
    due = Q(dead=False, due_at__lte=now)
    found = Job.objects.aggregate(
        due_count=Count("id", filter=due),
        dead_count=Count("id", filter=Q(dead=True)),
        oldest=Min("due_at", filter=due),
    )
    return Backlog(found["due_count"], found["dead_count"], found["oldest"])


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the work goes on: when a worker last said that it is alive (None: none ever did), and since when what is due waits."""

    beat_at: datetime | None
    urgent_since: datetime | None
    ordinary_since: datetime | None


def pulse(now: datetime) -> Pulse:
    """Three look-ups in indexes, however much waits; what is under way does not wait."""
    newest = WorkerBeat.objects.order_by("-at").values_list("at", flat=True).first()
    return Pulse(newest, _waits_since(now, urgent=True), _waits_since(now, urgent=False))


def _waits_since(now: datetime, *, urgent: bool) -> datetime | None:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    due = Job.objects.filter(free, dead=False, due_at__lte=now, urgent=urgent).order_by("due_at", "id")
    found: datetime | None = due.values_list("due_at", flat=True).first()
    return found


def dead_by_hotline() -> dict[int, int]:
    """How many jobs of each hotline were given up."""
    rows = Job.objects.filter(dead=True).values_list("hotline_id").annotate(Count("id")).order_by()
    return dict(rows)


def unfinished_by_hotline(kind: str, asked_before: datetime) -> dict[int, int]:
    """How many jobs of a kind that were asked for before a time are not done yet, given up or not, by hotline."""
    rows = Job.objects.filter(kind=kind, created_at__lt=asked_before)
    return dict(rows.values_list("hotline_id").annotate(Count("id")).order_by())


def hung_by_hotline() -> dict[int, int]:
    """How many repeating jobs took longer than they may when they last ran, by hotline."""
    rows = Job.objects.filter(kind__startswith="every:", kind__lt="every;", hung__gt=0)
    return dict(rows.values_list("hotline_id").annotate(Count("id")).order_by())


def waiting_subjects(kind: str, subject_ids: Sequence[int]) -> set[int]:
    """For which of these subjects there is a job of a kind, given up or not."""
    return set(Job.objects.filter(kind=kind, subject_id__in=subject_ids).values_list("subject_id", flat=True))
