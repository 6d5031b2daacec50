"""Makes the public face's file, and brings its tables up to date where they are other ones than those of the database.

The folder belongs to the desk's side, and the face may write in the file but make none beside it: SQLite follows what lies
there (a journal that somebody else wrote could have any file deleted). So `-wal` and `-shm` are made here, too.
"""

import logging
import os
import sqlite3
import stat
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _
from leeward.site.apart.guarded import Guarded, create, make_beside
from leeward.site.rights import PUBLIC_RIGHTS

WAITS_SECONDS = 10
APART = tuple(right.table for right in PUBLIC_RIGHTS if right.is_apart)
MIRRORED = tuple(right.table for right in PUBLIC_RIGHTS if right.verbs == "SELECT" and not right.is_apart)
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "journal_size_limit=67108864",
    "temp_store=MEMORY",
)
COLUMNS = {right.table: right.columns for right in PUBLIC_RIGHTS if right.columns}  # of others, all
log = logging.getLogger(__name__)
type Schema = dict[str, tuple[str, str, str]]  # name: kind, table, statement


class PublicFileUnusable(LeewardError):
    """The public face's file can't be used as it is."""

    code = "public_file_unusable"
    sentence = _("The database of the public face, {path}, {what}.")
    hint = _("docs/how-to/faces.md says who may write there, and how the file is made anew.")
    status = 503


def open_file(path: Path) -> sqlite3.Connection:
    """Return a connection to the file. Raises PublicFileUnusable."""
    try:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            raise PublicFileUnusable(path=path, what=_("is not a file of this user"))
        _need_own_folder(path)
        make_beside(path)
        file = sqlite3.connect(path, timeout=WAITS_SECONDS, isolation_level=None, factory=Guarded)
        file.text_factory = _read_text
        for pragma in PRAGMAS:
            file.execute(f"PRAGMA {pragma}")
    except OSError as error:
        raise PublicFileUnusable(path=path, what=(error.strerror or str(error)).lower()) from error
    except (sqlite3.Error, ValueError) as error:  # ValueError: what SQLite says of it is no text
        raise unusable(path, error) from error
    return file


def _read_text(raw: bytes) -> str:
    """Return any bytes: somebody else may have written what is no text, which differs from all of ours then."""
    return raw.decode("utf-8", "surrogateescape")


def unusable(path: Path, error: Exception) -> PublicFileUnusable:
    """Return what SQLite said, as a sentence."""
    return PublicFileUnusable(path=path, what=_("can’t be used: {why}", why=str(error)))


