"""Reporters never wait for background work: while reports come in, the worker rests between two jobs.

SQLite has one writer at a time, and each of its transactions waits for the disk. The web process touches an empty file
when a report comes in; the worker checks it after each job. Under any pressure each of its threads still carries out
one job every REST_SECONDS, and it works four fifths of the time once waiting jobs are late, so that nobody can stop the
work by sending reports. Urgent work never rests (`worker.py`).
"""

import os
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

FRESH_SECONDS, REST_SECONDS, LATE_SECONDS = 0.3, 0.5, 3.0


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


def rest_seconds(late_seconds: float, spent_seconds: float) -> float:
    """Return how long to rest after a job under pressure: long while the waiting jobs are recent; once they are late,
    only a quarter of the job's duration, so that ordinary work keeps up with a steady stream of reports. Pure."""
    return REST_SECONDS if late_seconds < LATE_SECONDS else min(spent_seconds / 4, REST_SECONDS)
