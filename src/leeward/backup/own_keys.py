"""Whether the secret and the keys in a backup are those that the database in it knows by their fingerprints. Needs no Django."""

import sqlite3
from contextlib import closing
from pathlib import Path

from leeward.audit.rules.fingerprints import fingerprint_of
from leeward.foundation.environment_file import values_of
from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _

SECRET, LOG_KEY = "secret", "audit.key"
OWN_KEYS = (SECRET, LOG_KEY, "lists.key")
_GIVEN = "LEEWARD_SECRET"


def fault_in_keys(database: Path, data: Path, environment: str) -> LazyText | None:
    """Return what is wrong with the first of these files in a data directory, as part of a sentence; None if nothing is. `database`: a copy of
    the installation's, or of the tables of its log. `environment`: its settings as lines, which may hold the secret in place of a file."""
    for name, known in _prints_in(database).items():
        there = _contents(name, data, environment)
        if not there:
            return _("{path} is missing", path=name)
        if known not in {fingerprint_of(name, key) for key in there}:
            if known in {fingerprint_of(name, key) for key in _contents(name, data, "")}:
                return _(
                    "LEEWARD_SECRET is set and takes the place of the file {path}, which is the right one", path=name
                )
            return _("{path} is not the one that its database was made with", path=name)
    return None


def _contents(name: str, data: Path, environment: str) -> list[bytes]:
    """Return what a file holds, or may hold; nothing where it is missing."""
    given = values_of(_GIVEN, environment)
    if name == SECRET and any(given):
        return [value.encode() for value in given]
    if not (data / name).is_file():
        return []
    raw = (data / name).read_bytes()
    return [raw.strip() if name == SECRET else raw]


def _prints_in(database: Path) -> dict[str, str]:
    """Return the fingerprints of the keys that are files; none in a database of before there were any."""
    with closing(sqlite3.connect(database)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit_keyprint'").fetchone():
            return {}
        known = dict(connection.execute("SELECT name, print FROM audit_keyprint"))
    return {name: known[name] for name in OWN_KEYS if name in known}
