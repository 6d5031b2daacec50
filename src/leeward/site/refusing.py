"""What stops `leeward serve` with one sentence: a damaged database, one that is away, and a clock that is behind what was written already."""

import errno
import os
import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from leeward.audit.queries import newest_moment
from leeward.audit.tree.signing import has_signed
from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _
from leeward.sealing.key_copy import FILE as WORDS

LOOKS_FOR_SECONDS = 20.0
AHEAD = timedelta(minutes=5)
_PRIMARY = 0xFF  # of SQLite's error codes; the rest says more of the same
_NOT_SEEN = {sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN}
_INSTRUCTIONS = 100_000  # of SQLite, between two looks at the time


class DamagedDatabase(LeewardError):
    """SQLite finds the file damaged."""

    code = "damaged_database"
    sentence = _("The database {path} is damaged: {why}.")
    hint = _(
        "Don’t write to it any more. Keep the file, and restore the newest backup (docs/how-to/backups.md); have the disk examined."
    )
    status = 503


class DatabaseUnreadable(DamagedDatabase):
    """A folder, as Docker makes one, is in the place of the file."""

    sentence = _("{path} can't be read: {why}.")
    hint = _(
        "Let only the user that Leeward runs as read this file (chown, chmod 600), or restore it from your backup."
    )


class DatabaseAway(LeewardError):
    """There is no database, or an empty one, beside the keys of an installation that was in use."""

    code = "database_away"
    sentence = "There is no database at {place}, but {folder} has the keys of an installation that was in use."
    hint = "Put the database back, or restore a backup into a new folder (docs/how-to/backups.md). To begin anew, move this folder away first."
    status = 503


class ClockBehind(LeewardError):
    """The newest row of the log is later than the machine’s clock."""

    code = "clock_behind"
    sentence = _("This machine’s clock says {now} (UTC), but the log has a row of {newest}.")
    hint = _(
        "Set the clock right. If it is right and was ahead before, start once with --clock-is-right: deadlines and waits that were set "
        "meanwhile need a person’s look."
    )
    status = 503


def need_whole(path: Path) -> bool:
    """Look for damage in an SQLite file for some seconds; return whether all of it was seen. Raises DamagedDatabase.

    A large file isn't seen to its end: the nightly backup reads all of it. Nor is one that somebody has locked or that can't be
    opened: whoever uses it next says so, and it isn't damaged. A folder in its place is a DatabaseUnreadable."""
    if not path.exists():
        return True
    if path.is_dir():
        raise DatabaseUnreadable(path=path, why=os.strerror(errno.EISDIR).lower())
    need_not_emptied(path)
    until = time.monotonic() + LOOKS_FOR_SECONDS
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as database:
            database.set_progress_handler(lambda: time.monotonic() > until, _INSTRUCTIONS)
            found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & _PRIMARY in _NOT_SEEN:
            return False
        raise DamagedDatabase(path=path, why=str(error)) from error
    except sqlite3.DatabaseError as error:
        raise DamagedDatabase(path=path, why=str(error)) from error
    if found != "ok":
        raise DamagedDatabase(path=path, why=_named(found))
    return True


def need_not_emptied(path: Path) -> None:
    """Look, without opening it, whether an SQLite file is empty beside a key that was made after its tables: whoever opens it makes it one
    that passes for new, and deletes what is still beside it. Raises DamagedDatabase."""
    if path.is_file() and not path.stat().st_size and path.with_name("audit.key").exists():
        raise DamagedDatabase(path=path, why="file is not a database")


def _named(found: str) -> str:
    """Return the damage that SQLite names, without the heading above it."""
    lines = [line for line in found.splitlines() if line and not line.startswith("***")]
    return (lines or found.splitlines())[0][:200]


def need_database_of_keys() -> None:
    """Raises DatabaseAway where a new database would be made beside keys of words, or a signer that has signed a log: what they belong to
    would be taken for gone. Keys alone, of a setup that was interrupted, are none of these. It connects to no SQLite file, which would
    make it."""
    own, data = database_file(), settings.LEEWARD.data_dir
    if own.exists() and own.stat().st_size if own else connection.introspection.table_names():
        return
    if _has_keys(data / WORDS) or has_signed():
        raise DatabaseAway(place=own or "LEEWARD_DATABASE_URL", folder=data)


def _has_keys(words: Path) -> bool:
    if not words.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{words.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as file:
            return file.execute("SELECT 1 FROM data_key LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return True  # nobody knows


def need_clock(now: datetime) -> None:
    """Raises ClockBehind, and DamagedDatabase where the time of the newest row can’t be read."""
    try:
        newest = newest_moment()
    except ValueError as error:
        raise DamagedDatabase(path=connection.settings_dict["NAME"], why=str(error)) from error
    if newest is not None and newest - now > AHEAD:
        raise ClockBehind(now=f"{now:%Y-%m-%d %H:%M}", newest=f"{newest:%Y-%m-%d %H:%M}")


def database_file() -> Path | None:
    """Return the SQLite file in use; None with PostgreSQL, which checks itself."""
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
