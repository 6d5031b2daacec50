"""The copy of the keys of words beside the backups: whoever may write to the place exchanges it unseen by nobody."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from leeward.audit.keys import public_key, sign
from leeward.backup.databases.postgres import Postgres
from leeward.backup.errors import BackupDamaged, BackupNotMade
from leeward.backup.rules.manifest import Cover, read_cover
from leeward.backup.services import restore
from leeward.sealing.age import recipients_of, seal
from leeward.sealing.key_copy import FILE, NAME, CopyDamaged, DataKeyRow, put_into_file, read_copy, write_copy
from leeward.sealing.store import drop, has_copied, named, note_copy, put
from tests.backup.conftest import AT, House, make_key_anew

ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="a server has the keys in its own tables")
ROW = DataKeyRow(b"n" * 16, b"wrapped", "0123456789abcdef", 20_000)


@pytest.fixture
def house(house: House) -> House:
    """The installation seals words, and has the key of one text."""
    (house.data / "words.pub").write_text("age1…")
    put([ROW])
    return house


def _put_back(house: House, place: Path, name: str = "", signed_by: tuple[str, ...] = ()) -> None:
    now = AT + timedelta(days=2)
    restore(house.folder, name, house.key, data=place, database_url="", now=now, signed_by=signed_by)


def _forged(house: House, folder: Path) -> None:
    """Somebody who knows the public key writes a copy of their own."""
    write_copy(folder / NAME, [ROW._replace(name=b"m" * 16)], recipients_of([house.public]))


def _cut(_house: House, folder: Path) -> None:
    raw = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(raw[: raw.index(b"{") - 4])


def _older(_house: House, folder: Path) -> None:
    shutil.copy(folder / "older", folder / NAME)


def _huge(_house: House, folder: Path) -> None:
    (folder / NAME).write_bytes(b"\xff" * 4 + b"age")


@pytest.mark.parametrize("exchange", [_forged, _cut, _older, _huge])
def test_one_that_was_exchanged_is_no_backup(
    exchange: Callable[[House, Path], None], house: House, tmp_path: Path
) -> None:
    first = house.back_up()
    shutil.copy(house.folder / NAME, house.folder / "older")
    last = house.back_up()
    assert house.prove().rows == house.prove(first.name).rows == 5
    exchange(house, house.folder)
    for name in (first.name, last.name):
        with pytest.raises(BackupDamaged, match=r"words\.keys is not what it was"):
            house.prove(name)
        with pytest.raises(BackupDamaged, match=r"words\.keys is not what it was"):
            _put_back(house, tmp_path / "new", name)
    assert list((tmp_path / "new").iterdir()) == []
    house.back_up()
    _put_back(house, tmp_path / "new", first.name)
    assert (tmp_path / "new" / FILE).exists()


def _lost(house: House) -> None:
    """The store is lost, and somebody who doesn't care has begun a new one."""
    for end in ("", "-wal", "-shm"):
        (house.data / f"{FILE}{end}").unlink(missing_ok=True)
    put([ROW._replace(name=b"m" * 16)])


@ON_SQLITE
def test_one_with_keys_that_are_not_here_is_not_replaced(house: House) -> None:
    house.back_up()
    drop([ROW.name])
    house.back_up()  # what was destroyed on purpose goes
    assert list(read_copy(house.folder / NAME, house.key)) == []
    put([ROW])
    house.back_up()
    before = (house.folder / NAME).read_bytes()
    _lost(house)
    note_copy("of another place")
    with pytest.raises(BackupNotMade, match=r"words\.keys there has keys of words that are not here"):
        house.back_up()
    assert (house.folder / NAME).read_bytes() == before
    (house.folder / NAME).rename(house.folder / "kept")
    assert house.back_up().files


@ON_SQLITE
def test_a_place_of_another_installation_keeps_its_own(house: House) -> None:
    house.back_up()
    _lost(house)
    make_key_anew(house)
    with pytest.raises(BackupNotMade, match=r"words\.keys there has keys"):
        house.back_up()


def test_one_that_was_restored_replaces_the_copy_that_it_came_from(house: House, tmp_path: Path) -> None:
    made = house.back_up()
    _put_back(house, tmp_path / "new", made.name)
    for end in ("", "-wal", "-shm"):
        (house.data / f"{FILE}{end}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "new" / FILE, house.data / FILE)
    assert has_copied()
    assert house.back_up().files


def test_with_a_store_that_is_lost_no_backup_is_made(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.back_up()
    before = (house.folder / NAME).read_bytes()
    monkeypatch.setattr("leeward.sealing.belonging.is_lost", lambda: True)
    with pytest.raises(BackupNotMade, match=rf"{re.escape(Path(named()).name)} is missing or empty"):
        house.back_up()
    assert (house.folder / NAME).read_bytes() == before


def test_a_run_that_was_killed_before_its_backup_counted_costs_no_other(house: House) -> None:
    house.back_up()
    killed = house.back_up()
    (house.folder / killed.name).unlink()
    assert house.prove().rows == 5


def test_a_backup_from_before_goes_with_the_copy_from_before(house: House) -> None:
    """Version 0.2 signed no copy; what it wrote can be put back as long as nothing newer is there."""
    made = house.back_up()
    path = house.folder / made.name
    cover = read_cover(path.read_bytes())
    assert cover is not None
    path.write_text(_signed_again(cover).model_dump_json(exclude={"words_signed"}))
    _forged(house, house.folder)
    assert house.prove().rows == 5
    house.back_up()
    _forged(house, house.folder)
    with pytest.raises(BackupDamaged, match=r"words\.keys is not what it was"):
        house.prove(made.name)


def _signed_again(cover: Cover) -> Cover:
    cover = cover.model_copy(update={"words_signed": False})
    return cover.model_copy(update={"signature": sign(cover.signed_text())})


def test_after_the_key_was_made_anew_whoever_knows_both_says_so(house: House, tmp_path: Path) -> None:
    first = house.back_up()
    older = house.prove().signed_by
    make_key_anew(house)
    house.back_up()
    with pytest.raises(BackupDamaged, match=r"words\.keys is not what it was"):
        _put_back(house, tmp_path / "new", first.name, (older,))
    _put_back(house, tmp_path / "new", first.name, (older, public_key()))
    assert (tmp_path / "new" / FILE).exists()


@pytest.mark.parametrize(
    "line",
    [
        ["bg==", "bg==", "0123456789abcde\n\\.\n\\! touch /tmp/x\n", 1],
        ["bg==", "bg==", "0123456789abcdef", "1\n\\.\nDROP TABLE people_hotline;"],
        ["bg==", "bg==", "0123456789abcdef", 1 << 70],
        ["!", "bg==", "0123456789abcdef", 1],
        ["bg==", "0123456789abcdef"],
        7,
    ],
)
def test_no_line_of_it_is_a_command_for_a_database(line: object, house: House, tmp_path: Path) -> None:
    sealed = seal(json.dumps([line]).encode(), recipients_of([house.public]))
    (tmp_path / NAME).write_bytes(len(sealed).to_bytes(4, "big") + sealed)
    (tmp_path / "database").mkdir()
    with pytest.raises(CopyDamaged):
        Postgres("").put_word_keys(read_copy(tmp_path / NAME, house.key), tmp_path, "")


def test_a_key_that_stands_there_twice_is_damage(tmp_path: Path) -> None:
    with pytest.raises(CopyDamaged):
        put_into_file(tmp_path / FILE, [ROW, ROW])
