"""How often a host may be asked per minute: for one report, and for all of them together.

Without this, one report with a few hundred addresses would make this machine send thousands of requests to the host it
names. A host is its registrable domain, so that invented names below one domain share its budget. The counts are kept
in a file of the data directory that all processes here share, under names that can't be reversed.
"""

import hmac
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from leeward.hosting.fetching.domains import domain_of
from leeward.installation.queries import config_now
from leeward.web_security.rules.bucket import Level, take

FILE = "fetching.sqlite3"
BUSY_SECONDS = 20.0
KEPT = timedelta(hours=1)
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
    with closing(_opened()) as line:
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
    path = Path(settings.LEEWARD.data_dir) / FILE
    is_new = not path.exists()
    line = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    if is_new:
        os.chmod(path, 0o600)
    line.execute("PRAGMA synchronous = OFF")  # losing a count in a crash costs nothing
    line.execute(_TABLE)
    return line


def _key(name: str) -> str:
    return hmac.new(settings.LEEWARD.secret_bytes, f"fetching {name}".encode(), sha256).hexdigest()
