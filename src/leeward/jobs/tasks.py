"""What the worker does for the database itself."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from leeward.jobs import erasing
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job
from leeward.jobs.services import schedule

AGAIN = timedelta(seconds=10)

# Also tables that this connection has not read (0x10000); it really analyses (0x02), and only what has grown much or was never analysed.
REFRESH = "PRAGMA optimize=0x10002"


@every(timedelta(hours=1))
def keep_statistics() -> None:
    """Let SQLite know how its tables are filled, so that it chooses the right index; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(REFRESH)


@job(erasing.EMPTY_LOG)
def empty_log(_subject_id: int) -> None:
    """Clear what deleted words left in SQLite's log and, by writing the file again, in gaps of its pages."""
    if connection.in_atomic_block or not erasing.empty_log():
        raise RetryLater(AGAIN)
    night = datetime.now(UTC) if erasing.is_small() else erasing.next_night(datetime.now(UTC))
    schedule(erasing.REWRITE, subject_id=0, hotline_id=0, due_at=night)


@job(erasing.REWRITE, lease=timedelta(minutes=30))
def rewrite(_subject_id: int) -> None:
    """Write SQLite's file again, without what deleted words left between its rows."""
    if connection.in_atomic_block or not erasing.rewrite():
        raise RetryLater(AGAIN)


@job(erasing.VACUUM, lease=timedelta(minutes=30))
def vacuum(subject_id: int) -> None:
    """Free the deleted rows of a table of PostgreSQL."""
    if connection.in_atomic_block:
        raise RetryLater(AGAIN)
    erasing.vacuum(subject_id)
