"""Removes deleted words from the files of the database as well: from its write-ahead log, and from free pages.

SQLite: deleted bytes are overwritten in place (`secure_delete`), and emptying the log drops earlier copies. Where rows
were moved between pages a copy can stay in a gap; rewriting the file (VACUUM) removes that too: at once while the file
is small, otherwise at night. A search index (FTS5) keeps parts of deleted words beside a note that they are deleted
until its pieces are merged; that is done before. PostgreSQL: VACUUM of the tables frees the old rows as soon as no
transaction can see them; their bytes are overwritten when the space is reused.
"""

import logging
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from leeward.tables import waiting

# Rewriting 100 MB keeps other writers waiting for about a second.
AT_ONCE_BYTES = 100_000_000
WAIT_SECONDS = 1.0
NIGHT_HOUR = 3  # UTC
MERGED_PAGES = 500  # of a search index, before others may write
SMALL_INDEX_PAGES = 100  # made anew in a tenth of a second
EMPTY_LOG, REWRITE, VACUUM = "jobs.empty_log", "jobs.rewrite", "jobs.vacuum"
logger = logging.getLogger(__name__)


def empty_log() -> bool:
    """Move the write-ahead log into the database and truncate it; return False if somebody is still reading from it."""
    with waiting(WAIT_SECONDS), connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone()
    return not is_busy


def empty_log_at_once() -> None:
    """Empty the log if nobody reads from it; the worker retries if this fails."""
    try:
        empty_log()
    except DatabaseError:  # the deletion itself is done
        logger.warning("log.not_emptied", exc_info=True)


def is_small() -> bool:
    """Return whether the whole database can be rewritten while others wait."""
    return Path(connection.settings_dict["NAME"]).stat().st_size <= AT_ONCE_BYTES


def rewrite() -> bool:
    """Rewrite the whole file without gaps, then empty the log; return False if somebody writes or reads for too long."""
    with waiting(WAIT_SECONDS), connection.cursor() as cursor:
        cursor.execute("PRAGMA temp_store=FILE")  # the temporary copy may be large
        try:
            _clear_search_indexes(cursor)
            cursor.execute("VACUUM")
        except DatabaseError as error:
            if "locked" not in str(error):
                raise
            return False
        finally:
            cursor.execute("PRAGMA temp_store=MEMORY")
    return empty_log()


def _clear_search_indexes(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%%USING fts5%%'")
    for (name,) in cursor.fetchall():
        _clear_search_index(cursor, name)


def _clear_search_index(cursor: CursorWrapper, name: str) -> None:
    """Leave nothing of deleted words in it: make a small one anew, merge a large one into one piece, a step at a time.

    FTS5 drops what is deleted, and the note that it is, only while it merges into the highest of its levels. Pieces
    that all are on one level are merged into the next, which need not be the highest. A second piece below makes FTS5
    open a new level for both, so a large index is merged once more with one that says nothing.
    """
    cursor.execute(f"SELECT count(*) FROM {name}_data")  # noqa: S608 - our own names only
    if cursor.fetchone()[0] <= SMALL_INDEX_PAGES:
        cursor.execute(f"INSERT INTO {name}({name}) VALUES ('rebuild')")  # noqa: S608 - the same
        return
    _merge(cursor, name)
    cursor.execute("SELECT name FROM pragma_table_info(%s)", [name])
    columns = [column for (column,) in cursor.fetchall()]
    listed, words = ", ".join(columns), ", ".join(["'xxx'"] * len(columns))
    with transaction.atomic():  # no row has the number 0
        cursor.execute(f"INSERT INTO {name}(rowid, {listed}) VALUES (0, {words})")  # noqa: S608 - the same
        cursor.execute(f"INSERT INTO {name}({name}, rowid, {listed}) VALUES ('delete', 0, {words})")  # noqa: S608 - the same
    _merge(cursor, name)


def _merge(cursor: CursorWrapper, name: str) -> None:
    raw: sqlite3.Connection = connection.connection
    pages, has_more = -MERGED_PAGES, True  # below zero: begin with all pieces, however few
    while has_more:
        before = raw.total_changes
        cursor.execute(f"INSERT INTO {name}({name}, rank) VALUES ('merge', {pages})")  # noqa: S608 - our own names only
        pages, has_more = MERGED_PAGES, raw.total_changes - before > 1


def vacuum(content_type_id: int) -> None:
    """PostgreSQL: free the deleted rows of one table."""
    table = ContentType.objects.get_for_id(content_type_id).model_class()
    if table is not None:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {connection.ops.quote_name(table._meta.db_table)}")


def next_night(now: datetime) -> datetime:
    """Return the next time at which hardly anybody waits."""
    today = now.astimezone(UTC).replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)
