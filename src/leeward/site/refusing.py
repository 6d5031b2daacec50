"""What stops `leeward serve` with one sentence: a damaged database, one that is away or another, and a clock that is behind what was
written already."""

import errno
import os
import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from leeward.audit.queries import chains_beyond, newest_moment
from leeward.audit.services import hotline_transaction, record
from leeward.audit.tree.signing import has_signed
from leeward.backup.places import is_remote
from leeward.backup.rules.manifest import SUFFIX
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _
from leeward.sealing.key_copy import FILE as WORDS
from leeward.sealing.queries import TABLE_OF_STORE as STORE
from leeward.sealing.queries import knows_a_store
from leeward.site.own_file import NAME as OWN
from leeward.site.secret_file import discard_made_secret

HOTLINES = "people_hotline"  # a table of every version
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
    """There is no database, or one with nothing of ours in it, beside the keys of an installation that was in use."""

    code = "database_away"
    sentence = "There is no database at {place}, or one with nothing in it, but {folder} has the keys of an installation that was in use."
    hint = (
        "Put the database back, with its -wal if there is one, or restore a backup into a new folder (docs/how-to/backups.md). To begin "
        "anew, move this folder away first."
    )
    status = 503


class DatabaseOfOthers(DatabaseAway):
    """The database was never in use with the keys that lie beside it, which another one was."""

    sentence = "The database at {place} isn’t the one that was in use with the keys in {folder}."
    hint = (
        "Put the right database back, with its -wal if there is one, or restore a backup into a new folder (docs/how-to/backups.md). Only "
        "if the right one is lost for good and this one is to go on: leeward words keys --are-right."
    )


class OnlyBackups(DatabaseAway):
    """There is no database and no key, but the place of the backups has some: a disk isn't mounted, or nothing was restored yet."""

    code = "only_backups"
    sentence = "There is no installation in {folder}, but {place} has backups of one."
    hint = (
        "If its disk isn’t mounted, or LEEWARD_DATA is another folder, set that right. If it is lost, restore a backup "
        "(docs/how-to/backups.md). To begin anew, let LEEWARD_BACKUP_TO name an empty folder."
    )
    status = 503


class ClockBehind(LeewardError):
    """The newest row of the log is later than the machine’s clock."""

    code = "clock_behind"
    sentence = _("This machine’s clock says {now} (UTC), but the log has a row of {newest}.")
    hint = _(
        "Set the clock right. If it is right and was ahead before, whoever runs the server says so with leeward clock confirm: deadlines and "
        "waits that were set meanwhile need a person’s look."
    )
    status = 503
    passes = True  # once time servers have set it, which may be after our start


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


def need_database_of_keys(*, is_certain: bool = False) -> None:
    """Raises DatabaseAway where a new database would be made, or an empty one gone on with, beside keys of words, or a signer that has
    signed a log: what they belong to would be taken for gone; and DatabaseOfOthers for one with tables that never was in use with these
    keys, unless a person said that it is the right one (`is_certain`). Keys alone, of a setup that was interrupted, are none of these. And
    OnlyBackups where a new installation would be made whose backups went among another's. An SQLite file is only read."""
    own, data = database_file(), settings.LEEWARD.data_dir
    if own is not None and own == settings.LEEWARD.public_file:  # in that face's process, which makes none
        return
    match _state_of(own) if own is not None else _state_of_server(data):
        case "away" if _has_keys(data / WORDS) or has_signed():
            raise DatabaseAway(place=own or "LEEWARD_DATABASE_URL", folder=data)
        case "away" if _has_backups():
            discard_made_secret(settings.LEEWARD)  # a folder with anything in it takes no restoring
            raise OnlyBackups(folder=data, place=settings.LEEWARD.backup_to)
        case "new" if _has_keys(data / WORDS, of_a_database=True) and not knows_a_store():
            raise DatabaseAway(place=own, folder=data)
        case "untied" if not is_certain and _has_keys(data / WORDS, of_a_database=True) and not knows_a_store():
            raise DatabaseOfOthers(place=own, folder=data)


def _state_of(path: Path) -> str:
    """Return what an SQLite database is: "away" where there is none, or no table in it; "new" where there is no hotline yet, and "untied"
    where there is one, but no row that ties them to a store of keys; "there" otherwise, also where it can't be read, and where it is of
    before there was such a row."""
    if not path.exists() or (path.is_file() and not path.stat().st_size):
        return "away"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as file:
            tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables:
                return "away"
            if path.name != OWN or STORE not in tables:  # tests undo what they wrote into theirs
                return "there"
            if file.execute(f"SELECT 1 FROM {STORE} LIMIT 1").fetchone():  # noqa: S608 - our own name
                return "there"
            return "untied" if file.execute(f"SELECT 1 FROM {HOTLINES} LIMIT 1").fetchone() else "new"  # noqa: S608
    except sqlite3.Error:  # whoever uses it next says so
        return "there"


def _state_of_server(data: Path) -> str:
    """Return the same of PostgreSQL, which is asked only where something says that there was a database. One with another program's tables
    alone is none of ours."""
    if not _has_keys(data / WORDS) and not has_signed() and not _has_backups():
        return "there"
    try:
        return "there" if HOTLINES in connection.introspection.table_names() else "away"
    except DatabaseError:
        return "there"


def _has_backups() -> bool:
    """Return whether the folder that backups go to has any; a server isn't asked."""
    where = settings.LEEWARD.backup_to
    return bool(where) and not is_remote(where) and any(Path(where).glob(f"*{SUFFIX}"))


def _has_keys(words: Path, *, of_a_database: bool = False) -> bool:
    """Return whether the store holds keys, and names the database that they belong to if that is asked."""
    if not words.exists():
        return False
    query = "SELECT 1 FROM data_key, belongs LIMIT 1" if of_a_database else "SELECT 1 FROM data_key LIMIT 1"
    try:
        with closing(sqlite3.connect(f"{words.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as file:
            return file.execute(query).fetchone() is not None
    except sqlite3.Error:
        return not of_a_database  # nobody knows


def need_clock(now: datetime) -> None:
    """Raises ClockBehind, and DamagedDatabase where the time of the newest row can’t be read."""
    try:
        newest = newest_moment()
    except ValueError as error:
        raise DamagedDatabase(path=connection.settings_dict["NAME"], why=str(error)) from error
    if newest is not None and newest - now > AHEAD:
        raise ClockBehind(now=f"{now:%Y-%m-%d %H:%M}", newest=f"{newest:%Y-%m-%d %H:%M}")


def take_clock_as_right(now: datetime) -> None:
    """Write a row of now into each part of the log that ends later, since a person says that the clock was ahead then: or every start would
    refuse until something else is written there, which may be days in a small hotline."""
    for chain in chains_beyond(now + AHEAD):
        with hotline_transaction(chain):
            record(
                "clock.confirmed",
                actor=Actor("command"),
                hotline_id=chain or None,
                subject="installation:1",
                facts={"jumps": 0},
                now=now,
            )


def database_file() -> Path | None:
    """Return the SQLite file in use; None with PostgreSQL, which checks itself."""
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
