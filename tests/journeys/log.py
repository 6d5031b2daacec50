"""The log of an installation, read from its database: a command would load all of Leeward each time that a journey waits for a row."""

import sqlite3
from contextlib import closing
from typing import Any

from leeward.demo.running import Installation

ROWS = "SELECT chain, number, event, actor, subject, facts FROM audit_auditrow ORDER BY chain, number"


def rows_of_log(installation: Installation) -> list[dict[str, Any]]:
    """Every row of every chain, oldest first."""
    with closing(sqlite3.connect(installation.data / "leeward.sqlite3", timeout=60)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(ROWS)]


def events(installation: Installation, wanted: str) -> list[str]:
    """The events in the log that begin so, oldest first."""
    return [row["event"] for row in rows_of_log(installation) if row["event"].startswith(wanted)]
