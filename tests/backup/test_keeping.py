"""What is kept, and what may not take the place of a good backup: a damaged database, a clock that was ahead, a copy for trial, a cut piece."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.backup.databases.postgres import Postgres, ProgramFailed
from leeward.backup.errors import BackupNotMade, DatabaseDamaged
from leeward.backup.models import Restoration
from leeward.backup.services import create, listed, restore
from leeward.cli.main import run
from leeward.foundation.errors import BadInput
from leeward.sealing.age import new_key
from leeward.site import tasks
from leeward.site.doctor import findings
from leeward.site.health import current_alarms
from leeward.site.outside import look
from tests.backup.conftest import AT, House

LATER = AT + timedelta(days=2)


def _break(house: House) -> None:
    """Let one page of the database be no page, as a disk leaves it."""
    file = house.data / "leeward.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = database.execute("PRAGMA page_size").fetchone()[0]
        page = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'people_user'").fetchone()[0]
    with file.open("r+b") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\xff" * size)


def _names(house: House) -> list[str]:
    return [row.name for row in listed(house.folder)]


def test_a_damaged_database_is_backed_up_nowhere_and_costs_no_good_backup(house: House) -> None:
    good = house.back_up(keep=1)
    house.prove()
    _break(house)
    for _night in range(3):
        with pytest.raises(DatabaseDamaged, match="the database is damaged"):
            house.back_up(keep=1)
    assert _names(house) == [good.name]
    assert house.prove().rows == 5


def test_a_copy_of_postgresql_that_cant_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_server: Postgres, *_parts: str) -> str:
        raise ProgramFailed("pg_restore: error: could not read from input file: end of file")

    monkeypatch.setattr(Postgres, "_run", fail)
    assert "can't be read (pg_restore: error" in Postgres("").damage(Path("leeward.pgdump"))


def test_the_newest_proved_one_stays_until_a_newer_one_is_proved(house: House) -> None:
    proved = house.back_up(keep=1)
    house.prove()
    made = [house.back_up(keep=2) for _ in range(4)]
    assert _names(house) == [proved.name, made[2].name, made[3].name]
    assert house.prove(proved.name).rows == 5, "its pieces are there as well"
    house.prove(made[3].name)
    last = house.back_up(keep=2)
    assert _names(house) == [made[3].name, last.name]


@pytest.fixture
def nightly(house: House, settings: Any) -> House:
    """A house whose worker makes backups, with their key there."""
    raw, house.public = new_key()
    update = {
        "backup_to": str(house.folder),
        "backup_recipients": (house.public,),
        "backup_key": raw.decode(),
        "backup_keep": 1,
    }
    settings.LEEWARD = settings.LEEWARD.model_copy(update=update)
    return house


@pytest.mark.django_db
def test_nothing_older_goes_at_night_before_the_new_one_is_proved(
    nightly: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [nightly.back_up(), nightly.back_up()]

    def fails(*_one: object, **_more: object) -> None:
        raise ProgramFailed("no")

    monkeypatch.setattr(tasks, "newest_in", lambda _where, _now: (None, None))
    with monkeypatch.context() as change:
        change.setattr(tasks, "verify", fails)
        with pytest.raises(ProgramFailed):
            tasks.back_up()
    assert len(_names(nightly)) == 3
    tasks.back_up()
    (left,) = listed(nightly.folder)
    assert left.is_verified
    assert left.name > before[1].name


@pytest.mark.django_db
def test_a_damaged_database_is_an_alarm_at_once_until_a_backup_is_made(
    nightly: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rings() -> bool:
        now = datetime.now(UTC)
        look(now)
        return "backup_failing" in {alarm.code for alarm in current_alarms(now)}

    whole = (nightly.data / "leeward.sqlite3").read_bytes()
    now = datetime.now(UTC)
    create(nightly.folder, [nightly.public], keep=1, waiting_since=None, now=now - timedelta(hours=25))
    _break(nightly)
    with pytest.raises(DatabaseDamaged):
        tasks.back_up()
    assert rings()
    assert rings(), "also after the next look"
    assert "leeward.site.E055" in {finding.id for finding in findings()}
    (nightly.data / "leeward.sqlite3").write_bytes(whole)
    tasks.back_up()
    assert not rings()


def test_one_of_a_clock_that_was_ahead_is_passed_over_and_goes_in_the_end(house: House, tmp_path: Path) -> None:
    ahead = create(house.folder, [house.public], keep=9, waiting_since=None, now=AT + timedelta(days=400))
    with pytest.raises(BadInput, match="name one"):
        house.prove()
    house.act()
    second = house.back_up(keep=2)
    heard: list[tuple[str, ...]] = []
    assert house.prove(passing_over=heard.append).name == second.name
    restore(
        house.folder,
        "",
        house.key,
        data=tmp_path / "new",
        database_url="",
        now=LATER,
        passing_over=heard.append,
    )
    assert heard == [(ahead.name,), (ahead.name,)]
    assert house.prove(ahead.name).rows == 5
    (house.folder / "verified" / ahead.name).unlink()
    third = house.back_up(keep=2)
    assert _names(house) == [second.name, third.name], "two were made after it"


def test_with_a_clock_that_is_behind_the_newest_is_not_passed_over(house: House, tmp_path: Path) -> None:
    for _night in range(3):
        house.back_up()
    with pytest.raises(BadInput, match=r"by this machine’s clock .2026-11-28 03:00 UTC.*set it, or name one"):
        restore(house.folder, "", house.key, data=tmp_path / "new", database_url="", now=AT + timedelta(hours=1))


def test_who_names_one_of_a_time_to_come_is_warned_that_the_clock_may_be_behind(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, house.public = new_key()
    key = tmp_path / "backup.key"
    key.write_bytes(raw)
    made = create(house.folder, [house.public], keep=9, waiting_since=None, now=AT + timedelta(days=4000))
    monkeypatch.setenv("LEEWARD_DATABASE_URL", "")
    for name, where in ((made.name, "new"), (house.back_up().name, "right")):
        monkeypatch.setenv("LEEWARD_DATA", str(tmp_path / where))
        run(["backup", "restore", str(house.folder), "--key", str(key), "--name", name])
        is_warned = "that is to come: set it before leeward serve." in capsys.readouterr().err
        assert is_warned is (where == "new")


def test_what_is_passed_over_is_named_to_whoever_types(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, house.public = new_key()
    key = tmp_path / "backup.key"
    key.write_bytes(raw)
    ahead = create(house.folder, [house.public], keep=9, waiting_since=None, now=AT + timedelta(days=4000))
    assert run(["backup", "verify", str(house.folder), "--key", str(key)]) == 2
    asked = capsys.readouterr().err
    assert asked.startswith("leeward: --name can't be read: by this machine’s clock")
    assert asked.count("\n") == 1
    second = house.back_up()
    assert run(["backup", "verify", str(house.folder), "--key", str(key)]) == 0
    heard = capsys.readouterr()
    assert f"Passed over, though named later: {ahead.name}." in heard.err
    assert heard.out.startswith(f"{second.name}: whole.")


def _by_held(house: House, folder: Path, hours: int) -> str:
    at = AT + timedelta(hours=hours)
    return create(folder, [house.public], keep=1, waiting_since=None, now=at, is_held=True).name


def test_a_held_copy_deletes_nothing_and_writes_not_among_the_real_ones(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real = [house.back_up(), house.back_up()]
    keys = (house.folder / "words.keys").read_bytes()
    with pytest.raises(BackupNotMade, match="name a folder of its own"):
        _by_held(house, house.folder, 10)
    assert _names(house) == [one.name for one in real]
    assert (house.folder / "words.keys").read_bytes() == keys, "they open what the real one sealed since"
    own = tmp_path / "own"
    made = [_by_held(house, own, 10), _by_held(house, own, 11)]
    assert [(row.name, row.is_held) for row in listed(own)] == [(name, True) for name in made]
    assert run(["backup", "list", str(own)]) == 0
    assert capsys.readouterr().out.endswith("\tnot verified, of a copy that nobody had confirmed\n")
    assert house.prove().name == real[1].name
    house.folder = own
    assert house.prove().name == made[1], "where no other is"
    third = house.back_up()
    assert third.name < made[0]
    heard: list[tuple[str, ...]] = []
    assert house.prove(passing_over=heard.append).name == third.name
    assert heard == [tuple(made)]


@pytest.mark.django_db
def test_the_command_of_a_held_copy_is_refused_there(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("leeward.site.start.start_on_tables", lambda: None)
    first = house.back_up()
    held = Restoration.objects.create(backup_at=AT, restored_at=AT)
    command = ["backup", "create", str(house.folder), "--to", house.public, "--keep", "1"]
    assert run(command) == 2
    assert "nobody has confirmed it" in capsys.readouterr().err
    assert _names(house) == [first.name]
    held.delete()
    assert run(command) == 0


@pytest.mark.parametrize("left", [10, 1000])
def test_a_piece_that_was_cut_is_written_anew_and_missed_by_the_list(house: House, left: int) -> None:
    first = house.back_up()
    cut = max(house.folder.glob("chunks/*/*"), key=lambda path: path.stat().st_size)
    os.truncate(cut, left)
    assert [row.missing_pieces for row in listed(house.folder)] == [1]
    second = house.back_up()
    assert second.new_pieces >= 1
    assert cut.stat().st_size > left
    assert [row.missing_pieces for row in listed(house.folder)] == [0, 0]
    assert house.prove().name == second.name
    assert house.prove(first.name).rows == 5
