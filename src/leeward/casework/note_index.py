"""A full-text index on notes, so that a note is found among millions.

SQLite: a full-text table (FTS5) beside the notes, maintained by triggers; the hotline's number is one of its columns,
so that a search never crosses hotlines. PostgreSQL: a GIN index on the words. Words are matched by prefix.
"""

from dataclasses import dataclass
from itertools import islice

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from leeward.foundation.patterns import Pattern
from leeward.tables import SearchIndex

NAME = "casework_note_words"
MOST_WORDS = 12
_WORD = Pattern(r"[\pL\pN]+")
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
_READ = "note.case_id, note.by_id, note.text, held.state, held.in_adjudication, held.first_assessor_id"
_ON_SQLITE = f"""
SELECT {_READ} FROM {NAME} words CROSS JOIN casework_note note ON note.id = words.rowid
CROSS JOIN casework_case held ON held.id = note.case_id
WHERE words.{NAME} MATCH %s AND note.hotline_id = %s ORDER BY words.rowid DESC LIMIT %s
"""  # noqa: S608 - our own names only


def _plain(text: str) -> str:
    """Return SQL for a text without accents, matching SQLite's index; its expression may be used in an index."""
    return rf"regexp_replace(normalize({text}, NFD), '[\u0300-\u036F]', '', 'g')"


# Joins the cases of the notes that are returned, not of every note with a common word.
_ON_POSTGRESQL = f"""
SELECT {_READ} FROM (
    SELECT id, case_id, by_id, text FROM casework_note
    WHERE to_tsvector('simple', {_plain("text")}) @@ to_tsquery('simple', {_plain("%s")}) AND hotline_id = %s ORDER BY id DESC LIMIT %s
) note JOIN casework_case held ON held.id = note.case_id ORDER BY note.id DESC
"""  # noqa: S608 - our own names only
_made: set[str] = set()  # databases known to have the index; it is never removed while the process runs


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note matching a search, with the data that says whether it may be shown."""

    case_id: int
    by_id: int | None
    text: str
    state: str
    in_adjudication: bool
    first_assessor_id: int | None


def make(database: BaseDatabaseWrapper) -> None:
    """Create the index on existing notes and maintain it from now on; do nothing if the database doesn't support it."""
    if database.vendor != "postgresql":
        INDEX.make_on_sqlite(database)
        return
    with database.cursor() as cursor:
        cursor.execute(f"CREATE INDEX {NAME} ON casework_note USING gin (to_tsvector('simple', {_plain('text')}))")


def terms_of(text: str) -> list[str]:
    """Return the words to search for: letters and digits only, whatever else was typed."""
    return [word[0] for word in islice(_WORD.finditer(text), MOST_WORDS)]


def notes_with(text: str, *, hotline_id: int, most: int) -> list[FoundNote]:
    """Return one hotline's notes that contain every word of a text, newest first; none if there is no index. One query."""
    terms = terms_of(text)
    if not terms or max(map(len, terms)) < 2 or not _is_there():
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ON_POSTGRESQL, [" & ".join(f"{term}:*" for term in terms), hotline_id, most])
        else:
            phrase = " AND ".join(f'text : "{term}" *' for term in terms)
            cursor.execute(_ON_SQLITE, [f'hotline_id : "{hotline_id}" AND {phrase}', hotline_id, most])
        return [FoundNote(*row) for row in cursor.fetchall()]


def _is_there() -> bool:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql" or name in _made:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = %s", [NAME])
        if cursor.fetchone()[0]:
            _made.add(name)
    return name in _made
