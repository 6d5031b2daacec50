"""Where a backup is restored for trial: a folder that only whoever restores there has, and that the next one deletes if that was killed."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "leeward-trial-"
# Of versions that held no lock: one may be under way.
_UNLOCKED, _OLD_SECONDS = "leeward-verify-", 24 * 3600


@contextmanager
def trial_folder(scratch: Path | None) -> Iterator[Path]:
    """Make a folder in the place for temporary files, or in another, which is deleted at the end. It is locked until then: what lies there is
    the whole installation, with its keys, in plain text."""
    sweep_trials(scratch)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=scratch))
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():  # somebody swept it up before it was locked
                continue
            try:
                yield folder
            finally:
                shutil.rmtree(folder)
            return
        finally:
            os.close(lock)


def sweep_trials(scratch: Path | None = None) -> int:
    """Delete such folders of ours that nobody holds any more, those of older versions after a day; return how many."""
    swept, place = 0, Path(scratch or tempfile.gettempdir())
    for folder in (*place.glob(f"{_PREFIX}*"), *place.glob(f"{_UNLOCKED}*")):
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:  # another user's, or gone
            continue
        try:
            made = os.fstat(lock)
            is_old = folder.name.startswith(_PREFIX) or made.st_mtime < time.time() - _OLD_SECONDS
            if made.st_uid == os.geteuid() and is_old:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                swept += 1
        except OSError:  # it is in use, or its disk is ill
            continue
        finally:
            os.close(lock)
    return swept
