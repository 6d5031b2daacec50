"""The copy of the database before an upgrade: by whom it may be made, and where there is no room for it."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from leeward.site import upgrading
from leeward.site.disk import DataUnusable
from leeward.site.upgrading import LOCK, MadeByNewerCode, NoRoomForCopy, Upgrade, make_copy
from tests.site.test_refusing import NOW, database  # noqa: F401 - a file with something in it
from tests.tables import give_tables

OF_THIS_UPGRADE = upgrading.COPY.format(at=NOW, of="0")
SERVICE = 64_702


@pytest.fixture
def upgrade(database: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Upgrade:  # noqa: F811
    """One of that database, whose copy goes into a folder of its own."""
    data = tmp_path / "data"
    data.mkdir()
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": data})
    monkeypatch.setattr(upgrading, "_database", lambda: database)
    monkeypatch.setattr(upgrading, "_mark_now", lambda: "0")
    return Upgrade(("casework 0999",), 1, str(data / OF_THIS_UPGRADE))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files of other users")
def test_what_root_leaves_belongs_to_the_service(upgrade: Upgrade) -> None:
    data = Path(upgrade.copy).parent
    os.chown(data, SERVICE, SERVICE)
    make_copy(upgrade)
    assert {path.name: path.stat().st_uid for path in data.iterdir()} == {LOCK: SERVICE, OF_THIS_UPGRADE: SERVICE}


def test_a_lock_that_cannot_be_used_is_named(upgrade: Upgrade) -> None:
    data = Path(upgrade.copy).parent
    (data / LOCK).mkdir()
    with pytest.raises(DataUnusable, match=f"{data}: is a directory .{LOCK}"):
        make_copy(upgrade)
    (data / LOCK).rmdir()
    (data / LOCK).symlink_to(data / "elsewhere")
    with pytest.raises(DataUnusable, match="symbolic links"):
        make_copy(upgrade)
    assert not (data / "elsewhere").exists()


def test_where_there_is_no_room_the_copy_of_a_killed_upgrade_is_named(
    upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Path(upgrade.copy)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: shutil._ntuple_diskusage(10**9, 10**9, 9_000_000))
    with pytest.raises(NoRoomForCopy) as refused:
        make_copy(upgrade)
    assert "Free some space" in str(refused.value.hint)
    of_another = target.with_name(upgrading.COPY.format(at=NOW - timedelta(days=2), of="1"))
    of_this = target.with_name(upgrading.COPY.format(at=NOW - timedelta(days=1), of="0"))
    of_another.touch()
    of_this.touch()
    with pytest.raises(NoRoomForCopy) as refused:
        make_copy(upgrade)
    assert f"{of_this} was made before this same upgrade" in str(refused.value.hint)
    assert str(of_another) not in str(refused.value.hint)
    assert of_this.exists(), "a person decides"


def test_what_is_not_in_the_file_yet_needs_room_as_well(upgrade: Upgrade, database: Path) -> None:  # noqa: F811
    assert upgrading._megabytes() == 0
    with closing(sqlite3.connect(database)) as writing:
        writing.execute("PRAGMA journal_mode = WAL")
        writing.execute("PRAGMA wal_autocheckpoint = 0")
        with writing:
            writing.executemany("INSERT INTO words VALUES (?)", [("x" * 1000,)] * 3000)
        assert upgrading._megabytes() >= 3


def test_a_database_that_another_program_keeps_is_the_servers_trouble(
    upgrade: Upgrade,
    database: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda place, **more: connect(place, **more | {"timeout": 0.1}))
    with closing(connect(database)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OperationalError, match="locked"):
            make_copy(upgrade)
    assert not list(Path(upgrade.copy).parent.glob("*.sqlite3*"))


def test_whoever_goes_back_to_the_copy_is_held(upgrade: Upgrade, database: Path) -> None:  # noqa: F811
    """As after a restoring: what went out since is in none of its rows, and would go out again. The database itself is not held."""
    database.unlink()
    give_tables(database)
    make_copy(upgrade)
    held = "SELECT count(*) FROM backup_restoration WHERE confirmed_at IS NULL AND prepared_at IS NULL AND NOT moved"
    for place, count in ((Path(upgrade.copy), 1), (database, 0)):
        with closing(sqlite3.connect(place)) as file:
            assert file.execute(held).fetchone() == (count,)
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert [path.name for path in Path(upgrade.copy).parent.glob("*before-upgrade-*")] == [OF_THIS_UPGRADE]


@pytest.mark.django_db
def test_of_a_server_it_is_said_how_the_copy_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading.connection, "vendor", "postgresql")
    with pytest.raises(MadeByNewerCode) as refused:
        upgrading._need_known({("casework", "0999_new")}, set())
    assert "leeward backup hold --at" in str(refused.value.hint)
