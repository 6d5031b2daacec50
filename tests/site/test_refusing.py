"""What stops the start, and the copy that is made before the tables change."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from leeward.audit.models import AuditRow, AuditTip
from leeward.audit.tree.checkpoints import oldest_unsigned
from leeward.backup.databases.postgres import ProgramFailed
from leeward.backup.errors import BackupNotMade
from leeward.cli import main
from leeward.cli.main import _remedy
from leeward.site import refusing, upgrading
from leeward.site.refusing import ClockBehind, DamagedDatabase, need_clock, need_whole, take_clock_as_right
from leeward.site.upgrading import (
    MadeByNewerCode,
    MadeByOtherCode,
    NoRoomForCopy,
    Upgrade,
    UpgradeFailed,
    copies,
    forget_copies,
    make_copy,
    plan,
)
from tests import commands
from tests.audit.test_log import some_acts
from tests.site.test_keys import Installed
from tests.tables import give_beginnings, give_tables

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    place = tmp_path / "some.sqlite3"
    with closing(sqlite3.connect(place)) as made, made:
        made.execute("CREATE TABLE words (word TEXT)")
        made.executemany("INSERT INTO words VALUES (?)", [(f"word {number} " * 20,) for number in range(2000)])
        made.execute("CREATE INDEX by_word ON words (word)")
    return place


def beside_newer_database(folder: Path) -> dict[str, str]:
    """The environment of commands on a database that a newer version made."""
    with closing(sqlite3.connect(give_tables(folder / "leeward.sqlite3"))) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('casework', '0999_new', ?)", [NOW.isoformat()]
        )
        database.commit()
    return os.environ | {"LEEWARD_DATA": str(folder), "LEEWARD_DATABASE_URL": "", "LEEWARD_SECRET": "s"}


def flipped(place: Path, at: int, count: int = 200) -> None:
    raw = bytearray(place.read_bytes())
    raw[at : at + count] = bytes(byte ^ 0xFF for byte in raw[at : at + count])
    place.write_bytes(raw)


def test_a_damaged_file_is_named(database: Path, tmp_path: Path) -> None:
    assert need_whole(tmp_path / "none.sqlite3")
    assert need_whole(database)
    whole = database.read_bytes()
    flipped(database, 4096 * 30, 4096)
    with pytest.raises(DamagedDatabase, match=r"some\.sqlite3 is damaged"):
        need_whole(database)
    database.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedDatabase):
        need_whole(database)
    database.write_bytes(b"\0" * 8192)
    with pytest.raises(DamagedDatabase, match="not a database"):
        need_whole(database)
    database.write_bytes(b"")
    assert need_whole(database), "a setup may have been interrupted"
    (tmp_path / "audit.key").touch()
    with pytest.raises(DamagedDatabase, match="not a database"):
        need_whole(database)


def test_serve_looks_at_the_public_faces_own_file_too(database: Path, tmp_path: Path) -> None:
    house = Installed(tmp_path / "data")
    give_beginnings(house.data)
    house.environment |= {"LEEWARD_PUBLIC_DATABASE": "public.sqlite3"}
    flipped(database, 4096 * 30, 4096)
    database.rename(house.data / "public.sqlite3")
    done = house.serve()
    assert done.returncode == 2, done.stderr
    assert "public.sqlite3 is damaged" in done.stderr


def test_serve_refuses_the_public_faces_file_of_another_installation(tmp_path: Path) -> None:
    house = Installed(tmp_path / "data")
    give_beginnings(house.data)
    file = tmp_path / "between" / "public.sqlite3"
    file.parent.mkdir(mode=0o700)
    file.with_name("public.sqlite3-owner").write_text("another")
    house.environment |= {"LEEWARD_PUBLIC_DATABASE": str(file)}
    done = house.serve()
    assert done.returncode == 2, done.stderr
    assert f"LEEWARD_PUBLIC_DATABASE names {file}, which another installation uses" in done.stderr
    assert "leeward spool take-over" in done.stderr
    assert not file.exists()


def test_a_large_file_is_not_looked_through_for_ever(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusing, "LOOKS_FOR_SECONDS", -1.0)
    monkeypatch.setattr(refusing, "_INSTRUCTIONS", 1)
    assert not need_whole(database)


def test_what_cannot_be_read_now_is_not_called_damaged(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = database.rename(database.with_name("100% #1?.sqlite3"))
    assert need_whole(place), "whatever a folder is called"
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda name, uri, timeout: connect(name, uri=uri, timeout=timeout / 300))
    with closing(connect(place)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert not need_whole(place)

    def forbidden(*_arguments: object, **_options: object) -> None:
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise error

    monkeypatch.setattr(sqlite3, "connect", forbidden)
    assert not need_whole(place)


@pytest.mark.django_db
def test_a_clock_behind_the_log_stops_the_start() -> None:
    need_clock(NOW)
    some_acts(1)
    AuditTip.objects.update(at="2026-11-28T12:05:00.000000+00:00")
    need_clock(NOW)
    AuditTip.objects.update(at="2026-11-28T12:05:01.000000+00:00")
    with pytest.raises(ClockBehind, match=r"says 2026-11-28 12:00 \(UTC\), but the log has a row of 2026-11-28 12:05"):
        need_clock(NOW)


@pytest.mark.django_db
def test_that_the_clock_is_right_is_said_once() -> None:
    """Of several hotlines one may have nothing to write for days: the machine that is started anew meanwhile serves."""
    some_acts(1, hotline_id=1)
    some_acts(1, hotline_id=2)
    AuditTip.objects.filter(chain=1).update(at="2026-11-28T12:00:00.000000+00:00")
    AuditTip.objects.filter(chain=2).update(at="2026-11-30T12:00:00.000000+00:00")
    take_clock_as_right(NOW)
    need_clock(NOW)
    assert list(AuditRow.objects.filter(event="clock.confirmed").values_list("chain", flat=True)) == [2]


@pytest.mark.django_db
def test_the_command_that_the_refusal_names_lets_the_next_start_serve(capsys: pytest.CaptureFixture[str]) -> None:
    """Where systemd starts it nobody can give the start an option; it is tried again every five seconds."""
    now = datetime.now(UTC)
    some_acts(1)
    AuditTip.objects.update(at=(now + timedelta(days=1)).isoformat(timespec="microseconds"))
    with pytest.raises(ClockBehind) as refused:
        need_clock(now)
    assert "leeward clock confirm" in str(refused.value.hint)
    assert main.run(["clock", "confirm"]) == 0, capsys.readouterr().err
    need_clock(now)


@pytest.mark.django_db
def test_a_time_that_cannot_be_read_is_named() -> None:
    some_acts(1)
    AuditTip.objects.update(at="2026-1")
    with pytest.raises(DamagedDatabase, match=r"is damaged: Invalid isoformat string: '2026-1'"):
        need_clock(NOW)
    assert oldest_unsigned(NOW) >= 0


def test_the_damage_itself_is_named_and_the_way_out_is_true() -> None:
    said = "*** in database main ***\nTree 5 page 30: btreeInitPage() returns error code 11"
    assert refusing._named(said) == "Tree 5 page 30: btreeInitPage() returns error code 11"
    assert refusing._named("row 3 missing from index by_word") == "row 3 missing from index by_word"
    for trouble in ("database disk image is malformed", "file is not a database", "Could not decode to UTF-8 column"):
        assert "restore the newest backup" in _remedy(trouble)


@pytest.mark.django_db
def test_older_code_leaves_a_newer_database_alone() -> None:
    assert plan(NOW).steps == ()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('casework', '0999_new', %s)", [NOW])
        with pytest.raises(MadeByNewerCode, match="casework 0999_new") as refused:
            plan(NOW)
        # SQLite would write what is in there over the copy; that of a server can't say itself that it is one.
        is_file = connection.vendor == "sqlite"
        left = "delete leeward.sqlite3-wal and -shm first" if is_file else "leeward backup hold --at"
        assert left in str(refused.value.hint)
        cursor.execute("UPDATE django_migrations SET app = 'slice_of_later' WHERE name = '0999_new'")
        with pytest.raises(MadeByNewerCode, match="slice_of_later 0999_new"):
            plan(NOW)


@pytest.mark.parametrize(
    "words",
    [
        *(
            ("doctor",),
            ("doctor", "--deploy"),
            ("backup", "create", "there"),
            ("audit", "verify"),
            ("audit", "checkpoint"),
        ),
        *(("account", "list"), ("case", "list"), ("clock", "confirm"), ("portal", "changes"), ("settings", "export")),
        *(
            ("spool", "list"),
            ("token", "list"),
            ("witness", "list"),
            ("blocklist", "publications", "--list", "1"),
            ("language", "list"),
        ),
        *(("address", "locate", "a.example"), ("address", "rdap", "a.example"), ("bank", "sign", "there")),
        *(
            ("blocklist", "serve-dns"),
            ("blocklist", "stop-page", "--out", "there"),
            ("keys", "status"),
            ("law", "status"),
        ),
        *(("backup", "schedule"), ("learning", "harvest", "https://l.example/"), ("scan", "there", "--bank", "all")),
    ],
)
def test_commands_of_older_code_say_so_before_they_look_at_a_newer_database(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = commands.leeward(*words, environment=beside_newer_database(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "made by a newer Leeward (it knows casework 0999_new)" in done.stderr
    assert len(done.stderr.splitlines()) <= 3
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("words", [("address", "proxies"), ("contact", "known"), ("indicators", "list")])
def test_commands_that_read_no_table_work_beside_any_database(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = commands.leeward(*words, environment=beside_newer_database(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.slow
def test_an_upgrade_of_nothing_says_that_there_is_nothing(tmp_path: Path) -> None:
    """As in the wrong folder: who reads “Done.” takes their installation for upgraded."""
    environment = os.environ | {"LEEWARD_DATA": str(tmp_path), "LEEWARD_DATABASE_URL": "", "LEEWARD_SECRET": "s" * 24}
    done = commands.leeward("upgrade", "--plan", environment=environment)
    assert f"There is no {tmp_path}/leeward.sqlite3 yet" in done.stdout
    assert "another data directory" in done.stdout
    give_tables(tmp_path / "leeward.sqlite3")
    done = commands.leeward("upgrade", "--plan", environment=environment)
    assert (done.returncode, "There is no" in done.stdout) == (0, False)


def test_nothing_is_signed_with_a_key_that_is_not_of_this_installation(tmp_path: Path) -> None:
    give_beginnings(tmp_path)
    environment = os.environ | {"LEEWARD_DATA": str(tmp_path), "LEEWARD_DATABASE_URL": "", "LEEWARD_SECRET": ""}
    signed = tmp_path / "list.csv"
    signed.write_text("sha256\n")
    assert commands.leeward("words", "status", environment=environment).returncode == 0
    assert commands.leeward("bank", "sign", signed, environment=environment).returncode == 0
    shutil.copyfile(tmp_path / "lists.key", tmp_path / "audit.key")
    done = commands.leeward("bank", "sign", signed, environment=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert "audit.key is not the one that this database was made with" in done.stderr


@pytest.mark.django_db
def test_a_database_from_before_the_first_version_is_not_called_newer() -> None:
    """Then `jobs` had another name, and most tables were made by other steps."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET app = 'duties' WHERE app = 'jobs'")
        with pytest.raises(MadeByOtherCode, match=r"duties 0001_initial.*and not jobs 0001_initial") as refused:
            plan(NOW)
    assert "by a newer Leeward" not in refused.value.text
    assert "before version 0.1.0" in str(refused.value.hint)


