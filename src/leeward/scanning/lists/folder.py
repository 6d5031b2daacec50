"""A folder for lists in use: in memory if the system offers such a place, and removed when its process ends."""

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

_MEMORY = Path("/dev/shm")  # noqa: S108 (folders with random names of our own are made in it; what is there never meets a disk)
_PREFIX = "leeward-list-"
_LOCK = ".lock"
_STARTING_SECONDS = 60


class PrivateFolder:
    """A folder that only we can read, held by a lock. Leftovers of killed processes are removed first."""

    def __init__(self) -> None:
        base = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
        _sweep(base)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
        self._lock = (self.path / _LOCK).open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove the folder and its content."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def _sweep(base: Path) -> None:
    for folder in base.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            facts = folder.lstat()
            if facts.st_uid == os.geteuid() and time.time() - facts.st_mtime > _STARTING_SECONDS:
                _remove_if_left(folder)


def _remove_if_left(folder: Path) -> None:
    lock = folder / _LOCK
    if lock.exists():
        with lock.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if another process holds it
            shutil.rmtree(folder, ignore_errors=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)
