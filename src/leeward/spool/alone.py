"""One process at a time pulls and pushes, on whatever machine."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

PULLING = 5_461_772_213  # the lock of the process that pulls
FILE = ".pulling"


@contextmanager
def alone() -> Iterator[bool]:
    """Say whether this process is the one that pulls now, and keep others from it until the block ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [PULLING])
            is_ours = cursor.fetchone() == (True,)
        try:
            yield is_ours
        finally:
            if is_ours:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [PULLING])
        return
    file = os.open(Path(settings.LEEWARD.data_dir) / FILE, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(file)
