"""The public face's own file: what is in it, how it follows the database, and what it survives."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from leeward.site.apart import file as apart_file
from leeward.site.apart import mirror as apart_mirror
from leeward.site.apart.file import APART, MIRRORED, PublicFileUnusable, open_file, schema_of
from leeward.site.apart.mirror import STATE, Mirror, copy_table, count_changes, state_of
from leeward.site.rights import PUBLIC_RIGHTS
from tests.tables import give_tables

HELPLINES = "people_helpline"  # a mirrored table whose rows need no other rows here


@pytest.fixture
def main(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database with all tables that counts changes."""
    with closing(sqlite3.connect(give_tables(tmp_path / "leeward.sqlite3"), isolation_level=None)) as database:
        given = apart_mirror.connection
        try:
            apart_mirror.connection = Cursors(database)  # type: ignore[assignment]
            count_changes()
            count_changes()
        finally:
            apart_mirror.connection = given
        yield database


class Cursors:
    """Stands in for Django's connection: the test has a database of its own."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.cursor = lambda: closing(database.cursor())


@pytest.fixture
def mirror(main: sqlite3.Connection, tmp_path: Path) -> Iterator[Mirror]:
    made = Mirror(tmp_path / "leeward.sqlite3", tmp_path / "public" / "public.sqlite3")
    yield made
    made.close()


def add(main: sqlite3.Connection, number: int, name: str = "People who help") -> None:
    columns = [row for row in main.execute(f"PRAGMA table_info({HELPLINES})") if row[3] and row[1] != "id"]
    given = {
        row[1]: f"{name} {number}" if row[2].startswith("varchar") or row[2] == "text" else 1 for row in columns
    } | {"id": number}
    marks = ", ".join("?" * len(given))
    main.execute(f"INSERT INTO {HELPLINES} ({', '.join(given)}) VALUES ({marks})", list(given.values()))


def rows(database: sqlite3.Connection, table: str = HELPLINES) -> list[tuple[object, ...]]:
    return database.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()


def test_the_file_has_what_is_named_and_nothing_else(main: sqlite3.Connection, mirror: Mirror) -> None:
    assert set(MIRRORED) | set(APART) <= {right.table for right in PUBLIC_RIGHTS}
    assert not set(MIRRORED) & set(APART)
    assert set(mirror.run()) == set(MIRRORED)
    with closing(open_file(mirror.public)) as file:
        found = schema_of(file)
        assert {name for name, (kind, *_) in found.items() if kind == "table"} == set(MIRRORED) | set(APART)
        assert found == schema_of(main, (*MIRRORED, *APART))
        assert rows(file, "django_migrations") == rows(main, "django_migrations") != []
    assert mirror.public.stat().st_mode & 0o777 == 0o600


def test_what_changed_is_copied_and_nothing_else_is_looked_at(main: sqlite3.Connection, mirror: Mirror) -> None:
    mirror.run()
    assert mirror.run() == []
    for change in (
        lambda: [add(main, number) for number in (3, 1, 2)],
        lambda: main.execute(f"UPDATE {HELPLINES} SET name = 'Others' WHERE id = 2"),
        lambda: main.execute(f"DELETE FROM {HELPLINES} WHERE id = 3"),
        lambda: main.execute(f"UPDATE {HELPLINES} SET id = 9 WHERE id = 1"),
        lambda: main.execute(f"DELETE FROM {HELPLINES}"),
    ):
        change()
        assert mirror.run() == [HELPLINES]
        with closing(open_file(mirror.public)) as file:
            assert rows(file) == rows(main)
            assert copy_table(main, file, HELPLINES) == 0


def test_while_somebody_keeps_the_file_locked_the_database_can_be_written(
    main: sqlite3.Connection, mirror: Mirror, tmp_path: Path
) -> None:
    mirror.run()
    add(main, 1)
    with closing(sqlite3.connect(mirror.public, isolation_level=None)) as theirs:
        theirs.execute("BEGIN IMMEDIATE")
        thread = threading.Thread(target=mirror.try_once, args=(tmp_path / "state",))
        thread.start()
        thread.join(0.3)
        began = time.monotonic()
        add(main, 2)
        assert time.monotonic() - began < 2
        assert thread.is_alive(), "it waits for the file all the while"
        theirs.execute("ROLLBACK")
        thread.join(30)
    assert mirror.run() in ([], [HELPLINES])
    with closing(open_file(mirror.public)) as file:
        assert rows(file) == rows(main)


def test_columns_that_pages_need_not_stay_away(main: sqlite3.Connection, mirror: Mirror) -> None:
    main.execute(
        "INSERT INTO indicators_publication (id, hotline_id, portal_id, year, edition, shown, counted, medians, typed, note, at)"
        """ VALUES (1, 1, 1, 2025, 1, '{"reports": null}', '{"reports": 1}', '{}', '[]', 'a note', '2026-01-01')"""
    )
    main.execute(
        "INSERT INTO audit_audittip (chain, number, hash, at, signature, salt, origin, began_anew)"
        " VALUES (5, 17, 'abc', '2026-01-01', '', 'salt', 'here', 2)"
    )
    mirror.run()
    with closing(open_file(mirror.public)) as file:
        asked = "SELECT shown, counted, note FROM indicators_publication"
        assert list(file.execute(asked)) == [('{"reports": null}', "{}", "a note")]
        asked = "SELECT chain, number, hash, salt, origin, began_anew FROM audit_audittip"
        assert list(file.execute(asked)) == [(5, 0, "", None, "", 0)]
        assert copy_table(main, file, "audit_audittip") == 0
        assert copy_table(main, file, "indicators_publication") == 0


def test_an_upgrade_brings_new_columns_and_keeps_what_was_taken_in(main: sqlite3.Connection, mirror: Mirror) -> None:
    add(main, 1)
    mirror.run()
    with closing(open_file(mirror.public)) as file:
        file.execute("INSERT INTO publishing_stopcount (day, shown) VALUES ('2026-11-29', 17)")
    for table in (HELPLINES, "publishing_stopcount"):
        main.execute(f"ALTER TABLE {table} ADD COLUMN later integer NOT NULL DEFAULT 5")
    main.execute(f"CREATE INDEX later_one ON {HELPLINES} (later)")
    fresh = Mirror(mirror.main, mirror.public)  # the worker of the new version
    fresh.run()
    fresh.close()
    with closing(open_file(mirror.public)) as file:
        assert schema_of(file) == schema_of(main, (*MIRRORED, *APART))
        unread = 0  # a column that no page is said to need stays as it is in a new row
        assert rows(file) == [(*row[:-1], unread) for row in rows(main)]
        assert rows(file, "publishing_stopcount") == [("2026-11-29", 17, 5)]


# Made by the version before, which knew neither what is urgent, nor what was kept back, nor what a receipt shows.
OLDER = """
    DROP INDEX arrival_next; DROP INDEX arrival_problem; DROP INDEX arrival_kept_back;
    ALTER TABLE spool_arrival DROP COLUMN is_urgent;
    ALTER TABLE spool_arrival DROP COLUMN problem;
    ALTER TABLE spool_arrival DROP COLUMN shows;
    INSERT INTO spool_arrival (id, name, digest, once, kind, hotline_number, portal_number, language, received_at, receipt, sealed)
        VALUES (7, 'first', 'd1', '', 'report', 1, 1, 'en', '2026-11-29 10:00:00', '', 'sealed words'),
               (9, 'second', 'd2', '', 'report', 1, 1, 'en', '2026-11-29 10:00:01', '', 'other words');
