"""A connection to the public face's file. Whoever takes that face over can write anything into it, also other tables, triggers and views."""

import sqlite3
from pathlib import Path
from typing import Any

MOST_BYTES = 64_000_000  # of one value: more than the longest recording
_WAL = b"\x02\x02"  # where the header says how the file is written
_OPTIONS = (
    (sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True),
    (sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, False),
    (sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False),
    (sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW, False),
)


class Guarded(sqlite3.Connection):
    """Runs nothing that lies in the file, reads no value of any size, and never makes the file."""

    def __init__(self, database: str | Path, *args: Any, **options: Any) -> None:
        try:
            with open(database, "rb") as file:
                head = file.read(20)
        except OSError as error:
            raise sqlite3.OperationalError(f"unable to open database file: {error.strerror}") from error
        if head and head[18:] != _WAL:
            raise sqlite3.DatabaseError("file is not a database, or is written in another way")
        super().__init__(database, *args, **options)
        for option, value in _OPTIONS:
            self.setconfig(option, value)
        self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
        self.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
