"""On SQLite, queues the writing processes of this machine so that each gets its turn.

SQLite itself has no queue: a process that finds the database locked sleeps for up to a tenth of a second and tries
again, and a process that writes without a pause is faster each time. Another one would wait for as long as that went
on, and fail after half a minute with "database is locked". Here two locks on files beside the database set the order:
the holder of `next` gets `now` next, and only then releases `next`. Both are released when the process that holds them
ends.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

POLL_SECONDS = 0.002


@contextmanager
def in_turn(database: Path, longest_wait_seconds: float) -> Iterator[None]:
    """Wait for this process's turn, and hold it until the block ends. A process that has waited too long, or can't
    lock, goes ahead: then SQLite's own waiting decides."""
    until = time.monotonic() + longest_wait_seconds
    with _opened(database, "next") as next_one, _opened(database, "now") as now:
        if _locked(next_one, until):
            _locked(now, until)
            fcntl.flock(next_one, fcntl.LOCK_UN)
        yield


@contextmanager
def _opened(database: Path, name: str) -> Iterator[int]:
    """Return a newly opened file each time: the lock belongs to it and is released when it is closed, and no child
    process inherits it."""
    file = -1
    with suppress(OSError):
        file = os.open(database.with_name(f"{database.name}-{name}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield file
    finally:
        if file >= 0:
            os.close(file)


def _locked(file: int, until: float) -> bool:
    while file >= 0:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(POLL_SECONDS)
        except OSError:  # a file system without locks
            return False
        else:
            return True
    return False
