"""The copy of the keys of words beside the backups: whoever may write to the place exchanges it unseen by nobody."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pyrage import encrypt

from leeward.audit.keys import public_key, sign
from leeward.backup.databases.postgres import Postgres
from leeward.backup.errors import BackupDamaged, BackupNotMade, NotRestored, WordsCopyGood, WordsCopyUnusable
from leeward.backup.places import Folder
from leeward.backup.rules.manifest import Cover, read_cover
from leeward.backup.services import Restored, listed, restore
from leeward.cli.main import run
from leeward.sealing.age import new_key, recipients_of, seal, sealed_by
from leeward.sealing.key_copy import FILE, NAME, CopyDamaged, DataKeyRow, put_into_file, read_copy, write_copy
from leeward.sealing.models import WordsStore
from leeward.sealing.services import go_on_as_it_is
from leeward.sealing.store import drop, has_copied, named, note_copy, put
from tests.backup.conftest import AT, House, make_key_anew

ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="a server has the keys in its own tables")
RAW, PUBLIC = new_key()
OLDER, OLDER_PUBLIC = new_key()
WRAPPED = bytes(encrypt(b"k" * 32, recipients_of([PUBLIC])))
ROW = DataKeyRow(b"n" * 16, WRAPPED, "0123456789abcdef", 20_000)


@pytest.fixture
def house(house: House) -> House:
    """The installation seals words, and has the key of one text."""
    (house.data / "words.key").write_bytes(RAW)
    (house.data / "words.pub").write_text(f"desk {PUBLIC}\n")
    put([ROW])
    return house


def _put_back(house: House, place: Path, name: str = "", signed_by: tuple[str, ...] = (), **more: Any) -> Restored:
    now = AT + timedelta(days=2)
    return restore(house.folder, name, house.key, data=place, database_url="", now=now, signed_by=signed_by, **more)


def _forged(house: House, folder: Path) -> None:
    """Somebody who knows the public key writes a copy of their own."""
    theirs = {"words.key": OLDER, "words.pub": f"desk {OLDER_PUBLIC}\n".encode()}
    write_copy(folder / NAME, [ROW._replace(name=b"m" * 16)], recipients_of([house.public]), lambda: theirs)


def _cut(_house: House, folder: Path) -> None:
    raw = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(raw[: raw.index(b"{") - 4])


def _older(_house: House, folder: Path) -> None:
    shutil.copy(folder / "older", folder / NAME)


def _huge(_house: House, folder: Path) -> None:
    (folder / NAME).write_bytes(b"\xff" * 4 + b"age")


def _away(_house: House, folder: Path) -> None:
    (folder / NAME).unlink()


CHANGED, OLD = r"words\.keys is not what it was", r"words\.keys is older than the newest backup beside it"
MISSING = r"words\.keys is missing"
EXCHANGES = [(_forged, CHANGED), (_cut, CHANGED), (_older, OLD), (_huge, CHANGED), (_away, MISSING)]


@pytest.mark.parametrize(("exchange", "says"), EXCHANGES)
def test_one_that_was_exchanged_is_no_backup(
    exchange: Callable[[House, Path], None], says: str, house: House, tmp_path: Path
) -> None:
    first = house.back_up()
    shutil.copy(house.folder / NAME, house.folder / "older")
    last = house.back_up()
    assert house.prove().rows == house.prove(first.name).rows == 5
    exchange(house, house.folder)
    assert [bool(re.search(says, row.words)) for row in listed(house.folder)] == [True, True]
    for name in (first.name, last.name):
        with pytest.raises(WordsCopyUnusable, match=says) as found:
            house.prove(name)
        assert "--without-words" in str(found.value.hint)
        with pytest.raises(WordsCopyUnusable, match=says):
            _put_back(house, tmp_path / "new", name)
    assert list((tmp_path / "new").iterdir()) == []
    house.back_up()
    _put_back(house, tmp_path / "new", first.name)
    assert (tmp_path / "new" / FILE).exists()


def test_an_older_one_restores_its_own_backup_once_the_later_ones_are_away(house: House, tmp_path: Path) -> None:
    first = house.back_up()
    shutil.copy(house.folder / NAME, house.folder / "older")
    last = house.back_up()
    _older(house, house.folder)
    (house.folder / last.name).rename(tmp_path / last.name)
    assert _put_back(house, tmp_path / "new").made_at == (AT + timedelta(hours=1)).isoformat()
    assert (tmp_path / "new" / FILE).exists()
    assert first.name


@pytest.mark.parametrize("exchange", [exchange for exchange, _says in EXCHANGES])
def test_without_words_the_rest_is_put_back_where_they_are_lost(
    exchange: Callable[[House, Path], None], house: House, tmp_path: Path
) -> None:
    house.back_up()
    shutil.copy(house.folder / NAME, house.folder / "older")
    house.back_up()
    with pytest.raises(WordsCopyGood):
        _put_back(house, tmp_path / "new", without_words=True)
    assert list((tmp_path / "new").iterdir()) == []
    exchange(house, house.folder)
    there = (house.folder / NAME).read_bytes() if (house.folder / NAME).exists() else b""
    found = _put_back(house, tmp_path / "new", without_words=True)
    assert found.words_fault.startswith("words.keys is ")
    assert sorted(path.name for path in (tmp_path / "new").glob("words.*")) == ["words.key", "words.pub"], "no store"
    assert (tmp_path / "new/words.key").read_bytes() == RAW, "who exchanged the copy doesn't choose the keys"
    assert ((house.folder / NAME).read_bytes() if there else b"") == there


@ON_SQLITE
def test_once_a_person_gave_the_words_up_a_copy_that_turns_up_is_not_replaced(house: House, tmp_path: Path) -> None:
    house.back_up()
    (house.folder / NAME).rename(tmp_path / "turned up")
    for end in ("", "-wal", "-shm"):
        (house.data / f"{FILE}{end}").unlink(missing_ok=True)
    WordsStore.objects.create(name="as restored")
    with pytest.raises(BackupNotMade, match=r"words\.sqlite3 is missing or empty"):
        house.back_up()
    go_on_as_it_is()
    house.back_up()
    shutil.copy(tmp_path / "turned up", house.folder / NAME)
    with pytest.raises(BackupNotMade, match=r"words\.keys there has keys of words that are not here"):
        house.back_up()
    assert (house.folder / NAME).read_bytes() == (tmp_path / "turned up").read_bytes()


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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only a server is put back to a moment without its files")
def test_after_a_server_was_put_back_to_an_earlier_moment_none_is_replaced(house: House) -> None:
    house.back_up()
    drop([ROW.name])
    put([ROW._replace(name=b"m" * 16)])
    WordsStore.objects.update(copied=[])
    with pytest.raises(BackupNotMade, match=r"words\.keys there has keys of words that are not here"):
        house.back_up()


@ON_SQLITE
def test_a_place_of_another_installation_keeps_its_own(house: House) -> None:
    house.back_up()
    _lost(house)
    make_key_anew(house)
    with pytest.raises(BackupNotMade, match=r"words\.keys there has keys"):
        house.back_up()


def test_a_backup_that_is_made_while_one_is_proved_makes_no_copy_old(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another machine the copy may take minutes: what is newer then brought one of its own."""
    house.back_up()
    fetch, made = Folder.fetch, list[str]()

    def fetching(place: Folder, path: str, target: Path) -> None:
        fetch(place, path, target)
        if path == NAME and not made:
            made.append("")
            made.append(house.back_up().name)

    monkeypatch.setattr(Folder, "fetch", fetching)
    assert house.prove().name < made[-1]


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
    with pytest.raises(BackupNotMade, match=rf"{re.escape(Path(named()).name)} is (missing or )?empty"):
        house.back_up()
    assert (house.folder / NAME).read_bytes() == before


