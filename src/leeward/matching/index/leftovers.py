"""Files that are being written beside an index, and what a killed program left of them."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def fresh_file(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Open a new file beside `path` under a name of its own; it is removed at the end unless it was renamed meanwhile.

    Whoever writes it holds its lock, so that `sweep` knows it from what a killed program left behind.
    """
    while True:
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
        stream = temporary.open("xb")
        fcntl.flock(stream, fcntl.LOCK_EX)
        if temporary.exists():  # else a sweep came between
            break
        stream.close()
    try:
        yield stream, temporary
    finally:
        with suppress(OSError):  # what could not be written (a full disk) can't be flushed either
            stream.close()
        temporary.unlink(missing_ok=True)


def sweep(path: Path) -> int:
    """Remove what killed programs left beside the index at `path`; return how many files. A folder that can't be written is left alone."""
    removed = 0
    for left in path.parent.glob(f".{path.name}.*.new"):
        with suppress(OSError), left.open("r+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(stream.fileno()).st_nlink:
                left.unlink()
                removed += 1
    return removed
