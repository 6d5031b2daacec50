"""The salt of the day: random, in a file of its own, deleted at midnight UTC. Without it nothing leads back to an
address.

Counting attempts needs the same caller to look the same for a while, and no longer. The salt is derived from nothing,
so neither the installation's secret nor a backup of the database brings yesterday's back. It is read from its file each
time and kept in no variable; all web processes of a machine share it. Shortly before midnight the next day's salt
already exists, and counts are kept under both, so that midnight resets nobody's count.
"""

import contextlib
import hashlib
import hmac
import secrets
import threading
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from leeward.foundation import own_files

OVERLAP = timedelta(minutes=10)  # every one of our buckets is full again after less
_PREFIX, _BYTES, _CHECK_SECONDS = "salt.", 32, 5.0


def daily_hash(what: str, on: date) -> str:
    """Return a keyed hash of `what` that can't be linked to another day's, nor guessed once its day is over."""
    return hmac.new(_salt(on), what.encode(), hashlib.sha256).hexdigest()


def hashes_at(what: str, now: datetime) -> list[str]:
    """Return the hash to read a count under, followed by all hashes to write it under."""
    return [daily_hash(what, day) for day in dict.fromkeys((now.date(), (now + OVERLAP).date()))]


def forget_past(today: date) -> int:
    """Delete the salts of all days but this one and the next; return how many. A failed deletion is retried later."""
    gone = 0
    for path in left_of_other_days(_place(), (today, today + timedelta(days=1))):
        with contextlib.suppress(OSError):
            path.unlink()
            gone += 1
    return gone


def left_of_other_days(place: Path, days: Iterable[date]) -> list[Path]:
    """Return the salts of other days than these, and what was left where making one was cut off: that has the name of the day, too, or
    none if a version up to 0.2.0 left it."""
    kept = [f"{_PREFIX}{day.isoformat()}" for day in days]
    found = (path for begins in ("", ".", "new-") for path in place.glob(f"{begins}{_PREFIX}*"))
    return sorted(path for path in found if not any(name in path.name for name in kept))


def forget_at_midnight() -> threading.Event:
    """Delete the salts of past days now and as each day ends, until this process ends or the returned event is set."""
    forget_past(datetime.now(UTC).date())
    over = threading.Event()
    threading.Thread(target=_watch, args=(over,), name="salts", daemon=True).start()
    return over


def _watch(over: threading.Event) -> None:
    while not over.wait(_CHECK_SECONDS):
        forget_past(datetime.now(UTC).date())


def _salt(day: date) -> bytes:
    path = _path(day)
    while True:
        with contextlib.suppress(FileNotFoundError):
            return path.read_bytes()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # forgotten in between: its day is over
            own_files.make(path, secrets.token_bytes(_BYTES))


def _path(day: date) -> Path:
    return _place() / f"{_PREFIX}{day.isoformat()}"


def _place() -> Path:
    return Path(settings.LEEWARD.volatile_dir)
