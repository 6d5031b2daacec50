"""A database of an earlier release becomes the one of today with what is in it, and a killed upgrade leaves it as it was."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.migrations import hash_votes
from tests.migrations.databases import OtherDatabase, another
from tests.migrations.record import releases
from tests.tables import give_tables

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("upgrading")]  # on PostgreSQL too

MADE_THEN = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
executor.migrate(list(%s.items()))
"""
# What is written into a database of a release, and what must be so once it is today's.
FILLED = {"first tables": hash_votes.FILLED}
CHECKED = {"first tables": hash_votes.CHECKED}
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
# The tables of one app are taken away again: the rest of an upgrade takes a second then.
OLDER = """
from django.db import connection
with connection.cursor() as cursor:
    for said in ("DROP TABLE site_sentalarm", "DELETE FROM django_migrations WHERE app = 'site'",
                 "DELETE FROM auth_permission WHERE content_type_id IN"
                 " (SELECT id FROM django_content_type WHERE app_label = 'site')",
                 "DELETE FROM django_content_type WHERE app_label = 'site'"):
        cursor.execute(said)
"""


@pytest.fixture
def shape_of_today(tmp_path: Path, db: None) -> set[tuple[str, str, str]]:
    """The tests' own database is made from nothing."""
    from django.db import connection

    server = os.environ.get("LEEWARD_DATABASE_URL", "")
    if not server:
        give_tables(tmp_path / "today" / "leeward.sqlite3")
        return OtherDatabase(tmp_path / "today", "").shape()
    return OtherDatabase(tmp_path, f"{server.rpartition('/')[0]}/{connection.settings_dict['NAME']}").shape()


@pytest.fixture(scope="module", params=releases())
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherDatabase]:
    """A database of that release, upgraded after an upgrade that was killed."""
    with another(tmp_path_factory.mktemp("release")) as database:
        made = MADE_THEN % json.dumps(releases()[request.param])
        assert database.run(made + FILLED[request.param]) == 0
        before = database.shape()
        assert database.run(MORTAL % ('INSERT INTO "django_migrations"', 2)) == -signal.SIGKILL
        assert database.shape() == before
        assert database.run("prepare_database()\n" + CHECKED[request.param]) == 0
        yield database


def test_a_database_of_an_earlier_release_becomes_the_one_of_today(
    upgraded: OtherDatabase, shape_of_today: set[tuple[str, str, str]]
) -> None:
    assert upgraded.shape() == shape_of_today


def test_of_two_starts_at_once_one_upgrades_also_after_a_kill_at_the_very_end(
    upgraded: OtherDatabase, shape_of_today: set[tuple[str, str, str]]
) -> None:
    assert upgraded.run(OLDER) == 0
    before = upgraded.shape()
    assert before != shape_of_today
    assert upgraded.run(MORTAL % ('INSERT INTO "auth_permission"', 1)) == -signal.SIGKILL
    assert upgraded.shape() == before
    with ThreadPoolExecutor(2) as both:
        assert list(both.map(upgraded.run, ["prepare_database()"] * 2)) == [0, 0]
    assert upgraded.shape() == shape_of_today


def test_a_kill_leaves_an_empty_database_empty(tmp_path: Path) -> None:
    with another(tmp_path) as database:
        assert database.run(MORTAL % ("CREATE TABLE", 20)) == -signal.SIGKILL
        assert database.shape() == set()