"""


def test_what_waits_gets_the_usual_value_of_a_new_column_since_the_database_has_none(
    main: sqlite3.Connection, mirror: Mirror
) -> None:
    mirror.run()
    _in_file(mirror.public, OLDER)
    fresh = Mirror(mirror.main, mirror.public)  # the worker of the new version
    fresh.run()
    fresh.close()
    with closing(open_file(mirror.public)) as file:
        assert schema_of(file) == schema_of(main, (*MIRRORED, *APART))
        waiting = file.execute("SELECT id, name, sealed, is_urgent, problem, shows FROM spool_arrival ORDER BY id")
        assert list(waiting) == [
            (7, "first", "sealed words", 0, "", "{}"),
            (9, "second", "other words", 0, "", "{}"),
        ]


@pytest.mark.parametrize(
    "column", ["later integer NOT NULL", "later integer CHECK (id < 8)", "later integer, UNIQUE (sealed)"]
)
def test_where_a_row_that_waits_does_not_fit_nothing_is_lost_and_a_sentence_names_why(
    column: str, main: sqlite3.Connection, mirror: Mirror, tmp_path: Path
) -> None:
    mirror.run()
    _in_file(mirror.public, OLDER + "UPDATE spool_arrival SET sealed = 'same'")
    with closing(open_file(mirror.public)) as file:
        before = rows(file, "spool_arrival"), schema_of(file)
    (made,) = main.execute("SELECT sql FROM sqlite_master WHERE name = 'spool_arrival'").fetchone()
    main.execute("DROP TABLE spool_arrival")
    main.execute(f"{made.removesuffix(')')}, {column})")
    fresh = Mirror(mirror.main, mirror.public)
    assert not fresh.try_once(tmp_path / STATE)
    fresh.close()
    assert "constraint failed" in state_of(tmp_path)[1]
    with closing(open_file(mirror.public)) as file:
        assert (rows(file, "spool_arrival"), schema_of(file)) == before


# A row that the face wrote past a rule of its table, after it was taken over.
FORBIDDEN = """
    DROP INDEX arrival_next;
    ALTER TABLE spool_arrival DROP COLUMN is_urgent;
    INSERT INTO spool_arrival (id, name, digest, once, kind, hotline_number, portal_number, language, received_at, receipt, sealed, problem, shows)
        VALUES (7, 'first', 'd1', '', 'report', 1, 1, 'en', '2026-11-29 10:00:00', '', 'sealed words', '', '{}');
    PRAGMA ignore_check_constraints = ON;
    INSERT INTO spool_arrival (id, name, digest, once, kind, hotline_number, portal_number, language, received_at, receipt, sealed, problem, shows)
        VALUES (9, 'second', 'd2', '', 'report', 1, 1, 'en', '2026-11-29 10:00:01', '', 'same', '', 'no json');
