"""Reporters never wait for background work: while reports come in, the worker rests between two jobs.

SQLite has one writer at a time, and each of its transactions waits for the disk. The web process touches an empty file
when a report comes in; the worker checks it after each job. Under any pressure each of its threads still carries out
one job every REST_SECONDS, so that nobody can stop the work by sending reports. What is done together, such as opening
cases, works four fifths of the time once it is late, and has the way before all other ordinary work meanwhile; that
works a quarter of the time once it is late by a minute. Urgent work never rests (`worker.py`).
"""

import os
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

FRESH_SECONDS, REST_SECONDS, LATE_SECONDS, PATIENT_SECONDS = 0.3, 0.5, 3.0, 60.0
_late_at = [-LATE_SECONDS]  # by the monotonic clock, when this process last did something together that was late


def _mark() -> Path:
    return Path(settings.LEEWARD.data_dir) / "busy"


def note_pressure() -> None:
    """Record that a report is coming in."""
    if connection.vendor != "sqlite":
        return
    with suppress(OSError):
        try:
            os.utime(_mark())
        except FileNotFoundError:
            _mark().touch()


def is_pressed() -> bool:
    """Return whether a report came in just now."""
    try:
        return connection.vendor == "sqlite" and 0 <= time.time() - _mark().stat().st_mtime < FRESH_SECONDS
    except OSError:
        return False


def rest_seconds(
    late_seconds: float, spent_seconds: float, *, is_together: bool = False, gives_way: bool = False
) -> float:
    """Return how long to rest after a job under pressure. What is done together rests long while it is recent, and a quarter of the
    job's duration once it is late, so that it keeps up with a steady stream of reports. All else rests long until it is late by a
    minute, and then thrice the job's duration; long, too, while it gives way to what is done together. Pure."""
    if is_together:
        return REST_SECONDS if late_seconds < LATE_SECONDS else min(spent_seconds / 4, REST_SECONDS)
    return REST_SECONDS if gives_way or late_seconds < PATIENT_SECONDS else min(spent_seconds * 3, REST_SECONDS)


def note_together(late_seconds: float) -> None:
    """Record how late it was when this process did something together."""
    if late_seconds >= LATE_SECONDS:
        _late_at[0] = time.monotonic()


def is_together_late() -> bool:
    """Return whether something that this process did together in the last seconds was late."""
    return time.monotonic() - _late_at[0] < LATE_SECONDS
