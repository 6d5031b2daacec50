"""Where a backup is restored for trial: a folder that only whoever restores there has, and that the next one deletes if that was killed."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "leeward-verify-"


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
    """Delete such folders of ours that nobody holds any more; return how many."""
    swept = 0
    for folder in Path(scratch or tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:  # another user's, or gone
            continue
        try:
            if os.fstat(lock).st_uid == os.geteuid():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                swept += 1
        except OSError:  # it is in use, or its disk is ill
            continue
        finally:
            os.close(lock)
    return swept
