"""Maintenance of the database by the worker."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from leeward.jobs import erasing
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job
from leeward.jobs.services import schedule

AGAIN = timedelta(seconds=10)

# Include tables that this connection has not read (0x10000); actually analyse (0x02), but only what has grown much or
# was never analysed.
REFRESH = "PRAGMA optimize=0x10002"


@every(timedelta(hours=1))
def keep_statistics() -> None:
    """Update SQLite's statistics, so that it chooses the right index; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(REFRESH)


@job(erasing.EMPTY_LOG)
def empty_log(_subject_id: int) -> None:
    """Clear what deleted words left in SQLite's log and, by rewriting the file, in gaps of its pages."""
    if connection.in_atomic_block or not erasing.empty_log():
        raise RetryLater(AGAIN)
    night = datetime.now(UTC) if erasing.is_small() else erasing.next_night(datetime.now(UTC))
    schedule(erasing.REWRITE, subject_id=0, hotline_id=0, due_at=night)


@job(erasing.REWRITE, lease=timedelta(minutes=30))
def rewrite(_subject_id: int) -> None:
    """Rewrite SQLite's file, without what deleted words left between its rows."""
    if connection.in_atomic_block or not erasing.rewrite():
        raise RetryLater(AGAIN)


@job(erasing.VACUUM, lease=timedelta(minutes=30))
def vacuum(subject_id: int) -> None:
    """Free the deleted rows of a PostgreSQL table."""
    if connection.in_atomic_block:
        raise RetryLater(AGAIN)
    erasing.vacuum(subject_id)
