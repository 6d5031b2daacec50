"""What a restoring for trial leaves where it is killed is deleted, and what fails there through no fault of the backup is said so."""

import errno
import os
import shutil
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from leeward.backup.databases.postgres import Postgres, ProgramFailed, ServerFailed, _failed
from leeward.backup.errors import NotLoaded, NotRestored
from leeward.backup.reading import _is_loaded, restore
from leeward.backup.trial import sweep_trials, trial_folder
from leeward.sealing.key_copy import DataKeyRow, put_into_file
from leeward.site import tasks
from leeward.site.models import Outside
from leeward.site.outside import PROOF
from leeward.site.tasks import back_up
from tests.backup.conftest import AT, House
from tests.backup.test_keeping import nightly
from tests.backup.test_outside import look_at_proofs, proof_alarms
from tests.migrations.databases import another

__all__ = ["nightly"]
ON_A_SERVER = pytest.mark.skipif(not os.environ.get("LEEWARD_DATABASE_URL"), reason="needs PostgreSQL")


def _left_in(place: Path) -> Path:
    folder = place / "leeward-trial-left" / "data"
    folder.mkdir(parents=True)
    (folder / "words.key").write_text("plain")
    return folder.parent


def test_a_trial_deletes_what_one_before_left_and_none_that_is_under_way(tmp_path: Path) -> None:
    left, elsewhere = _left_in(tmp_path), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "leeward-trial-link").symlink_to(elsewhere)
    with trial_folder(tmp_path) as first, trial_folder(tmp_path) as second:
        assert not left.exists()
        assert first != second
        assert sweep_trials(tmp_path) == 0
        assert first.exists()
        assert second.exists()
        assert first.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "leeward-trial-link"]


def test_what_an_older_version_restores_without_a_lock_is_left_alone_for_a_day(tmp_path: Path) -> None:
    folder = tmp_path / "leeward-verify-older"
    folder.mkdir()
    assert sweep_trials(tmp_path) == 0
    long_ago = time.time() - 25 * 3600
    os.utime(folder, (long_ago, long_ago))
    assert sweep_trials(tmp_path) == 1
    assert not folder.exists()


def test_a_folder_that_was_swept_before_it_was_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, mkdtemp, opens = list[str](), tempfile.mkdtemp, os.open

    def late(place: Path, flags: int) -> int:
        """Open it while another sweeps it up."""
        monkeypatch.setattr(os, "open", opens)
        found = opens(place, flags)
        assert sweep_trials(tmp_path) == 1
        return found

    def swept_at_first(**more: Any) -> str:
        made.append(mkdtemp(**more))
        if len(made) == 1:
            monkeypatch.setattr(os, "open", late)
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", swept_at_first)
    with trial_folder(tmp_path) as folder:
        assert str(folder) == made[1]


