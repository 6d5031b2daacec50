"""A trigram index of addresses, to find a part of an address among millions.

SQLite: a full-text table (FTS5) beside the places, maintained by triggers. PostgreSQL: a trigram index if the extension
pg_trgm is available. Without either (`is_there` tells) only the newest places are searched.
"""

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError

from leeward.tables import SearchIndex

NAME = "hosting_location_part"
LETTERS = 3
_WILD = str.maketrans("_\\", "%%")
_ADD = "INSERT INTO hosting_location_part(rowid, comparable) VALUES (new.id, new.comparable);"
_DROP = """
INSERT INTO hosting_location_part(hosting_location_part, rowid, comparable) VALUES ('delete', old.id, old.comparable);
"""
_TRIGGERS = {
    "insert": f"AFTER INSERT ON hosting_location BEGIN {_ADD} END",
    "delete": f"AFTER DELETE ON hosting_location BEGIN {_DROP} END",
    "update": f"AFTER UPDATE OF comparable ON hosting_location BEGIN {_DROP} {_ADD} END",
}
_TABLE = """
CREATE VIRTUAL TABLE hosting_location_part
USING fts5(comparable, content='hosting_location', content_rowid='id', tokenize='trigram', detail='none')
"""
INDEX = SearchIndex(NAME, _TABLE, _TRIGGERS)
remove = INDEX.remove
_FOUND_ON_SQLITE = """
SELECT place.id FROM hosting_location_part part CROSS JOIN hosting_location place ON place.id = part.rowid
WHERE part.comparable LIKE %s AND place.hotline_id = %s AND instr(lower(place.comparable), lower(%s))
ORDER BY part.rowid DESC LIMIT %s
"""


def make(database: BaseDatabaseWrapper) -> None:
    """Create the index over the existing places and keep it up to date; does nothing if the database can't."""
    if database.vendor == "postgresql":
        _make_on_postgresql(database)
        return
    INDEX.make_on_sqlite(database)


def _make_on_postgresql(database: BaseDatabaseWrapper) -> None:
    try:
        with transaction.atomic(using=database.alias), database.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return  # the extension isn't installed, or only a database administrator may add it
    with database.cursor() as cursor:
        cursor.execute(f"CREATE INDEX {NAME} ON hosting_location USING gin (upper(comparable) gin_trgm_ops)")


def is_there() -> bool:
    """Return whether the database has the index."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [NAME])
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = %s", [NAME])
        return bool(cursor.fetchone()[0])


def can_find(text: str) -> bool:
    """Return whether the index can help with this part: it needs enough consecutive letters that aren't wildcards."""
    return any(len(run) >= LETTERS for run in text.translate(_WILD).split("%"))


def found_on_sqlite(text: str, *, hotline_id: int, most: int) -> list[int]:
    """Return the numbers of a hotline's places whose address has this part, newest first; only after `can_find`."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND_ON_SQLITE, [f"%{text}%", hotline_id, text, most])
        return [number for (number,) in cursor.fetchall()]
