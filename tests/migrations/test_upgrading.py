"""A database of an earlier release becomes the one of today, and a killed upgrade leaves it as it was."""

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.migrations.databases import another
from tests.migrations.record import releases

pytestmark = pytest.mark.django_db  # on PostgreSQL too

MADE_THEN = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
executor.migrate(list(%s.items()))
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
MOMENTS = [
    ("CREATE TABLE", 90),
    ('INSERT INTO "django_migrations"', 30),
    ('INSERT INTO "auth_permission"', 1),
]


@pytest.fixture(scope="module")
def shape_of_today(tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[tuple[str, str, str]]]:
    with another(tmp_path_factory.mktemp("today")) as today:
        assert today.run("prepare_database()") == 0
        yield today.shape()


@pytest.mark.parametrize("release", releases())
def test_a_database_of_an_earlier_release_becomes_the_one_of_today(
    release: str, tmp_path: Path, shape_of_today: set[tuple[str, str, str]]
) -> None:
    with another(tmp_path) as database:
        assert database.run(MADE_THEN % json.dumps(releases()[release])) == 0
        before = database.shape()
        assert database.run(MORTAL % ('INSERT INTO "django_migrations"', 2)) == -signal.SIGKILL
        assert database.shape() == before
        assert database.run("prepare_database()") == 0
        assert database.shape() == shape_of_today


def test_a_kill_leaves_an_empty_database_which_two_starts_at_once_fill(
    tmp_path: Path, shape_of_today: set[tuple[str, str, str]]
) -> None:
    with another(tmp_path) as database, ThreadPoolExecutor(2) as both:
        for moment in MOMENTS:
            assert database.run(MORTAL % moment) == -signal.SIGKILL, moment
            assert database.shape() == set(), moment
        assert list(both.map(database.run, ["prepare_database()"] * 2)) == [0, 0]
        assert database.shape() == shape_of_today
