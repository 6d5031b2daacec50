"""Waiting and abandoned jobs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Min, Q

from leeward.jobs.models import Job, WorkerBeat
from leeward.jobs.registry import EVERY, kinds_for, leads_on

# One statement for both kinds, each in the order of its own index (SQLite finds that by the value given, as with the ORM, and not by
# “NOT dead”): a worker asks this before each job.
DUE = """
    SELECT * FROM (SELECT * FROM {table} WHERE {free} ORDER BY due_at, id LIMIT {most}) AS first
    UNION ALL
    SELECT * FROM (SELECT * FROM {table} WHERE {free} ORDER BY due_at, id LIMIT {most}) AS second
"""
FIRST_OF = """
    UNION ALL SELECT * FROM (SELECT * FROM {table} WHERE kind = %s AND {free} ORDER BY subject_id LIMIT 1) AS of_a_kind
"""
NO_KEY = "no_key"  # why a job waits that needs words
SILENT = timedelta(seconds=60)  # then it is taken for dead
MISSED = timedelta(days=7)  # for how long a worker that is silent is missed: its machine may be gone
FREE = "dead = %s AND urgent = %s AND due_at <= %s AND (leased_until IS NULL OR leased_until < %s)"


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as the dead-letter page shows it; `attempts` counts those that failed or that the worker did not survive."""

    id: int
    kind: str
    subject_id: int
    due_at: datetime
    attempts: int
    problem: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many jobs wait, and since when."""

    due: int
    dead: int
    oldest_due_at: datetime | None


def due_jobs(now: datetime, *, most: int, before_others: Sequence[str] = ()) -> list[Job]:
    """Return the next jobs that nobody has leased, `most` urgent ones and `most` others, each kind in the order in which they are
    due; and one of each of the kinds `before_others`, however late it comes among these."""
    table, at = connection.ops.quote_name(Job._meta.db_table), connection.ops.adapt_datetimefield_value(now)
    ordinary = [False, False, at, at]
    asked = DUE + FIRST_OF * len(before_others)
    values = [False, True, at, at, *ordinary]
    for kind in before_others:
        values += [kind, *ordinary]
    found = Job.objects.raw(asked.format(table=table, free=FREE, most=most), values)
    return sorted(found, key=lambda job: (not job.urgent, job.due_at, job.pk))


def dead_jobs(hotline_id: int, most: int = 200) -> list[JobRow]:
    """Return a hotline's abandoned jobs, newest first."""
    rows = Job.objects.filter(hotline_id=hotline_id, dead=True).order_by("-id")[:most]
    return [JobRow(row.id, row.kind, row.subject_id, row.due_at, row.attempts + row.begun, row.problem) for row in rows]


def unheard(event: str, subject_ids: Collection[int]) -> set[int]:
    """Return of which of these subjects somebody who listens to the event has yet to hear, or could not."""
    if not subject_ids:
        return set()
    waiting = Job.objects.filter(kind__in=kinds_for(event), subject_id__in=subject_ids)
    return set(waiting.values_list("subject_id", flat=True))


def backlog(now: datetime) -> Backlog:
    """Return how many jobs are due or dead in the whole installation."""
    due = Q(dead=False, due_at__lte=now)
    found = Job.objects.aggregate(
        due_count=Count("id", filter=due),
        dead_count=Count("id", filter=Q(dead=True)),
        oldest=Min("due_at", filter=due),
    )
    return Backlog(found["due_count"], found["dead_count"], found["oldest"])


def undone(now: datetime, *, before: datetime | None = None, but: Collection[str] = ()) -> int:
    """Return how many jobs are due, under way, or wait for the key of words, that may let something reach others (`leads_on`), but for some
    kinds. `before`: of those that were requested before then."""
    found = Job.objects.filter(Q(due_at__lte=now) | Q(problem=NO_KEY), dead=False).exclude(kind__in=but)
    if before is not None:
        found = found.filter(created_at__lt=before)
    kinds = found.values("kind").annotate(count=Count("id")).order_by().values_list("kind", "count")
    return sum(count for kind, count in kinds if leads_on(kind))


@dataclass(frozen=True, slots=True)
class Pulse:
    """The state of the worker: when one last reported that it is alive (None: never), and since when due jobs have waited."""

    beat_at: datetime | None
    urgent_since: datetime | None
    ordinary_since: datetime | None


def pulse(now: datetime) -> Pulse:
    """Return the worker's state by three index lookups, however much waits; running jobs don't count as waiting."""
    newest = WorkerBeat.objects.order_by("-at").values_list("at", flat=True).first()
    return Pulse(newest, _waits_since(now, urgent=True), _waits_since(now, urgent=False))


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker: when it last reported that it is alive, when it ended as it should or somebody said that it is gone, and whether it
    is missed."""

    name: str
    reported_at: datetime
    left_at: datetime | None
    is_missed: bool


def workers(now: datetime) -> list[WorkerRow]:
    """Return every worker that was heard lately. One is missed that has said nothing for a while, though another has, unless it ended
    as it should, or somebody said that it is gone."""
    beats = list(WorkerBeat.objects.filter(at__gte=now - MISSED).order_by("owner"))
    quiet = {beat.owner for beat in beats if beat.left_at is None and abs(now - beat.at) > SILENT}
    works = any(beat.left_at is None and beat.owner not in quiet for beat in beats)
    return [WorkerRow(beat.owner, beat.at, beat.left_at, works and beat.owner in quiet) for beat in beats]


def _waits_since(now: datetime, *, urgent: bool) -> datetime | None:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    due = Job.objects.filter(free, dead=False, due_at__lte=now, urgent=urgent).order_by("due_at", "id")
    found: datetime | None = due.values_list("due_at", flat=True).first()
    return found


def dead_by_hotline() -> dict[int, int]:
    """Return how many jobs of each hotline were abandoned."""
    rows = Job.objects.filter(dead=True).values_list("hotline_id").annotate(Count("id")).order_by()
    return dict(rows)


def unfinished_by_hotline(kind: str, created_before: datetime) -> dict[int, int]:
    """Return, by hotline, how many jobs of a kind requested before a given time are unfinished, abandoned or not."""
    rows = Job.objects.filter(kind=kind, created_at__lt=created_before)
    return dict(rows.values_list("hotline_id").annotate(Count("id")).order_by())


def hung_by_hotline() -> dict[int, int]:
    """Return, by hotline, how many repeating jobs exceeded their time limit when they last ran."""
    rows = Job.objects.filter(kind__startswith="every:", kind__lt="every;", hung__gt=0)
    return dict(rows.values_list("hotline_id").annotate(Count("id")).order_by())


def is_failing(kind: str) -> bool:
    """Return whether a repeating job could not do its work when it last ran; `kind` as it was registered, without what marks that it repeats."""
    return Job.objects.filter(kind=f"{EVERY}{kind}").exclude(problem="").exists()


def waiting_subjects(kind: str, subject_ids: Sequence[int]) -> set[int]:
    """Return those of these subjects that have a job of a kind, abandoned or not."""
    return set(due_at(kind, subject_ids))


def due_at(kind: str, subject_ids: Sequence[int]) -> dict[int, datetime]:
    """Return, by subject, when the job of a kind that it has is due, abandoned or not."""
    return dict(Job.objects.filter(kind=kind, subject_id__in=subject_ids).values_list("subject_id", "due_at"))
