"""Two folders put together: of one installation, whose backups went elsewhere while one was not there, or of two."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pyrage import encrypt

from leeward.audit.keys import public_key
from leeward.backup.errors import BackupDamaged, WordsCopyOld
from leeward.backup.rules.manifest import read_cover
from leeward.backup.services import listed, restore
from leeward.sealing.age import key_of, new_key, recipients_of
from leeward.sealing.errors import KeyDoesNotOpen
from leeward.sealing.key_copy import FILE, NAME, DataKeyRow
from leeward.sealing.models import WordsStore
from leeward.sealing.services import go_on_as_it_is
from leeward.sealing.store import last_number, note_copy, put
from tests.backup.conftest import AT, House, make_key_anew

RAW, PUBLIC = new_key()


def _row(name: bytes) -> DataKeyRow:
    return DataKeyRow(name * 16, bytes(encrypt(b"k" * 32, recipients_of([PUBLIC]))), "0" * 16, 20_000)


@pytest.fixture
def house(house: House) -> House:
    """The installation seals words."""
    (house.data / "words.key").write_bytes(RAW)
    (house.data / "words.pub").write_text(f"desk {PUBLIC}\n")
    put([_row(b"n")])
    return house


def _elsewhere(house: House, place: Path) -> str:
    """Make a backup in an empty folder, with a word that came in since; return its name."""
    usual, house.folder = house.folder, place
    place.mkdir()
    put([_row(b"m")])
    made = house.back_up().name
    house.folder = usual
    return made


def _added(place: Path, to: Path) -> None:
    """As cp -n does."""
    for file in (path for path in place.rglob("*") if path.is_file()):
        there = to / file.relative_to(place)
        if not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, there)


def _put_back(house: House, place: Path, name: str = "", **more: Any) -> list[bytes]:
    """Restore; return the names of the keys of words."""
    restore(house.folder, name, house.key, data=place, database_url="", now=AT + timedelta(days=2), **more)
    with closing(sqlite3.connect(place / FILE)) as file:
        return sorted(name[:1] for (name,) in file.execute("SELECT name FROM data_key"))


def _number(house: House, place: Path, name: str) -> int:
    cover = read_cover((place / name).read_bytes())
    assert cover is not None
    return cover.number


def test_no_number_is_given_twice_whatever_place_a_backup_is_in(house: House, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        assert _number(house, house.folder, house.back_up().name) == number
    newest = _elsewhere(house, tmp_path / "local")
    assert _number(house, tmp_path / "local", newest) == 4
    older = tmp_path / "older"
    shutil.copytree(house.folder, older)
    _added(tmp_path / "local", house.folder)
    with pytest.raises(WordsCopyOld):
        _put_back(house, tmp_path / "new", newest)
    shutil.copytree(tmp_path / "local", house.folder, dirs_exist_ok=True)
    assert not any(one.words for one in listed(house.folder))
    assert house.prove().name == newest
    assert _put_back(house, tmp_path / "new", newest) == [b"m", b"n"]


def test_the_number_goes_along_with_what_is_restored(house: House, tmp_path: Path) -> None:
    house.back_up()
    last = house.back_up().name
    _put_back(house, tmp_path / "new", last)
    for end in ("", "-wal", "-shm"):
        (house.data / f"{FILE}{end}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "new" / FILE, house.data / FILE)
    assert last_number() == 2
    assert _number(house, tmp_path / "local", _elsewhere(house, tmp_path / "local")) == 3


def test_a_copy_that_is_noted_without_a_number_leaves_the_last_one(house: House) -> None:
    house.back_up()
    note_copy("of none")
    assert last_number() == 1
    assert house.back_up().files
    assert last_number() == 2


def _begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """As older versions did, which remembered no number."""
    monkeypatch.setattr("leeward.backup.making.last_number", lambda: 0)


def test_where_older_versions_gave_a_number_twice_the_newest_is_known(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begun_anew(monkeypatch)
    for _night in range(3):
        older = house.back_up().name
    newest = _elsewhere(house, tmp_path / "local")
    assert _number(house, tmp_path / "local", newest) == 1
    _added(tmp_path / "local", house.folder)
    assert all(one.words for one in listed(house.folder))
    with pytest.raises(WordsCopyOld) as found:
        _put_back(house, tmp_path / "new")
    assert newest in str(found.value.hint)
    assert older not in str(found.value.hint)
    shutil.copytree(tmp_path / "local", house.folder, dirs_exist_ok=True)
    assert not any(one.words for one in listed(house.folder))
    passed_over: list[tuple[str, ...]] = []
    assert house.prove(passing_over=passed_over.append).name == newest
    assert passed_over == []
    assert _put_back(house, tmp_path / "new") == [b"m", b"n"]


def test_where_no_number_tells_it_the_way_that_is_named_works(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first ones of the usual folder are thinned out, so that no number is there twice."""
    _begun_anew(monkeypatch)
    older = [house.back_up(keep=2).name for _night in range(4)][2:]
    newest = _elsewhere(house, tmp_path / "local")
    shutil.copytree(tmp_path / "local", house.folder, dirs_exist_ok=True)
    with pytest.raises(WordsCopyOld) as found:
        _put_back(house, tmp_path / "new", newest)
    assert all(name in str(found.value.hint) for name in older)
    assert newest not in str(found.value.hint)
    for name in older:
        (house.folder / name).rename(tmp_path / name)
    assert _put_back(house, tmp_path / "new") == [b"m", b"n"]


