"""What was chosen, as this process has read it; a file in the data directory says when to read again.

Without the file nothing was ever chosen, and no database is asked.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from leeward.installation.rules.choices import Value

LOOK_SECONDS = 1.0


class _Seen:
    """When this process looks next, which state of the file it has read, and what was chosen then."""

    next_look: float = 0.0
    mark: tuple[str, int] = ("", 0)
    values: Mapping[str, Value] = {}
    lock = threading.Lock()


def path() -> Path:
    """The file; its time is that of the last change."""
    return Path(settings.LEEWARD.data_dir) / "installation-changed"


def touch() -> None:
    """Let every process read again, this one at once."""
    place = path()
    place.touch()
    now = time.time_ns()
    os.utime(place, ns=(now, now))  # the clock of the file system is too coarse for two changes in a row
    _Seen.next_look = 0.0


def forget() -> None:
    """Let this process read again."""
    _Seen.next_look, _Seen.mark, _Seen.values = 0.0, ("", 0), {}


def seen(read: Callable[[], Mapping[str, Value]]) -> Mapping[str, Value]:
    """What was chosen; asks `read` where the file says that something changed. Looks at the file once a second at most."""
    now = time.monotonic()
    if now < _Seen.next_look:
        return _Seen.values
    with _Seen.lock:
        place = path()
        try:
            mark = (str(place), place.stat().st_mtime_ns)
        except OSError:
            mark = ("", 0)
        if mark != _Seen.mark:
            try:
                values = read() if mark[0] else {}
            except DatabaseError:  # no tables yet
                return _Seen.values
            if mark[0] and connection.in_atomic_block:
                return values  # it may be taken back, and others may have changed something meanwhile
            _Seen.mark, _Seen.values = mark, values
        _Seen.next_look = now + LOOK_SECONDS
        return _Seen.values
