"""A per-process cache of what was chosen; the time of a file in the data directory says when to read again.

Without the file nothing was ever chosen, and the database isn't queried.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from leeward.installation.rules.choices import Value

POLL_SECONDS = 1.0


class _Seen:
    """When this process checks next, which state of the file it has read, and what was chosen then."""

    next_poll: float = 0.0
    mark: tuple[str, int] = ("", 0)
    values: Mapping[str, Value] = {}
    lock = threading.Lock()


def path() -> Path:
    """Return the path of the file, whose time is that of the last change."""
    return Path(settings.LEEWARD.data_dir) / "installation-changed"


def touch() -> None:
    """Make every process read again, this one at once."""
    place = path()
    place.touch()
    now = time.time_ns()
    os.utime(place, ns=(now, now))  # the file system's timestamps are too coarse for two changes in a row
    _Seen.next_poll = 0.0


def forget() -> None:
    """Make this process read again."""
    _Seen.next_poll, _Seen.mark, _Seen.values = 0.0, ("", 0), {}


def seen(read: Callable[[], Mapping[str, Value]]) -> Mapping[str, Value]:
    """Return what was chosen; calls `read` if the file says that something changed. Checks the file at most once a second."""
    now = time.monotonic()
    if now < _Seen.next_poll:
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
                return values  # it may be rolled back, and others may have changed something meanwhile
            _Seen.mark, _Seen.values = mark, values
        _Seen.next_poll = now + POLL_SECONDS
        return _Seen.values