"""


@pytest.mark.parametrize("rule", ["", "CHECK (id < 7)"])
def test_a_row_that_no_rule_allowed_jams_no_upgrade_and_takes_no_other_along(
    rule: str, main: sqlite3.Connection, mirror: Mirror, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mirror.run()
    _in_file(mirror.public, FORBIDDEN)
    if rule:  # of the new version, that the honest row breaks
        (made,) = main.execute("SELECT sql FROM sqlite_master WHERE name = 'spool_arrival'").fetchone()
        main.execute("DROP TABLE spool_arrival")
        main.execute(f"{made.removesuffix(')')}, later integer {rule})")
    fresh = Mirror(mirror.main, mirror.public)  # the worker of the new version
    assert fresh.try_once(tmp_path / STATE) is not bool(rule)
    fresh.close()
    with closing(open_file(mirror.public)) as file:
        left = [row[0] for row in file.execute("SELECT id FROM spool_arrival ORDER BY id")]
        assert (schema_of(file) == schema_of(main, (*MIRRORED, *APART))) is not bool(rule)
    assert left == ([7, 9] if rule else [7])
    assert ("public.rows_left_out" in caplog.messages) is not bool(rule)


def test_a_restored_database_a_lost_file_and_rows_of_somebody_else_end_alike(
    main: sqlite3.Connection, mirror: Mirror
) -> None:
    add(main, 1)
    mirror.run()
    for harm in (
        lambda: main.executescript(f"UPDATE public_mirror SET changes = 0; UPDATE {HELPLINES} SET name = 'Before'"),
        lambda: [path.unlink() for path in mirror.public.parent.iterdir()],
        lambda: _in_file(mirror.public, f"UPDATE {HELPLINES} SET name = 'Ours'"),
        lambda: _in_file(mirror.public, "CREATE TABLE mine (a); CREATE VIEW seen AS SELECT 1"),
        lambda: _in_file(
            mirror.public, f"CREATE TRIGGER late AFTER DELETE ON {HELPLINES} BEGIN SELECT RAISE(FAIL, 'no'); END"
        ),
        lambda: _in_file(mirror.public, f"DROP TABLE {HELPLINES}"),
        lambda: _in_file(mirror.public, f"UPDATE {HELPLINES} SET name = CAST(X'FF00' AS text)"),
        lambda: _in_file(
            mirror.public, "DROP TABLE spool_card; CREATE TABLE spool_card AS SELECT NULL AS receipt, NULL AS shows"
        ),
    ):
        harm()
        mirror.seen = {}  # as an hour later, or in the next worker
        mirror.run()
        with closing(open_file(mirror.public)) as file:
            assert rows(file) == rows(main)
            assert schema_of(file) == schema_of(main, (*MIRRORED, *APART))


def test_a_file_that_is_made_anew_is_filled_at_once_whatever_its_number(
    main: sqlite3.Connection, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(main, 1)
    mirror.run()
    make = apart_mirror.make

    def make_alike(path: Path) -> None:
        make(path)
        mirror.inode = path.stat().st_ino  # as ext4 gives it again

    monkeypatch.setattr(apart_mirror, "make", make_alike)
    for path in mirror.public.parent.iterdir():
        path.unlink()
    assert set(mirror.run()) == set(MIRRORED)
    with closing(open_file(mirror.public)) as file:
        assert rows(file) == rows(main)


def test_a_name_that_is_no_text_is_one_sentence(main: sqlite3.Connection, mirror: Mirror, tmp_path: Path) -> None:
    mirror.run()
    with closing(sqlite3.connect(mirror.public)) as file:
        file.executescript("PRAGMA writable_schema = ON; CREATE TABLE mine (a)")
        file.execute("UPDATE sqlite_master SET name = CAST(X'6DFF' AS text) WHERE name = 'mine'")
        file.commit()
    fresh = Mirror(mirror.main, mirror.public)
    assert not fresh.try_once(tmp_path / STATE)
    assert state_of(tmp_path)[1]


def _in_file(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.executescript(script)
        file.commit()


@pytest.mark.parametrize(
    "harm", ["damaged", "rollback journal", "link", "writable folder", "locked", "a value too long"]
)
def test_a_file_that_cannot_be_used_is_one_sentence_and_the_desk_goes_on(
    harm: str, main: sqlite3.Connection, mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(main, 1)
    state = tmp_path / STATE
    assert mirror.try_once(state)
    at, _nothing = state_of(tmp_path)
    assert at
    monkeypatch.setattr(apart_file, "WAITS_SECONDS", 0)
    held = sqlite3.connect(mirror.public, isolation_level=None)
    path = mirror.public
    if harm == "damaged":
        path.write_bytes(os.urandom(8192))
    elif harm == "rollback journal":
        held.close()
        _in_file(path, "PRAGMA journal_mode=DELETE")
    elif harm == "link":
        path.replace(path.with_name("other"))
        path.symlink_to(tmp_path / "leeward.sqlite3")
    elif harm == "writable folder":
        path.parent.chmod(0o770)
    elif harm == "locked":
        held.execute("BEGIN IMMEDIATE")
    else:
        held.execute(f"UPDATE {HELPLINES} SET name = zeroblob(70000000)")
    before = rows(main)
    mirror.seen = {}
    assert not mirror.try_once(state)
    assert (state_of(tmp_path)[0], bool(state_of(tmp_path)[1])) == (at, True)
    assert rows(main) == before
    held.close()


def test_a_table_full_of_rows_of_somebody_else_is_emptied_not_read(main: sqlite3.Connection, mirror: Mirror) -> None:
    mirror.run()
    _in_file(
        mirror.public,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
        "INSERT INTO audit_keyprint (name, print, kept_at) SELECT i, i, i FROM n",
    )
    with closing(open_file(mirror.public)) as file:
        assert copy_table(main, file, "audit_keyprint") == len(rows(main, "audit_keyprint"))
        assert rows(file, "audit_keyprint") == rows(main, "audit_keyprint")


def test_no_file_of_another_user_or_that_is_none_is_opened(tmp_path: Path) -> None:
    with pytest.raises(PublicFileUnusable, match="no such file"):
        open_file(tmp_path / "public.sqlite3")
    assert list(tmp_path.iterdir()) == []