def test_a_run_that_was_killed_before_its_backup_counted_costs_no_other(house: House) -> None:
    house.back_up()
    killed = house.back_up()
    (house.folder / killed.name).unlink()
    assert house.prove().rows == 5


def test_a_backup_from_before_goes_with_the_copy_from_before(house: House, tmp_path: Path) -> None:
    """Version 0.2 signed no copy; what it wrote can be put back as long as nothing newer is there."""
    made = house.back_up()
    path = house.folder / made.name
    cover = read_cover(path.read_bytes())
    assert cover is not None
    path.write_text(_signed_again(cover).model_dump_json(exclude={"words_signed"}))
    _forged(house, house.folder)
    assert house.prove().rows == 5
    _put_back(house, tmp_path / "new", made.name)
    assert (tmp_path / "new/words.key").read_bytes() == RAW, "who wrote an unsigned copy doesn't choose the keys"
    assert (tmp_path / "new/words.pub").read_text() == f"desk {PUBLIC}\n"
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
    (row, _last) = listed(house.folder)
    assert row.words == f"words.keys is signed by another key ({public_key()})"
    assert run(["backup", "list", str(house.folder)]) == 1, "also where a stranger exchanged it"
    with pytest.raises(WordsCopyUnusable, match=r"words\.keys is signed by another key") as found:
        _put_back(house, tmp_path / "new", first.name, (older,))
    assert "--signed-by" in str(found.value.hint)
    with pytest.raises(WordsCopyUnusable, match=r"words\.keys is signed by another key"):
        _put_back(house, tmp_path / "new", first.name, (older,), without_words=True)
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
        Postgres("").put_word_keys(read_copy(tmp_path / NAME, house.key), tmp_path, ())


