"""A connection to the public face's file. Whoever takes that face over can write anything into it, also other tables, triggers and views."""

import errno
import os
import sqlite3
import stat
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

BESIDE = ("-wal", "-shm")
MOST_BYTES = 64_000_000  # of one value: more than the longest recording
_WAL = b"\x02\x02"  # where the header says how the file is written
_OPTIONS = (
    (sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True),
    (sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, False),
    (sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False),
    (sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW, False),
)


class Guarded(sqlite3.Connection):
    """Runs nothing that lies in the file, reads no value of any size, never makes the file, and never opens it only to read."""

    def __init__(self, database: str | Path, *args: Any, **options: Any) -> None:
        try:
            self._inode, head = _head_of(database)
        except OSError as error:
            raise sqlite3.OperationalError(f"unable to open database file: {error.strerror}") from error
        if head and head[18:] != _WAL:
            raise sqlite3.DatabaseError("file is not a database, or is written in another way")
        self._place = Path(database)
        _demand_writable(self._place)
        super().__init__(database, *args, **options)
        for option, value in _OPTIONS:
            self.setconfig(option, value)
        self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
        self.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)

    def is_replaced(self) -> bool:
        """Return whether another file, or none, is in its place."""
        try:
            return self._place.stat().st_ino != self._inode
        except OSError:
            return True

    def close(self) -> None:
        """Close it, and leave what the face needs to open it alone."""
        super().close()
        with suppress(OSError):  # the face itself may make nothing there
            make_beside(self._place)


def _demand_writable(path: Path) -> None:
    """Raises OperationalError where the file can only be read now. SQLite would open it all the same, and for as long as any connection of
    this process stays open none of them could write, also when the disk has long been whole again: they share the file beside it."""
    if not os.access(path, os.W_OK):
        raise sqlite3.OperationalError("attempt to write a readonly database") from OSError(errno.EROFS, "read-only")


_opened: dict[tuple[int, int], int] = {}
_opening = threading.Lock()


def _head_of(path: str | Path) -> tuple[int, bytes]:
    """Return the number of a file and how it begins. It is opened once in a process and never closed: closing it would drop all locks
    that the process has on it, those of SQLite's connections too; another process that believes itself alone would delete what they wrote
    (sqlite.org/howtocorrupt.html, 2.2)."""
    with _opening:
        found = os.stat(path)
        name = found.st_dev, found.st_ino
        if name not in _opened:
            number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            found = os.fstat(number)
            name = found.st_dev, found.st_ino
            _opened.setdefault(name, number)
        return found.st_ino, os.pread(_opened[name], 20, 0)


def make_beside(path: Path) -> None:
    """Make what SQLite has beside the file: the face could not make it, and SQLite deletes it with the last connection."""
    mode = path.parent.stat().st_mode
    for end in BESIDE:
        with suppress(FileExistsError):
            create(path.with_name(path.name + end), mode)


def create(path: Path, folder: int) -> None:
    """Make a file for the group of a folder of this mode, where that may read it. Raises FileExistsError."""
    mode = 0o660 if folder & stat.S_IRGRP else 0o600
    made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, mode)
    os.fchmod(made, mode)  # whatever the umask is
    os.close(made)
