"""An SQLite database that somebody keeps locked: how long this process waits for it, and whether it is. PostgreSQL has no such lock."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from leeward.foundation.causes import cause_of

SOON_SECONDS = 2.0


@contextmanager
def waiting(seconds: float) -> Iterator[None]:
    """Wait for the lock so long in the block, instead of half a minute."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={seconds * 1000:.0f}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={before}")


def is_locked() -> bool:
    """Return whether nothing can be written within a moment."""
    if connection.vendor != "sqlite":
        return False
    try:
        with waiting(SOON_SECONDS), transaction.atomic():
            return False
    except OperationalError as error:
        return cause_of(error) == "database_locked"
