"""What is read of PostgreSQL's copies without a server: the log's rows in the text of a dump."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from leeward.backup.databases.postgres import Postgres, copied
from leeward.sealing.key_copy import noted
from leeward.sealing.store import has_copied, last_number, note_copy

DUMP = """\
SET statement_timeout = 0;
COPY public.people_hotline (id, name) FROM stdin;
1\tHotline
\\.

COPY public.audit_audittip (chain, number, hash, "at", signature) FROM stdin;
1\t12\tabc\t2026-11-28T02:00:00.000000+00:00\tc2ln
0\t3\ttab\\there\\\\\t2026\t
\\.
"""


def test_the_logs_rows_are_found_and_nothing_else() -> None:
    (found,) = [(table, columns, list(rows)) for table, columns, rows in copied(io.StringIO(DUMP))]
    assert found == (
        "audit_audittip",
        ["chain", "number", "hash", "at", "signature"],
        [[1, 12, "abc", "2026-11-28T02:00:00.000000+00:00", "c2ln"], [0, 3, "tab\there\\", "2026", ""]],
    )


def test_the_password_is_no_argument_and_a_socket_is_a_folder() -> None:
    server = Postgres("postgresql://leeward:p%40ss@%2Frun%2Fpostgresql/live")
    given = {name: server.environment.get(name) for name in ("PGHOST", "PGUSER", "PGPASSWORD", "PGDATABASE")}
    assert given == {"PGHOST": "/run/postgresql", "PGUSER": "leeward", "PGPASSWORD": "p@ss", "PGDATABASE": "live"}


def test_keys_of_words_and_what_waits_with_its_own_stay_out_of_a_dump(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(Postgres, "_run", lambda _server, *parts: called.extend(parts))
    Postgres("").dump(Path("leeward.pgdump"))
    left_out = {part.partition("=public.")[2] for part in called if part.startswith("--exclude-table-data")}
    assert left_out == {"sealing_datakey", "spool_arrival"}


@pytest.mark.parametrize("waiting_since", [None, datetime(2026, 11, 28, tzinfo=UTC)])
def test_the_row_that_holds_names_no_column_that_an_older_backup_lacks(
    waiting_since: datetime | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[str] = []
    monkeypatch.setattr(Postgres, "_put", lambda _server, _dump, also: added.append(also))
    at = datetime(2026, 11, 29, tzinfo=UTC)
    Postgres("").load(Path("leeward.pgdump"), backup_at=at, waiting_since=waiting_since, now=at)
    assert ("waiting_since" in added[0]) is (waiting_since is not None)
    assert "INSERT INTO public.backup_restoration (backup_at, restored_at" in added[0]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_a_restored_store_knows_the_copy_that_its_keys_came_from(tmp_path: Path) -> None:
    note_copy("earlier", 6)
    (tmp_path / "database").mkdir()
    Postgres("").put_word_keys([], tmp_path, noted("d" * 64, 7))
    copied_in, then = (tmp_path / "database/words.copy").read_text().split("\\.\n")
    assert copied_in == "COPY public.sealing_datakey (name, wrapped, mark, day) FROM stdin;\n"
    with connection.cursor() as cursor:
        cursor.execute(then)
    assert [has_copied(digest) for digest in ("earlier", "d" * 64, "e")] == [True, True, False]
    assert last_number() == 7
    note_copy("later", 8)
    assert (last_number(), has_copied("earlier")) == (8, True)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_a_store_that_was_given_up_knows_no_copy_whose_keys_it_had(tmp_path: Path) -> None:
    note_copy("of the night before")
    (tmp_path / "database").mkdir()
    Postgres("").put_no_word_keys(tmp_path, 7)
    with connection.cursor() as cursor:
        cursor.execute((tmp_path / "database/words.copy").read_text())
    assert (has_copied(), has_copied("of the night before"), last_number()) == (True, False, 7)
