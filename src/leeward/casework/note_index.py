"""The full-text index that notes had until they were sealed: migrations make it and take it away.

SQLite: a full-text table (FTS5) beside the notes, maintained by triggers. PostgreSQL: a GIN index on the words.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from leeward.tables import SearchIndex

NAME = "casework_note_words"
_COLUMNS = "rowid, hotline_id, text"
_ADD = f"INSERT INTO {NAME}({_COLUMNS}) VALUES (new.id, new.hotline_id, new.text);"  # noqa: S608 - our own names only
_DROP = f"INSERT INTO {NAME}({NAME}, {_COLUMNS}) VALUES ('delete', old.id, old.hotline_id, old.text);"  # noqa: S608 - the same
_TRIGGERS = {
    "insert": f"AFTER INSERT ON casework_note BEGIN {_ADD} END",
    "delete": f"AFTER DELETE ON casework_note BEGIN {_DROP} END",
    "update": f"AFTER UPDATE OF text ON casework_note BEGIN {_DROP} {_ADD} END",
}
_TABLE = f"""
CREATE VIRTUAL TABLE {NAME} USING fts5(
    hotline_id, text, content='casework_note', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='3'
)
"""
INDEX = SearchIndex(NAME, _TABLE, _TRIGGERS)
remove = INDEX.remove


def _plain(text: str) -> str:
    """Return SQL for a text without accents, matching SQLite's index; its expression may be used in an index."""
    return rf"regexp_replace(normalize({text}, NFD), '[\u0300-\u036F]', '', 'g')"


def make(database: BaseDatabaseWrapper) -> None:
    """Create the index on existing notes and maintain it from now on; do nothing if the database doesn't support it."""
    if database.vendor != "postgresql":
        INDEX.make_on_sqlite(database)
        return
    with database.cursor() as cursor:
        cursor.execute(f"CREATE INDEX {NAME} ON casework_note USING gin (to_tsvector('simple', {_plain('text')}))")
