"""Request work: now, later, or from every listener to an event."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction

from leeward.jobs import erasing
from leeward.jobs.models import Job, WorkerBeat
from leeward.jobs.registry import kinds_for

# A single statement on both databases, since each report requests several jobs: the ORM would need three and a
# savepoint.
UPSERT = """
    INSERT INTO {table}
        (kind, subject_id, hotline_id, urgent, due_at, set_at, created_at, leased_by, attempts, begun, hung, generation, dead, problem)
    VALUES (%s, %s, %s, %s, %s, %s, %s, '', 0, 0, 0, 1, FALSE, '')
    ON CONFLICT (kind, subject_id, hotline_id) DO UPDATE SET
        urgent = excluded.urgent OR ({table}.urgent AND NOT {table}.dead),
        due_at = CASE WHEN {table}.dead OR excluded.due_at < {table}.due_at THEN excluded.due_at ELSE {table}.due_at END,
        set_at = CASE WHEN {table}.dead OR excluded.due_at < {table}.due_at THEN excluded.set_at ELSE {table}.set_at END,
        attempts = CASE WHEN {table}.dead THEN 0 ELSE {table}.attempts END,
        begun = CASE WHEN {table}.dead THEN 0 ELSE {table}.begun END,
        hung = CASE WHEN {table}.dead THEN 0 ELSE {table}.hung END,
        problem = CASE WHEN {table}.dead THEN '' ELSE {table}.problem END,
        generation = {table}.generation + 1,
        dead = FALSE
"""


# Nothing refers to a job, so there is nothing that the ORM would have to look for in a transaction.
DISCARD = "DELETE FROM {table} WHERE id = %s AND generation = %s"


def publish_event(
    event: str, *, subject_id: int, hotline_id: int, now: datetime | None = None, urgent: bool = False
) -> None:
    """Notify every slice that listens; each gets a job in the current transaction. `event` is `noun.past_verb`."""
    for kind in kinds_for(event):
        schedule(kind, subject_id=subject_id, hotline_id=hotline_id, due_at=now, urgent=urgent)


def publish_all(event: str, subject_ids: Sequence[int], *, hotline_id: int, urgent: bool = False) -> None:
    """Notify every slice that listens of several subjects, as `publish_event` does."""
    for kind in kinds_for(event):
        schedule_all(kind, dict.fromkeys(subject_ids), hotline_id=hotline_id, urgent=urgent)


def schedule(
    kind: str, *, subject_id: int, hotline_id: int, due_at: datetime | None = None, urgent: bool = False
) -> None:
    """Schedule `kind` for the subject at `due_at` (default: now). There is one row per subject: scheduling again moves
    it to the earlier time, makes it urgent if either was, revives a dead one, and makes a running one run once more.

    Urgent work is claimed before all other work, and some threads of the worker do nothing else. It is for what a child
    in danger waits for, never for what is merely important.
    """
    schedule_all(kind, {subject_id: due_at}, hotline_id=hotline_id, urgent=urgent)


def schedule_all(kind: str, due_at: Mapping[int, datetime | None], *, hotline_id: int, urgent: bool = False) -> None:
    """Schedule `kind` for several subjects, each when it is due, as `schedule` does."""
    now, adapted = datetime.now(UTC), connection.ops.adapt_datetimefield_value
    table = connection.ops.quote_name(Job._meta.db_table)
    rows = [
        [kind, subject_id, hotline_id, urgent, adapted(when or now), adapted(now), adapted(now)]
        for subject_id, when in due_at.items()
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(UPSERT.format(table=table), rows)


def discard(job_id: int, *, generation: int) -> bool:
    """Delete a job that is done, unless it was requested again since this generation; return whether it was deleted."""
    table = connection.ops.quote_name(Job._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(DISCARD.format(table=table), [job_id, generation])
        return bool(cursor.rowcount)


def cancel(kind: str, *, subject_id: int, hotline_id: int) -> None:
    """Cancel a job. A running one finishes on its own."""
    Job.objects.filter(kind=kind, subject_id=subject_id, hotline_id=hotline_id).delete()


def cancel_all(kind: str, *, subject_ids: Sequence[int], hotline_id: int) -> None:
    """Cancel the jobs of a kind for these subjects, as `cancel` does."""
    Job.objects.filter(kind=kind, subject_id__in=subject_ids, hotline_id=hotline_id).delete()


def retry(job_id: int, *, hotline_id: int) -> bool:
    """Retry a dead job of this hotline from the start; return False if there is none."""
    return bool(
        Job.objects.filter(id=job_id, hotline_id=hotline_id, dead=True).update(
            dead=False, attempts=0, begun=0, hung=0, due_at=datetime.now(UTC), leased_until=None, problem=""
        )
    )


def erased(*tables: type[models.Model]) -> None:
    """Call this after deleting words from these tables in the current transaction: once it is committed, their remains
    are cleared.

    Tried at once, with a bounded wait; if a long reader prevents it, the worker retries.
    """
    if connection.vendor == "postgresql":
        for table in tables:
            schedule(erasing.VACUUM, subject_id=ContentType.objects.get_for_model(table).pk, hotline_id=0)
        return
    schedule(erasing.EMPTY_LOG, subject_id=0, hotline_id=0)
    transaction.on_commit(erasing.empty_log_at_once)


def run_all_now(kind: str) -> int:
    """Run all jobs of a kind now, including those in back-off and abandoned ones; return how many. For work that must
    never wait."""
    return Job.objects.filter(kind=kind, leased_until__isnull=True).update(due_at=datetime.now(UTC), dead=False)


def forget_workers(now: datetime) -> None:
    """Miss no worker until it is heard again, and take back what they were running: those of a restored database may be of
    a machine that is gone."""
    WorkerBeat.objects.filter(left_at=None).update(left_at=now)
    Job.objects.filter(leased_until__isnull=False).update(leased_until=None, leased_by="")
