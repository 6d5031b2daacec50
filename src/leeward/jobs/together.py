"""Several ordinary jobs of one kind and hotline, claimed and finished at once where their handler does them together. A job that
failed before, or was running when a worker died, is always done alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from leeward.jobs.models import Job
from leeward.jobs.registry import HANDLERS

MOST = 25  # others wait meanwhile to write
MOST_SECONDS = 5.0  # what is done alone after all is begun within these
FREE = """
    SELECT id FROM {table}
    WHERE kind = %s AND hotline_id = %s AND urgent = %s AND dead = %s AND due_at <= %s
        AND leased_until IS NULL AND begun = 0 AND attempts = 0 AND hung = 0
    ORDER BY subject_id LIMIT %s
"""
GATHER = """
    UPDATE {table} SET leased_until = %s, leased_by = %s, begun = 1
    WHERE leased_until IS NULL AND id {among} RETURNING id, subject_id, generation
"""
# PostgreSQL may look up what is IN a query more than once, each time other rows; an array it makes once.
AMONG = {"sqlite": "IN ({free})", "postgresql": "= ANY (ARRAY({free} FOR UPDATE SKIP LOCKED))"}
FINISH = "DELETE FROM {table} WHERE (id, generation) IN (VALUES {rows})"


def gathered(job: Job, now: datetime, owner: str) -> list[Job]:
    """Lease what may be done together with this job, which was just claimed; no two workers get the same."""
    handler = HANDLERS.get(job.kind)
    if handler is None or handler.together is None or job.urgent or job.begun or job.attempts or job.hung:
        return []
    adapted, table = connection.ops.adapt_datetimefield_value, connection.ops.quote_name(Job._meta.db_table)
    gather = GATHER.replace("{among}", AMONG[connection.vendor].replace("{free}", FREE))
    until = now + handler.lease
    with connection.cursor() as cursor:
        cursor.execute(
            gather.format(table=table),
            [adapted(until), owner, job.kind, job.hotline_id, False, False, adapted(now), MOST - 1],
        )
        found = sorted(cursor.fetchall(), key=lambda row: int(row[1]))
    return [
        Job(
            id=pk,
            kind=job.kind,
            subject_id=subject,
            hotline_id=job.hotline_id,
            generation=generation,
            due_at=job.due_at,
            leased_until=until,
            leased_by=owner,
        )
        for pk, subject, generation in found
    ]


def still_ours(*jobs: Job) -> "QuerySet[Job]":
    """Return the rows of jobs that were leased together, but those whose lease somebody else has by now."""
    ids, lease = [job.pk for job in jobs], jobs[0]
    return Job.objects.filter(pk__in=ids, leased_by=lease.leased_by, leased_until=lease.leased_until)


def renewed(job: Job, *, seconds: float) -> bool:
    """Lease a job anew that was leased so many seconds ago and is done alone after all; return False if it is no longer ours."""
    assert job.leased_until is not None
    until = job.leased_until + timedelta(seconds=seconds)
    is_ours = bool(still_ours(job).update(leased_until=until))
    job.leased_until = until
    return is_ours


def put_back(jobs: Sequence[Job]) -> None:
    """Put back jobs that were leased together and not begun."""
    if jobs:
        still_ours(*jobs).update(leased_until=None, leased_by="", begun=0)


def finish_all(jobs: Sequence[Job]) -> bool:
    """Delete jobs that are done, except those that were requested again meanwhile; return whether all are deleted."""
    if not jobs:
        return True
    table, rows = connection.ops.quote_name(Job._meta.db_table), ", ".join(["(%s, %s)"] * len(jobs))
    with connection.cursor() as cursor:
        cursor.execute(
            FINISH.format(table=table, rows=rows), [value for job in jobs for value in (job.pk, job.generation)]
        )
        return bool(cursor.rowcount == len(jobs))
