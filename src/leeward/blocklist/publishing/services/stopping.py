"""Count how often the stop page is shown: one number a day, and nothing about who saw it."""

import threading
import time
from datetime import date

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from leeward.blocklist.publishing.models import StopCount

_SECONDS = 5.0
_lock = threading.Lock()
_waiting = 0
_written_at = 0.0


def count_shown(today: date) -> None:
    """Count one view. Counts are written at most every few seconds, so that a crowd can't stop the page."""
    global _waiting, _written_at  # noqa: PLW0603 - one number for the whole process
    with _lock:
        _waiting += 1
        if time.monotonic() - _written_at < _SECONDS:
            return
        shown, _waiting, _written_at = _waiting, 0, time.monotonic()
    try:
        _add(today, shown)
    except DatabaseError:  # the page matters more than its count
        with _lock:
            _waiting += shown


def _add(today: date, shown: int) -> None:
    if StopCount.objects.filter(day=today).update(shown=F("shown") + shown):
        return
    try:
        with transaction.atomic():
            StopCount.objects.create(day=today, shown=shown)
    except IntegrityError:
        StopCount.objects.filter(day=today).update(shown=F("shown") + shown)
