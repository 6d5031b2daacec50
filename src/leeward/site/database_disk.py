"""Whether the disk of a PostgreSQL server is full. It is another than that of the data directory, and what is read there still comes."""

import time

from django.db import DatabaseError, connection, transaction

from leeward.foundation.causes import cause_of

AGAIN_SECONDS = 20.0
# A temporary file of two megabytes beside the tables, gone with the statement: no row, nothing in the server's log of changes. A row
# would often find room in a page that is there, while new pages can't be had.
TRIED = (
    "SET LOCAL work_mem = '64kB'",
    "SET LOCAL temp_tablespaces = ''",
    "WITH tried AS MATERIALIZED (SELECT repeat('x', 8000) AS words FROM generate_series(1, 250)) SELECT count(words) FROM tried",
)


class _Seen:
    """What this process saw last, and when."""

    is_full = False
    at: float | None = None


_seen = _Seen()


def is_full() -> bool:
    """Return whether the server has no room for two megabytes beside the tables, as seen within the last seconds."""
    if connection.vendor != "postgresql":
        return False
    if _seen.at is None or time.monotonic() - _seen.at > AGAIN_SECONDS:
        _seen.is_full, _seen.at = _is_full_now(), time.monotonic()
    return _seen.is_full


def forget() -> None:
    """Look anew when next asked."""
    _seen.at = None


def _is_full_now() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for line in TRIED:
                cursor.execute(line)
            transaction.set_rollback(True)  # with it the two settings
    except DatabaseError as error:
        return cause_of(error) == "disk_full"  # other checks say what else is wrong
    return False
