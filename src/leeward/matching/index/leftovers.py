"""Temporary files beside an index, and cleaning up those of killed programs."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def fresh_file(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Open a new file beside `path` under a unique name; it is removed at the end unless it was renamed.

    The writer holds its lock, by which `sweep` tells it from the leftovers of a killed program.
    """
    while True:
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
        stream = temporary.open("xb")
        fcntl.flock(stream, fcntl.LOCK_EX)
        if temporary.exists():  # unless a sweep removed it
            break
        stream.close()
    try:
        yield stream, temporary
    finally:
        with suppress(OSError):  # after a failed write (a full disk) the flush fails too
            stream.close()
        temporary.unlink(missing_ok=True)


def sweep(path: Path) -> int:
    """Remove what killed programs left beside the index at `path`; return how many files. A read-only folder is left
    alone.
    """
    removed = 0
    for left in path.parent.glob(f".{path.name}.*.new"):
        with suppress(OSError), left.open("r+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(stream.fileno()).st_nlink:
                left.unlink()
                removed += 1
    return removed
