"""A disk that is full or failing, named alike whether a file or SQLite found it so."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leeward.foundation.causes import cause_of


@contextmanager
def as_disk_error(place: Path) -> Iterator[None]:
    """Raise OSError, as the other files of a command do, where SQLite finds the disk of this file full or failing."""
    try:
        yield
    except sqlite3.OperationalError as error:
        number = {"disk_full": errno.ENOSPC, "disk_failing": errno.EIO}.get(cause_of(error))
        if number is None:
            raise
        raise OSError(number, os.strerror(number), str(place)) from error