@pytest.mark.django_db
def test_a_proof_and_the_worker_delete_what_a_killed_proof_left(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    house.back_up()
    _left_in(scratch)
    house.prove(scratch=scratch)
    assert list(scratch.iterdir()) == []
    _left_in(scratch)
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    back_up()
    assert list(scratch.iterdir()) == []


def test_nothing_is_unpacked_that_would_fill_a_disk(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be that of the installation in use, which could store no report until the trial gave up."""
    made = house.back_up()
    room = SimpleNamespace(free=made.size + 9_999_999)
    with monkeypatch.context() as change:
        change.setattr(shutil, "disk_usage", lambda _place: room)
        change.setattr("leeward.backup.reading._write", lambda *_any: pytest.fail("it was begun"))
        with pytest.raises(
            OSError, match=rf"MB are needed in {tmp_path}/leeward-trial-\S+, and \d+ MB are free"
        ) as full:
            house.prove(scratch=tmp_path)
        assert full.value.errno == errno.ENOSPC
        with pytest.raises(NotRestored, match=rf"\d+ MB are needed in {tmp_path}/new/\S+, and \d+ MB are free"):
            restore(house.folder, "", house.key, data=tmp_path / "new", database_url="", now=AT + timedelta(days=2))
        assert list((tmp_path / "new").iterdir()) == []
    room.free += 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: room)
    assert house.prove(scratch=tmp_path).name == made.name


@pytest.mark.django_db
@ON_A_SERVER
def test_a_database_that_a_trial_left_is_dropped_and_none_in_use(tmp_path: Path) -> None:
    import psycopg

    with another(tmp_path) as other, psycopg.connect(other.url, autocommit=True) as connection:
        server = Postgres(other.url)
        query = "SELECT count(*) FROM pg_database WHERE datname = %s"
        connection.execute(f"CREATE DATABASE {server._trial}".encode())
        trial = Postgres("")
        trial.environment = server.environment | {"PGDATABASE": server._trial}
        with trial._in_use(), pytest.raises(ProgramFailed):
            server.drop_trial()
        assert connection.execute(query.encode(), [server._trial]).fetchone() == (1,)
        server.drop_trial()
        assert connection.execute(query.encode(), [server._trial]).fetchone() == (0,)
        server.drop_trial()


def test_what_the_server_says_of_itself_says_nothing_of_the_copy() -> None:
    lines = [
        "psql:l.sql:7: NOTICE:  00000: one",
        'psql:l.sql:9: FEHLER:  53100: konnte "base/1" nicht erweitern',
        "ORT:  mdextend, md.c:470",
    ]
    found = _failed("psql", 3, lines)
    assert isinstance(found, ServerFailed)
    assert str(found) == 'psql:l.sql:9: FEHLER: konnte "base/1" nicht erweitern'
    for program, ended, line, is_of_server in (
        ("psql", 3, "psql:l.sql:9: ERROR:  42P01: relation does not exist", False),
        ("psql", 2, "server closed the connection unexpectedly", True),
        ("psql", 2, "psql:l.sql:9: FATAL:  57P01: terminating connection", True),
        ("psql", 1, "psql: error: l.sql: No such file", False),
        ("pg_restore", 2, "pg_restore: error: could not read from input file", False),
    ):
        assert isinstance(_failed(program, ended, [line]), ServerFailed) is is_of_server, line


@pytest.mark.django_db
@ON_A_SERVER
def test_a_servers_own_trouble_is_told_from_a_copy_that_it_does_not_take(tmp_path: Path) -> None:
    with another(tmp_path) as other:
        server = Postgres(other.url)
        for code, is_of_server in (("53100", True), ("22000", False)):
            with pytest.raises(ProgramFailed, match="ERROR: full") as failed:
                server._psql(f"DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '{code}'; END $$")
            assert isinstance(failed.value, ServerFailed) is is_of_server
        with pytest.raises(ServerFailed):
            server._psql("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.django_db
def test_nothing_is_noted_of_a_backup_where_the_server_failed(nightly: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def server_fails(*_parts: object) -> bool:
        raise ServerFailed("No space left on device")

    monkeypatch.setattr(Postgres, "try_to_load", server_fails)
    made = nightly.back_up()
    config = tasks.settings.LEEWARD
    monkeypatch.setattr("leeward.backup.reading._is_loaded", _asking_a_server)
    monkeypatch.setattr(tasks, "newest_in", lambda _where, _now: (None, None))
    with pytest.raises(NotLoaded, match="No space left on device") as failed:
        back_up()
    assert config.backup_keep == 1
    assert "says nothing about the backup" in str(failed.value.hint)
    assert not Outside.objects.exclude(what="").exists()
    assert (nightly.folder / made.name).exists(), "nothing older goes before the new one is proved"


def _asking_a_server(name: str, manifest: Any, place: Path, _server: str) -> bool:
    return _is_loaded(name, manifest.model_copy(update={"database": "postgresql"}), place, "postgresql://there/live")


@pytest.mark.django_db
def test_a_disk_that_is_full_at_the_nightly_trial_is_called_so(nightly: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_any: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    made = nightly.back_up()
    monkeypatch.setattr(tasks, "newest_in", lambda _where, _now: (None, None))
    with monkeypatch.context() as change:
        change.setattr("leeward.backup.reading._write", full)
        with pytest.raises(OSError, match="No space left"):
            back_up()
    row = Outside.objects.get(name=PROOF)
    assert row.what.split()[1:] == ["disk_full", tempfile.gettempdir()]
    for _again in range(2):
        look_at_proofs(datetime.now(UTC))
        (alarm,) = proof_alarms(datetime.now(UTC))
        assert f"(disk_full): {tempfile.gettempdir()} has no room" in alarm.text
        assert "TMPDIR" in alarm.text
    assert (nightly.folder / made.name).exists(), "nothing older goes before the new one is proved"


def test_a_disk_that_is_full_where_sqlite_has_its_own_files_is_not_the_one_for_trials() -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    assert tasks._why_unproved(error) == "disk_full"
    assert tasks._why_unproved(KeyError("a")) == "KeyError"


def test_a_disk_that_is_full_where_keys_of_words_are_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def limited(place: Path) -> sqlite3.Connection:
        made = connect(place)
        made.execute("PRAGMA max_page_count = 8")
        return made

    monkeypatch.setattr(sqlite3, "connect", limited)
    place = tmp_path / "words.sqlite3"
    rows = [DataKeyRow(bytes([number]) * 200, b"w" * 400, "0" * 16, 1) for number in range(200)]
    with pytest.raises(OSError, match="No space left") as full:
        put_into_file(place, rows)
    assert (full.value.errno, full.value.filename) == (errno.ENOSPC, str(place))
