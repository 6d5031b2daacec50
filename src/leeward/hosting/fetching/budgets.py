"""How often a host may be asked per minute: for one report, and for all of them together.

Without this, one report with a few hundred addresses would make this machine send thousands of requests to the host it
names. A host is its registrable domain, so that invented names below one domain share its budget. The counts are kept
in a file of the data directory that all processes here share, under names that can't be reversed. No case waits for that file:
a damaged one is made anew, and while it can't be read or written each process counts for itself.
"""

import hmac
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from leeward.hosting.fetching.domains import domain_of
from leeward.installation.queries import config_now
from leeward.web_security.rules.bucket import Level, take

log = logging.getLogger(__name__)
FILE = "fetching.sqlite3"
BUSY_SECONDS = 20.0
KEPT = timedelta(hours=1)
_PRIMARY = 0xFF  # of SQLite's error codes; the rest says more of the same
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}  # the last: its table is another
_TABLE = "CREATE TABLE IF NOT EXISTS level (name TEXT PRIMARY KEY, tokens REAL NOT NULL, at REAL NOT NULL)"


def asker(on_behalf: str) -> Callable[[str], bool]:
    """Return a callable for the client: whether a host may be asked now on behalf of a report (any name for it)."""

    def may_ask(host: str) -> bool:
        config, domain = config_now(), domain_of(host)
        return take_all(
            [
                (f"{on_behalf} {domain}", config.fetch_report_per_minute),
                (f"all {domain}", config.fetch_host_per_minute),
            ],
            datetime.now(UTC),
        )

    return may_ask


def take_all(wanted: Sequence[tuple[str, int]], now: datetime) -> bool:
    """Take one from each of these counts (name, most in any minute), or from none if one of them is used up.

    Half of the budget is available at once and half is refilled over the minute, so that no minute exceeds it.
    """
    try:
        return _taken_in_file(wanted, now)
    except _Damaged:
        log.warning("fetching.counts_made_anew", extra={"field": FILE})
        _forget()
    try:
        return _taken_in_file(wanted, now)
    except _Damaged:
        return _taken_alone(wanted, now)


def why_unusable() -> str:
    """Return why the counts can't be kept in their file, in a few words; "" where they can, or where it is damaged and will be made
    anew."""
    path = _path()
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)) as line:
            line.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        return "" if _primary(error) in _BUSY | _DAMAGED else str(error)
    return "" if os.access(path, os.W_OK) else "it is read-only"


class _Damaged(Exception):
    """Nothing can be made of what stands in the file."""


class _Alone:
    """The counts of this process while the file can't be used."""

    line: sqlite3.Connection | None = None
    is_noted = False
    lock = threading.Lock()


def _taken_in_file(wanted: Sequence[tuple[str, int]], now: datetime) -> bool:
    """Do it in the file all share, or in this process's own memory where that file can't be read or written. Raises _Damaged."""
    try:
        with closing(_opened()) as line:
            is_free = _taken(line, wanted, now)
    except sqlite3.DatabaseError as error:
        if _primary(error) in _BUSY:
            raise
        if _primary(error) in _DAMAGED:
            raise _Damaged from error
        if not _Alone.is_noted:
            log.warning("fetching.counts_unusable", extra={"field": FILE}, exc_info=True)
            _Alone.is_noted = True
        return _taken_alone(wanted, now)
    except (ValueError, TypeError, OverflowError, OSError) as error:  # a moment or a number that is none
        raise _Damaged from error
    _Alone.is_noted = False
    return is_free


def _taken_alone(wanted: Sequence[tuple[str, int]], now: datetime) -> bool:
    with _Alone.lock:
        if _Alone.line is None:
            line = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            line.execute(_TABLE)
            _Alone.line = line
        return _taken(_Alone.line, wanted, now)


def _taken(line: sqlite3.Connection, wanted: Sequence[tuple[str, int]], now: datetime) -> bool:
    line.execute("BEGIN IMMEDIATE")
    levels = []
    for name, most in wanted:
        key, burst = _key(name), max(most // 2, 1)
        row = line.execute("SELECT tokens, at FROM level WHERE name = ?", (key,)).fetchone()
        before = Level(row[0], datetime.fromtimestamp(row[1], UTC)) if row else Level(float(burst), now)
        is_there, after = take(before, now, per_minute=max(most - burst, 1), burst=burst)
        if not is_there:
            line.execute("ROLLBACK")
            return False
        levels.append((key, after.tokens, after.at.timestamp()))
    line.executemany("INSERT OR REPLACE INTO level VALUES (?, ?, ?)", levels)
    line.execute("DELETE FROM level WHERE at < ?", ((now - KEPT).timestamp(),))
    line.execute("COMMIT")
    return True


def _opened() -> sqlite3.Connection:
    path = _path()
    is_new = not path.exists()
    line = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        if is_new:
            with suppress(OSError):  # another process may have taken it away as damaged
                os.chmod(path, 0o600)
        line.execute("PRAGMA synchronous = OFF")  # losing a count in a crash costs nothing
        line.execute(_TABLE)
    except BaseException:
        line.close()
        raise
    return line


def _forget() -> None:
    """Take away the file and what SQLite keeps beside it."""
    for ending in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            _path().with_name(FILE + ending).unlink()


def _path() -> Path:
    return Path(settings.LEEWARD.data_dir) / FILE


def _primary(error: sqlite3.DatabaseError) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY


def _key(name: str) -> str:
    return hmac.new(settings.LEEWARD.secret_bytes, f"fetching {name}".encode(), sha256).hexdigest()