def test_of_two_installations_in_one_folder_ours_is_taken(house: House, tmp_path: Path) -> None:
    ours = house.back_up().name
    signed_by, key = public_key(), house.key
    (house.folder / NAME).rename(tmp_path / NAME)
    make_key_anew(house)
    raw, house.public = new_key()
    theirs = house.back_up().name
    (tmp_path / NAME).replace(house.folder / NAME)
    assert house.prove(signed_by=(signed_by,)).name == ours
    assert _put_back(house, tmp_path / "new", signed_by=(signed_by,)) == [b"n"]
    with pytest.raises(KeyDoesNotOpen, match=f"not the key of the backup {theirs}"):
        house.prove()
    house.key = key_of(raw)
    with pytest.raises(BackupDamaged, match=f"{theirs} is not whole: it is signed by another key"):
        house.prove(signed_by=("of nobody here",))
    (house.folder / "20991128T060000.000000Z.backup").write_bytes(b"")
    house.key = key
    damaged = "20261128T233000.000000Z.backup"
    (house.folder / damaged).write_bytes(b"")
    with pytest.raises(BackupDamaged, match=f"{damaged} is not whole"):
        house.prove(signed_by=(signed_by,))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server has the keys in its own tables")
def test_numbers_go_on_where_words_were_given_up_in_a_restoring(house: House, tmp_path: Path, settings: Any) -> None:
    with closing(sqlite3.connect(house.data / "leeward.sqlite3")) as file, file:
        names = [row[1] for row in file.execute("PRAGMA table_info(sealing_wordsstore)")]
        row = {"id": 1, "name": "of this house", "copied": "[]"}
        marks = ", ".join("?" for _name in names)
        file.execute(
            f"INSERT INTO sealing_wordsstore ({', '.join(names)}) VALUES ({marks})",
            [row.get(name, 0) for name in names],
        )
    for _night in range(5):
        last = house.back_up(keep=2).name
    (house.folder / NAME).unlink()
    restore(
        house.folder,
        last,
        house.key,
        data=tmp_path / "new",
        database_url="",
        now=AT + timedelta(days=2),
        without_words=True,
    )
    with closing(sqlite3.connect(tmp_path / "new" / "leeward.sqlite3")) as file:
        ((copied,),) = file.execute("SELECT copied FROM sealing_wordsstore")
    for end in ("", "-wal", "-shm"):
        (house.data / f"{FILE}{end}").unlink(missing_ok=True)
    WordsStore.objects.update_or_create(pk=1, defaults={"name": "as restored", "copied": json.loads(copied)})
    go_on_as_it_is()
    assert last_number() == 5
    assert _number(house, tmp_path / "disk2", _elsewhere(house, tmp_path / "disk2")) == 6
