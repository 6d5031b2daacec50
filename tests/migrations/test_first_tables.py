"""The statements on record that make a new database. That they make what the single steps make is proved in `test_upgrading.py`: its
database of an earlier release takes every step since, and ends with the tables of a new one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from leeward.site import first_tables
from tools.record_tables import made, refuse_rows

AGAIN = "run: python tools/record_tables.py"
MOST_NEWER = 12  # each takes a new database a fifth of a second of processor time


def noted(vendor: str) -> set[tuple[str, str]]:
    """The migrations that the record holds."""
    *_, last = first_tables.statements(vendor)
    rows = [line.strip("(),").split(", ") for line in last.splitlines()[1:]]
    return {(app.strip("'"), name.strip("'")) for app, name, _ in rows}


def test_the_record_holds_migrations_that_exist_and_nearly_all_of_them() -> None:
    held, exist = noted("sqlite"), set(MigrationLoader(None).disk_migrations)
    assert held == noted("postgresql"), AGAIN
    assert held <= exist, AGAIN
    assert len(exist - held) <= MOST_NEWER, AGAIN


@pytest.fixture
def empty(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseDatabaseWrapper]:
    """A connection to a database of SQLite without tables, which `make_first_tables` uses."""
    other = connections["default"].copy()
    other.settings_dict = other.settings_dict | {"NAME": str(tmp_path / "empty.sqlite3")}
    monkeypatch.setattr(first_tables, "connection", other)
    yield other
    other.close()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file of SQLite")
def test_they_are_made_where_there_are_none_yet(empty: BaseDatabaseWrapper) -> None:
    assert first_tables.make_first_tables()
    tables = set(empty.introspection.table_names())
    assert {"casework_case", "people_user", "hosting_location_part"} <= tables
    assert not first_tables.make_first_tables()
    assert set(empty.introspection.table_names()) == tables


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has its search always")
def test_sqlite_without_search_takes_the_single_steps_which_do_without(empty: BaseDatabaseWrapper) -> None:
    empty.ensure_connection()
    empty.connection.create_function("sqlite_compileoption_used", 1, lambda _name: 0)
    assert not first_tables.make_first_tables()
    assert not empty.introspection.table_names()


def test_only_what_makes_tables_is_kept_and_nothing_is_guessed() -> None:
    assert list(made("CREATE TABLE a (\n\n b text DEFAULT '100%%')", ())) == [
        "CREATE TABLE a (\n b text DEFAULT '100%')"
    ]
    assert list(made("CREATE INDEX a ON b (c) WHERE d LIKE 'x%%'", None)) == [
        "CREATE INDEX a ON b (c) WHERE d LIKE 'x%%'"
    ]
    changed = 'SET CONSTRAINTS "a" IMMEDIATE; ALTER TABLE "b" DROP COLUMN "c"'
    assert list(made(changed, ())) == [changed]
    assert list(made("UPDATE b SET c = %s", ["x"])) == list(made("SELECT 1", None)) == []
    for unclear in ("TRUNCATE b", "DO $$ BEGIN END $$"):
        with pytest.raises(ValueError, match=unclear.split()[0]):
            list(made(unclear, None))
    with pytest.raises(ValueError, match="DEFAULT"):
        list(made("ALTER TABLE b ADD COLUMN c text DEFAULT %s", ["x"]))


@pytest.mark.django_db
def test_a_step_that_writes_rows_is_not_recorded_as_if_it_did_not() -> None:
    with connection.cursor() as cursor:
        refuse_rows(cursor, ["django_migrations", "jobs_job"])
        cursor.execute("CREATE TEMPORARY TABLE kept_rows (id integer)")
        cursor.execute("INSERT INTO kept_rows VALUES (1)")
        with pytest.raises(ValueError, match="kept_rows"):
            refuse_rows(cursor, ["kept_rows"])