def test_the_copy_is_whole_private_and_goes_after_a_week(
    database: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})
    monkeypatch.setattr(upgrading, "_database", lambda: database)
    monkeypatch.setattr(upgrading, "_mark_now", lambda: "0")
    place = tmp_path / upgrading.COPY.format(at=NOW, of="0")
    make_copy(Upgrade(("casework 0999",), 1, ""))
    assert copies() == []
    make_copy(Upgrade(("casework 0999",), 1, str(place)))
    assert copies() == [place]
    assert place.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(place)) as copy:
        assert copy.execute("SELECT count(*) FROM words").fetchone() == (2000,)
    made = datetime.fromtimestamp(place.stat().st_mtime, UTC)
    assert forget_copies(made + timedelta(days=6)) == 0
    assert forget_copies(made + timedelta(days=8)) == 1
    assert copies() == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: shutil._ntuple_diskusage(10**9, 10**9, 20_000_000))
    with pytest.raises(NoRoomForCopy, match="needs 28 MB; 20 MB are free"):
        make_copy(Upgrade(("casework 0999",), 9, str(place)))


@pytest.mark.django_db
@pytest.mark.skipif(not os.environ.get("LEEWARD_DATABASE_URL"), reason="a server is copied")
def test_a_server_that_changes_is_copied_too(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})
    monkeypatch.setattr(upgrading, "_mark_now", lambda: "0")
    place = tmp_path / upgrading.COPY_OF_SERVER.format(at=NOW, of="0")
    make_copy(Upgrade(("casework 0999",), 1, str(place)))
    assert copies() == [place]
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.read_bytes().startswith(b"PGDMP")
    listed = subprocess.run(["pg_restore", "-l", str(place)], capture_output=True, text=True, check=True).stdout
    assert "TABLE DATA public audit_auditrow" in listed
    assert "TABLE DATA public sealing_datakey" not in listed, "what was withdrawn since stays withdrawn"
    assert "TABLE DATA public spool_arrival" in listed, "what waits for the desk is nowhere else"
    monkeypatch.setattr("leeward.backup.databases.postgres.Postgres._run", failing)
    with pytest.raises(BackupNotMade, match="server version"):
        make_copy(Upgrade(("casework 0999",), 1, str(place)))
    assert {path.name for path in tmp_path.iterdir()} == {place.name, upgrading.LOCK}, "no half of one stays"


