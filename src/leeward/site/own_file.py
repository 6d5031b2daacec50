"""The connection to the installation's own SQLite file: whoever only looks makes none."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

NAME = "leeward.sqlite3"
_WAITS_SECONDS = 2


class OwnFile(sqlite3.Connection):
    """Opens `leeward.sqlite3` only where it is, or within `may_be_made()`: a file that any command leaves would pass for a new
    installation. Files of other names, which tests have, are made at first use."""

    makes = False

    def __init__(self, database: str | Path, *args: Any, **options: Any) -> None:
        if Path(database).name == NAME and not OwnFile.makes and not Path(database).exists():
            raise sqlite3.OperationalError(f"unable to open database file: {os.strerror(errno.ENOENT)}")
        super().__init__(database, *args, **options)


@contextmanager
def may_be_made() -> Iterator[None]:
    """Let the file be made within the block, by a process that goes on to make the tables."""
    OwnFile.makes = True
    try:
        yield
    finally:
        OwnFile.makes = False


def fold_in(path: Path) -> None:
    """Bring what is still in the -wal of an SQLite file into the file itself, unless somebody else has it open: a person may copy the file
    alone. What can't be written stays where it is."""
    if not path.exists():
        return
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=_WAITS_SECONDS)) as file,
    ):
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
