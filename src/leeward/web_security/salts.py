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
import os
import secrets
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings

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
    kept, gone = {_path(today), _path(today + timedelta(days=1))}, 0
    for path in _place().glob(f"{_PREFIX}*"):
        if path not in kept:
            with contextlib.suppress(OSError):
                path.unlink()
                gone += 1
    return gone


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
        _make(path)


def _make(path: Path) -> None:
    """Write a new salt atomically; if another process was faster, its salt stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"new-{_PREFIX}{secrets.token_hex()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _path(day: date) -> Path:
    return _place() / f"{_PREFIX}{day.isoformat()}"


def _place() -> Path:
    return Path(settings.LEEWARD.volatile_dir)
