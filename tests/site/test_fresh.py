"""A database that is built at once is the one that the migrations would have made."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

BY_MIGRATIONS = """
from leeward.site import fresh
fresh.is_empty = lambda connection: False
from leeward.site.start import prepare_database, start
start(); prepare_database()
"""
AT_ONCE = "from leeward.site.start import prepare_database, start; start(); prepare_database(); prepare_database()"
# What stands inside a table's own SQL and in no list of SQLite's.
WITHIN = re.compile(r'CONSTRAINT "[^"]+"|CHECK \([^()]*(?:\([^()]*\)[^()]*)*\)|AUTOINCREMENT|COLLATE \w+')


def _made(folder: Path, script: str) -> sqlite3.Connection:
    environment = {**os.environ, "LEEWARD_DATA": str(folder), "LEEWARD_DATABASE_URL": "", "LEEWARD_SECRET": "s"}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=300)
    return sqlite3.connect(folder / "leeward.sqlite3")


def _shape(database: sqlite3.Connection) -> dict[tuple[str, str], object]:
    """Every table with its columns in no order, foreign keys and constraints; every index, trigger and view by its text."""
    found: dict[tuple[str, str], object] = {}
    for kind, name, text in database.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    ):
        if kind != "table":
            found[kind, name] = text
            continue
        columns = sorted(row[1:] for row in database.execute(f'PRAGMA table_info("{name}")'))
        keys = sorted(row[2:] for row in database.execute(f'PRAGMA foreign_key_list("{name}")'))
        found[kind, name] = (columns, keys, sorted(WITHIN.findall(text)))
    found["rows", "django_migrations"] = sorted(database.execute("SELECT app, name FROM django_migrations"))
    found["rows", "auth_permission"] = sorted(database.execute("SELECT codename FROM auth_permission"))
    return found


@pytest.mark.slow
def test_a_new_database_is_what_the_migrations_make(tmp_path: Path) -> None:
    step_by_step, at_once = _shape(_made(tmp_path / "a", BY_MIGRATIONS)), _shape(_made(tmp_path / "b", AT_ONCE))
    assert {key: at_once.get(key) for key in step_by_step} == step_by_step
    assert set(at_once) == set(step_by_step)


def test_an_attempt_that_was_broken_off_leaves_nothing_and_the_next_one_is_whole(tmp_path: Path) -> None:
    broken = """
from django.db.migrations.recorder import MigrationRecorder
def fall(self, app, name):
    raise SystemExit(9)
MigrationRecorder.record_applied = fall
from leeward.site.start import prepare_database, start
start(); prepare_database()
"""
    with pytest.raises(subprocess.CalledProcessError):
        _made(tmp_path, broken)
    tables = sqlite3.connect(tmp_path / "leeward.sqlite3").execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    assert tables == (0,)
    assert len(_shape(_made(tmp_path, AT_ONCE))) > 100
