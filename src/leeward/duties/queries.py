"""What is waiting, and what was given up."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from leeward.duties.models import Duty


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty as the dead-letter page shows it; `attempts` that failed or that the worker did not live to end."""

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


def dead_duties(hotline_id: int, most: int = 200) -> list[DutyRow]:
    """Duties of a hotline that were given up, newest first."""
    rows = Duty.objects.filter(hotline_id=hotline_id, dead=True).order_by("-id")[:most]
    return [
        DutyRow(row.id, row.kind, row.subject_id, row.due_at, row.attempts + row.begun, row.problem) for row in rows
    ]


def backlog(now: datetime) -> Backlog:
    """How many duties are due or dead in the whole installation."""
    due = Q(dead=False, due_at__lte=now)
    found = Duty.objects.aggregate(
        due_count=Count("id", filter=due),
        dead_count=Count("id", filter=Q(dead=True)),
        oldest=Min("due_at", filter=due),
    )
    return Backlog(found["due_count"], found["dead_count"], found["oldest"])