def failing(*_command: object) -> str:
    raise ProgramFailed("aborting because of server version mismatch")


def test_half_a_copy_never_has_its_name(
    database: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})
    monkeypatch.setattr(upgrading, "_database", lambda: database)
    monkeypatch.setattr(upgrading, "_mark_now", lambda: "0")
    connect, seen = sqlite3.connect, []

    def limited(place: Path, timeout: float = 5) -> sqlite3.Connection:
        seen.append(copies())
        made = connect(place, timeout=timeout)
        made.execute("PRAGMA max_page_count = 20")
        return made

    monkeypatch.setattr(sqlite3, "connect", limited)
    with pytest.raises(NoRoomForCopy):
        make_copy(Upgrade(("casework 0999",), 1, str(tmp_path / upgrading.COPY.format(at=NOW, of="0"))))
    assert seen == [[], []]
    assert {path.name for path in tmp_path.iterdir()} == {"some.sqlite3", upgrading.LOCK}
    killed = tmp_path / f".{upgrading.COPY.format(at=NOW, of='0')}.77"
    killed.touch()
    os.utime(killed, (NOW.timestamp(), NOW.timestamp()))
    assert copies() == []
    assert forget_copies(NOW + timedelta(days=8)) == 1


def test_what_is_not_the_fault_of_a_step_stays_what_it_is(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    upgrade = Upgrade(("casework 0999",), 1, str(copy))
    full, ill = sqlite3.OperationalError("full"), sqlite3.OperationalError("input or output")
    full.sqlite_errorcode, ill.sqlite_errorcode = sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR
    for cause, is_kept in ((full, False), (ill, True)):
        copy.touch()
        error = OperationalError(str(cause))
        error.__cause__ = cause
        with pytest.raises(OperationalError, match=str(cause)), upgrading.or_as_before(upgrade):
            raise error
        assert copy.exists() is is_kept
    with pytest.raises(UpgradeFailed, match=r"ValueError: no such kind"), upgrading.or_as_before(upgrade):
        raise ValueError("no such kind")
    assert not copy.exists()


@pytest.mark.slow
@pytest.mark.skipif(bool(os.environ.get("LEEWARD_DATABASE_URL")), reason="a file is damaged")
def test_the_commands_say_it_in_one_sentence(tmp_path: Path) -> None:
    installed = Installed(tmp_path / "data")
    give_beginnings(installed.data)
    done = installed.run("upgrade", "--plan")
    assert (done.returncode, done.stdout.startswith("The tables are as this version needs them")) == (0, True)
    place = installed.data / "leeward.sqlite3"
    with closing(sqlite3.connect(place)) as database, database:
        last = database.execute("SELECT id, app, name FROM django_migrations ORDER BY id DESC").fetchone()
        database.execute("DELETE FROM django_migrations WHERE id = ?", last[:1])
    done = installed.run("upgrade", "--plan")
    assert f"  {last[1]} {last[2]}" in done.stdout
    assert "A copy would be made first" in done.stdout
    assert list(installed.data.glob(upgrading.COPIES)) == []
    with closing(sqlite3.connect(place)) as database, database:
        database.execute(
            "CREATE TRIGGER no BEFORE INSERT ON django_migrations BEGIN SELECT RAISE(ABORT, 'no more'); END"
        )
    done = installed.run("upgrade")
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, len(lines) <= 2) == (2, True), done.stderr
    assert f"({last[1]} {last[2]}: " in lines[0]
    assert "as they were before" in lines[0]
    assert list(installed.data.glob(upgrading.COPIES)) == [], "tried again and again it fills no disk"
    flipped(place, place.stat().st_size // 2, 40_000)
    done = installed.serve()
    assert done.returncode == 2
    lines = done.stderr.strip().splitlines()
    assert len(lines) <= 2
    assert "is damaged" in lines[0]
    give_beginnings(place.parent)
    words = installed.data / "words.sqlite3"
    words.write_bytes(b"half of what it was")
    done = installed.serve()
    assert done.returncode == 2
    assert f"The database {words} is damaged" in done.stderr