def make(path: Path) -> None:
    """Make the file where there is none, for the group of a folder that a group may read. Raises PublicFileUnusable."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _need_own_folder(path)
        with suppress(FileExistsError):
            create(path, path.parent.stat().st_mode)
        make_beside(path)
    except OSError as error:
        raise PublicFileUnusable(path=path, what=(error.strerror or str(error)).lower()) from error


def schema_of(database: sqlite3.Connection, tables: Iterable[str] | None = None) -> Schema:
    """Return the tables and their indexes as they were written: of these tables, or everything there is."""
    kept = None if tables is None else set(tables)
    rows = database.execute(
        "SELECT name, type, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, rowid"
    )
    return {
        name: (kind, table, sql)
        for name, kind, table, sql in rows
        if not name.startswith("sqlite_") and (kept is None or (table in kept and kind in ("table", "index")))
    }


def settle(file: sqlite3.Connection, wanted: Schema) -> bool:
    """Make the tables those that are wanted, inside a transaction of the caller; return whether they were others. What the face took
    in and nobody fetched yet stays, but for rows without a key, which are none of ours, and those that broke a rule of the table that they
    were in, as only somebody can write them who has taken the face over: these may break the same rule of the new one. Raises sqlite3.Error
    where another row doesn't fit: the caller rolls back, and the file stays as it was."""
    found = schema_of(file)
    if found == wanted:
        return False
    wrong = {table for name, (_kind, table, _sql) in (found.items() ^ wanted.items())}
    kept = [table for table in APART if table in wrong and found.get(table, ("",))[0] == "table"]
    for name, (kind, table, _sql) in found.items():
        if kind in ("view", "trigger") or (kind == "table" and table in wrong and table not in kept):
            file.execute(f'DROP {kind} IF EXISTS "{name.replace('"', '""')}"')
    file.execute("SAVEPOINT as_found")
    try:
        _make_anew(file, wanted, wrong, kept)
    except sqlite3.IntegrityError:
        file.execute("ROLLBACK TO as_found")
        left_out = sum(_delete_forbidden(file, table) for table in kept)
        if not left_out:
            raise
        _make_anew(file, wanted, wrong, kept)
        log.warning("public.rows_left_out", extra={"count": left_out})
    file.execute("RELEASE as_found")
    return True


def _make_anew(file: sqlite3.Connection, wanted: Schema, wrong: Collection[str], kept: Sequence[str]) -> None:
    for table in kept:
        file.execute(f'CREATE TABLE "kept {table}" AS SELECT * FROM "{table}"')  # noqa: S608 - our own names
        file.execute(f'DROP TABLE "{table}"')
    for kind, table, sql in wanted.values():
        if table in wrong and kind == "table":
            file.execute(sql)
    for table in kept:
        _put_back(file, table)
    for kind, table, sql in wanted.values():
        if table in wrong and kind == "index":
            file.execute(sql)


def _delete_forbidden(file: sqlite3.Connection, table: str) -> int:
    """Delete the rows that the table as it is takes no more once they are written again; return how many."""
    names = [f'"{row[1].replace('"', '""')}"' for row in file.execute(f'PRAGMA table_info("{table}")')]
    again = f'UPDATE "{table}" SET {", ".join(f"{name} = {name}" for name in names)} WHERE rowid = ?'  # noqa: S608 - quoted
    deleted = 0
    for (row,) in file.execute(f'SELECT rowid FROM "{table}"').fetchall():  # noqa: S608 - our own name
        try:
            file.execute(again, [row])
        except sqlite3.IntegrityError:
            file.execute(f'DELETE FROM "{table}" WHERE rowid = ?', [row])  # noqa: S608 - our own name
            deleted += 1
    return deleted


def _put_back(file: sqlite3.Connection, table: str) -> None:
    """Put what a table had into the one made anew, with what the model says where it had nothing. Only a second row of the same key is
    left out: `INSERT OR IGNORE` would leave out each that lacks something, and so all of them for one new column."""
    old = {row[1] for row in file.execute(f'PRAGMA table_info("kept {table}")')}
    new = file.execute(f'PRAGMA table_info("{table}")').fetchall()
    usual = usual_values(table)
    given = {
        name: (f'coalesce("{name}", :{name})' if is_needed else f'"{name}"') if name in old else f":{name}"
        for _number, name, _kind, is_needed, _default, _is_key in new
        if name in old or usual.get(name) is not None
    }
    key = next(name for _number, name, _kind, _is_needed, _default, is_key in new if is_key)
    columns = ", ".join(f'"{name}"' for name in given)
    values = ", ".join(given.values())
    file.execute(
        f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "kept {table}"'  # noqa: S608 - columns that we made
        f' WHERE "{key}" IS NOT NULL ON CONFLICT ("{key}") DO NOTHING',
        {name: usual.get(name) for name in given},
    )
    file.execute(f'DROP TABLE "kept {table}"')


def usual_values(table: str) -> dict[str, Any]:
    """Return what a migration writes into each new column of a table, by its name: Django leaves no default in the database."""
    model = next((model for model in apps.get_models() if model._meta.db_table == table), None)
    fields = model._meta.local_concrete_fields if model else ()
    editor = connection.schema_editor()
    return {one.column: editor.effective_default(one) for one in fields if one.column}


def leave(path: Path) -> None:
    """Make what SQLite deletes when the last of the desk's side closes the file: the face could not make it."""
    with suppress(OSError):
        make_beside(path)


def _need_own_folder(path: Path) -> None:
    folder = path.parent.stat()
    if folder.st_uid != os.geteuid() or folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PublicFileUnusable(path=path, what=_("lies in a folder in which another user may write"))
