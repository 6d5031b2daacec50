"""Whoever reports never waits for what can wait: while reports come in, the worker rests between two duties.

SQLite has one writer at a time, and each of its transactions waits for the disk. The web process sets the time of an empty
file when a report comes in; the worker looks at it before it takes the next duty. Under any pressure each of its threads still
carries out one duty every REST_SECONDS, so that nobody can stop the work by sending reports.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

FRESH_SECONDS, REST_SECONDS = 0.3, 0.5


def _mark() -> Path:
    return Path(settings.LEEWARD.data_dir) / "busy"


def note_pressure() -> None:
    """Say that a report is coming in."""
    if connection.vendor != "sqlite":
        return
    with suppress(OSError):
        try:
            os.utime(_mark())
        except FileNotFoundError:
            _mark().touch()


def is_pressed() -> bool:
    """Whether a report came in just now."""
    try:
        return connection.vendor == "sqlite" and 0 <= time.time() - _mark().stat().st_mtime < FRESH_SECONDS
    except OSError:
        return False
