"""A database of an earlier release becomes the one of today with what is in it, and a killed upgrade leaves it as it was."""

import json
import os
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.migrations import hash_votes, holds, rounds
from tests.migrations.databases import OtherDatabase, another
from tests.migrations.record import newest, releases
from tests.tables import give_tables

pytestmark = pytest.mark.django_db  # on PostgreSQL too

MADE_THEN = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from leeward.site.own_file import may_be_made
with may_be_made():
    executor = MigrationExecutor(connection)
    executor.migrate(list(%s.items()))
"""
A_STEP_LESS = """
from django.core.management import call_command
prepare_database()
call_command("migrate", "witnessing", "0001", verbosity=0)
"""
# What is written into a database of a release, and what must be so once it is today's.
FILLED = {"0.1.0": hash_votes.FILLED + rounds.FILLED, "0.2.0": holds.FILLED}
CHECKED = {"0.1.0": hash_votes.CHECKED + rounds.CHECKED, "0.2.0": holds.CHECKED}
# The slices into whose tables these write; a step that writes rows elsewhere would be missing in a new database.
WRITTEN_TO = {"0.1.0": ("hashbank", "notices", "people"), "0.2.0": ("notices", "people")}
NO_MORE_ROWS = """
from django.db import connection
from tools.record_tables import refuse_rows
names = connection.introspection.django_table_names(only_existing=True, include_views=False)
with connection.cursor() as cursor:
    refuse_rows(cursor, [name for name in names if not name.startswith(%r)])
"""
# Killed before a statement with these words, counted.
MORTAL = """
import os, signal
from django.db import connection
words, left = %r, %d
def mortal(execute, sql, params, many, context):
    global left
    left -= words in sql
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(mortal):
    prepare_database()
"""

LATE = """
import subprocess, sys
from leeward.site import upgrading
one_at_a_time = upgrading._one_at_a_time
def late(data):
    subprocess.run([sys.executable, "-m", "leeward", "upgrade"], check=True)
    return one_at_a_time(data)
upgrading._one_at_a_time = late
prepare_database()
"""
CHANGED_MEANWHILE = """
import subprocess, sys
from datetime import UTC, datetime
from pathlib import Path
from leeward.site import upgrading
path = upgrading.plan(datetime.now(UTC)).copy
Path(path.replace("before-upgrade-20", "before-upgrade-19")).touch()
COPIED = "from leeward.site.start import *; start(); from leeward.site import upgrading; upgrading.make_copy = print; prepare_database()"
def usage(place, real=upgrading.shutil.disk_usage):
    subprocess.run([sys.executable, "-c", COPIED], check=True)
    return real(place)
upgrading.shutil.disk_usage = usage
prepare_database()
"""


@pytest.fixture
def shape_of_today(tmp_path: Path, db: None) -> set[tuple[str, str, str]]:
    """The tests' own database is a new one, made from the record of first tables."""
    from django.db import connection

    server = os.environ.get("LEEWARD_DATABASE_URL", "")
    if not server:
        give_tables(tmp_path / "today" / "leeward.sqlite3")
        return OtherDatabase(tmp_path / "today", "").shape()
    return OtherDatabase(tmp_path, f"{server.rpartition('/')[0]}/{connection.settings_dict['NAME']}").shape()


@pytest.mark.slow
@pytest.mark.parametrize("release", releases())
def test_a_database_of_an_earlier_release_becomes_the_one_of_today(
    release: str, tmp_path: Path, shape_of_today: set[tuple[str, str, str]]
) -> None:
    """Step by step; a new one is made from the record of first tables, which this shows to be right."""
    if releases()[release] == newest():
        pytest.skip("nothing has come after it yet")
    with another(tmp_path / "release") as database:
        assert database.run(MADE_THEN % json.dumps(releases()[release]) + FILLED.get(release, "")) == 0
        assert (
            database.run(
                "prepare_database()\n" + CHECKED.get(release, "") + NO_MORE_ROWS % (WRITTEN_TO.get(release, ()),)
            )
            == 0
        )
        assert database.shape() == shape_of_today


@pytest.mark.slow
def test_a_killed_upgrade_leaves_the_database_as_it_was_and_of_two_at_once_one_waits(
    tmp_path: Path, shape_of_today: set[tuple[str, str, str]]
) -> None:
    """From where a step was missing; killed when all is done but the row that says so."""
    with another(tmp_path / "yesterday") as database:
        assert database.run(A_STEP_LESS) == 0
        before = database.shape()
        assert before != shape_of_today
        assert database.run(MORTAL % ('INSERT INTO "django_migrations"', 1)) == -signal.SIGKILL
        assert database.shape() == before
        with ThreadPoolExecutor(2) as both:
            assert list(both.map(database.run, ["prepare_database()"] * 2)) == [0, 0]
        assert database.shape() == shape_of_today


@pytest.mark.slow
def test_upgrades_that_are_killed_leave_one_copy(tmp_path: Path) -> None:
    with another(tmp_path) as database:
        assert database.run(A_STEP_LESS) == 0
        of_another_time = tmp_path / "before-upgrade-20200101T000000-11111111.sqlite3"
        of_another_time.touch()
        for _ in range(2):
            (tmp_path / ".before-upgrade-20200101T000000-0.sqlite3.1").touch()
            assert database.run(MORTAL % ('INSERT INTO "django_migrations"', 1)) == -signal.SIGKILL
            time.sleep(1.1)  # a copy's name has the second
        left = {path for path in tmp_path.iterdir() if "before-upgrade" in path.name} - {of_another_time}
        assert [path.name.startswith("before") for path in left] == [True]


@pytest.mark.slow
def test_a_start_that_comes_late_keeps_the_copy_of_before_the_upgrade(tmp_path: Path) -> None:
    """Another one begins and ends between its look at the tables and its copy."""
    with another(tmp_path) as database:
        assert database.run(A_STEP_LESS) == 0
        assert database.run(LATE) == 0
        (copy,) = tmp_path.glob("before-upgrade-*")
        if not database.url:
            assert _applied(copy) < _applied(tmp_path / "leeward.sqlite3")


@pytest.mark.slow
def test_no_copy_counts_where_the_tables_change_while_it_is_made(tmp_path: Path) -> None:
    with another(tmp_path) as database:
        assert database.run(A_STEP_LESS) == 0
        assert database.run(CHANGED_MEANWHILE) == 0
        assert [path.name[:17] for path in tmp_path.glob("before-upgrade-*")] == ["before-upgrade-19"], "the other's"


def _applied(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute("SELECT count(*) FROM django_migrations").fetchone()[0])


def test_a_kill_leaves_an_empty_database_empty(tmp_path: Path) -> None:
    with another(tmp_path) as database:
        assert database.run(MORTAL % ("CREATE TABLE", 20)) == -signal.SIGKILL
        assert database.shape() == set()