def test_a_key_that_stands_there_twice_is_damage(tmp_path: Path) -> None:
    with pytest.raises(CopyDamaged):
        put_into_file(tmp_path / FILE, [ROW, ROW])


def _of_before_a_rotation(house: House) -> str:
    """Make a backup, then have another desk key, to which the key of the text is wrapped anew, and a backup of then."""
    (house.data / "words.key").write_bytes(OLDER)
    (house.data / "words.pub").write_text(f"desk {OLDER_PUBLIC}\n")
    before = house.back_up()
    (house.data / "words.key").write_bytes(RAW)
    (house.data / "words.pub").write_text(f"desk {PUBLIC}\n")
    house.back_up()
    return before.name


def test_a_backup_of_before_a_rotation_is_restored_with_the_key_of_now(house: House, tmp_path: Path) -> None:
    before = _of_before_a_rotation(house)
    assert house.prove(before).rows == 5
    _put_back(house, tmp_path / "new", before)
    assert (tmp_path / "new/words.key").read_bytes() == RAW
    assert (tmp_path / "new/words.pub").read_text() == f"desk {PUBLIC}\n"
    assert (tmp_path / "new/words.key").stat().st_mode & 0o777 == 0o600


def test_one_whose_key_opens_nothing_is_not_whole(house: House) -> None:
    """As an older version made them after a rotation, and where somebody puts another key there."""
    (house.data / "words.key").write_bytes(OLDER)
    (house.data / "words.pub").write_text(f"desk {OLDER_PUBLIC}\n")
    house.back_up()
    with pytest.raises(BackupDamaged, match=r"words\.key in it opens none of the words"):
        house.prove()


def test_one_whose_key_is_sealed_by_a_passphrase_can_not_be_tried(house: House) -> None:
    (house.data / "words.key").write_bytes(sealed_by(OLDER, "a passphrase"))
    assert house.back_up().files
    assert house.prove().rows == 5


@pytest.mark.parametrize(
    ("file", "raw", "says"),
    [
        ("words.key", None, "is missing"),
        ("words.key", b"", "is damaged"),
        ("words.key", OLDER, "is not the one that words.pub names"),
        ("words.pub", b"x", "words.pub is damaged"),
    ],
)
def test_without_the_key_that_opens_them_no_backup_is_made(
    house: House, file: str, raw: bytes | None, says: str
) -> None:
    house.back_up()
    (house.data / file).unlink()
    if raw is not None:
        (house.data / file).write_bytes(raw)
    with pytest.raises(BackupNotMade, match=says):
        house.back_up(keep=1)
    assert len(list(house.folder.glob("*.backup"))) == 1


@pytest.mark.parametrize("hours", [-120, -2, 24])
def test_whatever_a_clock_said_every_backup_can_be_put_back(house: House, tmp_path: Path, hours: int) -> None:
    first = house.back_up()
    house.made += hours
    wrong = house.back_up()
    house.made += 1 - hours
    last = house.back_up()
    late = AT + timedelta(days=3)
    for name in (first.name, wrong.name, last.name):
        assert house.prove(name, now=late).rows == 5
        restore(house.folder, name, house.key, data=tmp_path / name, database_url="", now=late)


def test_nothing_is_restored_into_the_folder_of_an_installation(house: House) -> None:
    made = house.back_up()
    with pytest.raises(NotRestored, match="is within the data directory of an installation"):
        _put_back(house, house.data / "inside/deep", made.name)
    assert not (house.data / "inside").exists()


def test_on_older_tables_it_is_said_how_to_bring_them_up_to_date(house: House) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="sealing", name="0004_copies_made").delete()
    with pytest.raises(BackupNotMade, match="the tables are old; run leeward serve once"):
        house.back_up()
