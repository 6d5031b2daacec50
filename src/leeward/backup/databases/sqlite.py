"""SQLite: a consistent copy by its own backup, while others read and write."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Literal

from leeward.backup.databases.room import why_no_room
from leeward.backup.errors import BackupNotMade, DatabaseDamaged, NotEmpty, NotRestored
from leeward.backup.rules.choosing import DATABASE
from leeward.backup.rules.manifest import LogHead
from leeward.foundation.disk_errors import as_disk_error
from leeward.foundation.lazy_text import LazyText as _
from leeward.sealing.key_copy import FILE as WORD_KEYS
from leeward.sealing.key_copy import NO_COPY, DataKeyRow, noted, put_into_file

from . import log

_HELD = "INSERT INTO backup_restoration (backup_at, restored_at) VALUES (?, ?)"
_WAITED = (
    "UPDATE backup_restoration SET waiting_since = ? WHERE id = ?"  # backups from before this column know no such time
)


class Sqlite:
    """The database in a data directory."""

    name: Literal["sqlite"] = "sqlite"
    file = DATABASE

    def __init__(self, data: Path) -> None:
        self._path = data / DATABASE

    def dump(self, to: Path) -> None:
        """Write the database as it is at one moment. Raises BackupNotMade, and DatabaseDamaged."""
        if not self._path.exists():
            raise BackupNotMade(why=_("there is no database yet"))
        try:
            with closing(sqlite3.connect(self._path, timeout=30)) as source, closing(sqlite3.connect(to)) as copy:
                _need_room(source, to)
                copy.execute("PRAGMA synchronous = OFF")  # a copy that is lost with the machine is made anew
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'backup_restoration'").fetchone():
                    raise BackupNotMade(why=_("the tables are old; run leeward serve once"))
        except sqlite3.Error as error:
            is_damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
            raise (DatabaseDamaged if is_damaged else BackupNotMade)(why=str(error)) from error

    def damage(self, dump: Path) -> str:
        """Return what is wrong with a copy that was just made, as part of a sentence; "" if nothing is found. Its indexes are compared with their
        tables only when it is proved."""
        try:
            with closing(sqlite3.connect(dump)) as connection:
                found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.Error as error:
            found = str(error)
        return "" if found == "ok" else f"the database is damaged ({' '.join(found.split())})"

    def heads(self, dump: Path, scratch: Path) -> list[LogHead]:
        """Return how far the log in a copy has come."""
        return log.heads_in(dump)

    def fault(self, dump: Path, scratch: Path, heads: list[LogHead], public_key: str) -> str:
        """Return what is wrong with a copy: damage that SQLite finds, or a fault in its log."""
        try:
            with closing(sqlite3.connect(dump)) as connection:
                found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            return f"the database is damaged ({found})" if found != "ok" else log.fault_in(dump, heads, public_key)
        except sqlite3.Error as error:
            return f"the database is damaged ({error})"

    def log_in(self, dump: Path, scratch: Path) -> Path:
        """Return the SQLite file with the log of a copy."""
        return dump

    def put_word_keys(self, rows: Iterable[DataKeyRow], place: Path, copied: Sequence[str]) -> None:
        """Write the keys of words, of a copy of which this is noted, among the files that restoring moves into the data directory."""
        put_into_file(place / "data" / WORD_KEYS, rows, copied)

    def put_no_word_keys(self, place: Path, number: int) -> None:
        """Write no store of these keys, nor half of one: the database says that there was one, and a person that it is lost. What the store would
        remember of the newest backup, the database does until then."""
        (place / "data" / WORD_KEYS).unlink(missing_ok=True)
        dump = place / "database" / self.file
        with as_disk_error(dump), closing(sqlite3.connect(dump)) as copy, copy:
            columns = {row[1] for row in copy.execute("PRAGMA table_info(sealing_wordsstore)")}
            if "copied" in columns:  # backups from before this column know none
                copy.execute("UPDATE sealing_wordsstore SET copied = ?", (json.dumps(noted(NO_COPY, number)),))

    def require_empty(self) -> None:
        """Raises NotEmpty if there is a database already."""
        if self._path.exists():
            raise NotEmpty(place=self._path)

    def load(self, dump: Path, *, backup_at: datetime, waiting_since: datetime | None, now: datetime) -> None:
        """Put a copy in place, held: the row that says so is in it before it gets its name."""
        try:
            with closing(sqlite3.connect(dump)) as connection, connection:
                held = hold(connection, backup_at=backup_at, now=now)
                if waiting_since is not None:
                    connection.execute(_WAITED, (_stored(waiting_since), held))
        except sqlite3.Error as error:
            raise NotRestored(why=str(error)) from error
        dump.chmod(0o600)
        dump.replace(self._path)


def hold(copy: sqlite3.Connection, *, backup_at: datetime, now: datetime) -> int | None:
    """Write into a copy that it is one: whoever goes on with it is held. In the caller's transaction; return the number of the row."""
    return copy.execute(_HELD, (_stored(backup_at), _stored(now))).lastrowid


def hold_if_it_can_be(copy: sqlite3.Connection, at: datetime) -> None:
    """Do the same for a copy of this moment, which may be of before there was a table for it."""
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'backup_restoration'").fetchone():
        with copy:
            hold(copy, backup_at=at, now=at)


def _need_room(source: sqlite3.Connection, to: Path) -> None:
    """Raises BackupNotMade where a copy would take up the room in which reports are stored."""
    (pages,), (size,) = (source.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    if why := why_no_room(to.parent, pages * size):
        raise BackupNotMade(why=why)


def _stored(moment: datetime) -> str:
    """Return a time in UTC as Django stores it in SQLite."""
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
