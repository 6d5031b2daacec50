"""Databases that have their tables already: making them takes half a second of a core, and hundreds of processes of the tests want one."""

import fcntl
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from functools import cache
from hashlib import sha256
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".cache" / "tables"
# What says how tables look: another one of these, and they are made anew.
WRITTEN_IN = (
    "migrations/*.py",
    "first_tables/*.py",
    "first_tables/*.sql",
    "models.py",
    "models/*.py",
    "tables.py",
    "site/settings.py",
    "audit/append_only.py",
)
MAKE = "from leeward.site.start import prepare_database, start; start(); prepare_database()"


def give_tables(place: Path) -> Path:
    """Put an empty SQLite database with all tables there, as `leeward serve` makes one; return the place. Who has tables has a
    secret, too (`tests/environment.py` sets one)."""
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept_tables(), place)
    place.chmod(0o600)
    return place


def give_beginnings(data: Path) -> None:
    """Put there what `leeward setup` makes first: tables, and a secret of this data directory's own."""
    give_tables(data / "leeward.sqlite3")
    secret = data / "secret"
    secret.write_text(secrets.token_urlsafe(48), encoding="ascii")
    secret.chmod(0o600)


@cache
def kept_tables() -> Path:
    """The database to be copied: made once for all processes, and kept until what it is made from changes."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{_digest()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for older in KEPT.glob("*.sqlite3"):
                older.unlink()
            with tempfile.TemporaryDirectory() as data:
                environment = os.environ | {"LEEWARD_DATA": data, "LEEWARD_DATABASE_URL": ""}
                subprocess.run([sys.executable, "-c", MAKE], env=environment, check=True, timeout=300)
                made = Path(data) / "leeward.sqlite3"
                with closing(sqlite3.connect(made)) as database:  # the process may have left all of it beside the file
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                fresh = shutil.copyfile(made, kept.with_suffix(".new"))
                fresh.replace(kept)
    return kept


def _digest() -> str:
    source = ROOT / "src" / "leeward"
    total = sha256(django.get_version().encode())
    for path in sorted({path for pattern in WRITTEN_IN for path in source.rglob(pattern)}):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()[:24]
