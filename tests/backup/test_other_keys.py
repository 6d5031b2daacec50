"""A backup key that was changed, or a second one that was added, in a folder that has backups already."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.audit.keys import public_key
from leeward.backup import making
from leeward.backup.errors import WordsCopySealedToOthers
from leeward.backup.services import Made, create, listed, restore
from leeward.cli.main import run
from leeward.sealing.age import key_of, keys_of, new_key
from leeward.sealing.errors import KeyDoesNotOpen
from leeward.sealing.key_copy import NAME
from leeward.site.tasks import back_up
from tests.backup.conftest import AT, House, make_key_anew
from tests.backup.test_put_together import _put_back, house  # noqa: F401 - seals words

OLD_ONE, NEW_ONE = new_key(), new_key()


def _made(house: House, *to: str, keep: int = 30) -> Made:  # noqa: F811
    house.made += 1
    return create(house.folder, list(to), keep=keep, waiting_since=None, now=AT + timedelta(hours=house.made))


def test_each_backup_and_the_words_open_by_the_keys_of_then(house: House, tmp_path: Path) -> None:  # noqa: F811
    old, older = house.key, house.back_up()
    raw, public = NEW_ONE
    made = _made(house, public)
    assert made.sealed_anew
    assert made.new_pieces == made.pieces
    assert _put_back(house, tmp_path / "old", older.name) == [b"n"]
    with pytest.raises(KeyDoesNotOpen):
        house.prove()
    house.key = key_of(raw)
    assert house.prove().name == made.name
    assert _put_back(house, tmp_path / "new") == [b"n"]
    with pytest.raises(KeyDoesNotOpen):
        house.prove(older.name)
    again = _made(house, house.public)
    assert again.sealed_anew
    assert again.new_pieces < again.pieces, "what was sealed to these keys before is found again"
    house.key = [key_of(raw), old]
    assert house.prove().name == again.name
    assert house.prove(made.name).name == made.name
    assert [one.sealed_to for one in listed(house.folder)] == [(house.public,), (public,), (house.public,)]


def test_a_second_key_that_is_added_opens_new_backups(house: House) -> None:  # noqa: F811
    assert not house.back_up().sealed_anew
    raw, public = NEW_ONE
    name = _made(house, house.public, public).name
    assert house.prove().name == name
    house.key = key_of(raw)
    assert house.prove().name == name
    again = _made(house, public, house.public, public)
    assert not again.sealed_anew, "in whatever order they are named"
    assert again.new_pieces < again.pieces


def test_words_are_sealed_to_earlier_keys_while_a_backup_is(house: House, tmp_path: Path) -> None:  # noqa: F811
    house.back_up()
    for _night in range(2):
        name = _made(house, NEW_ONE[1], keep=1).name
    house.key = key_of(NEW_ONE[0])
    assert len(listed(house.folder)) == 2, "the last of the earlier keys stays until one is proved"
    assert house.prove().name == name
    _made(house, NEW_ONE[1], keep=1)
    _made(house, NEW_ONE[1], keep=1)
    assert {one.sealed_to for one in listed(house.folder)} == {(NEW_ONE[1],)}
    assert _put_back(house, tmp_path / "new") == [b"n"]
    sealed = (house.folder / "words.keys").read_bytes()
    assert sealed.count(b"-> X25519 ") == 3, "keys, the empty part at their end, and the files: to one key each"


def test_it_is_said_where_keys_changed(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    (tmp_path / "both.key").write_bytes(NEW_ONE[0] + OLD_ONE[0])
    first = create(house.folder, [OLD_ONE[1]], keep=None, waiting_since=None, now=AT)
    assert run(["backup", "list", str(house.folder)]) == 0
    assert "sealed to" not in capsys.readouterr().out
    create(house.folder, [NEW_ONE[1]], keep=None, waiting_since=None, now=AT + timedelta(hours=1))
    assert run(["backup", "list", str(house.folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == [f"{OLD_ONE[1][:12]}…", f"{NEW_ONE[1][:12]}…"]
    for name in (first.name, ""):
        verify = ["backup", "verify", str(house.folder), "--key", str(tmp_path / "both.key"), "--name", name]
        assert run(verify) == 0, "each key of a file is tried"


@pytest.mark.django_db
def test_the_nightly_proof_tries_each_key_and_deletes_nothing_where_none_opens(house: House, settings: Any) -> None:  # noqa: F811
    create(house.folder, [OLD_ONE[1]], keep=None, waiting_since=None, now=datetime.now(UTC) - timedelta(days=2))
    update = {
        "backup_to": str(house.folder),
        "backup_recipients": (NEW_ONE[1],),
        "backup_keep": 1,
        "backup_key": OLD_ONE[0].decode(),
    }
    settings.LEEWARD = settings.LEEWARD.model_copy(update=update)
    with pytest.raises(KeyDoesNotOpen):
        back_up()
    assert len(listed(house.folder)) == 2
    key = (OLD_ONE[0] + NEW_ONE[0]).decode()
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"backup_key": key})
    house.key = keys_of(key.encode())
    assert house.prove(now=datetime.now(UTC)).name == listed(house.folder)[-1].name


@pytest.fixture
def without_names(house: House, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: F811
    """The backup key was changed after an older version made a backup, whose file names no keys; its name."""
    with monkeypatch.context() as older:
        cover = making.Cover
        older.setattr(making, "Cover", lambda **more: cover(**more | {"sealed_to": []}))
        name = house.back_up().name
    assert _made(house, NEW_ONE[1]).sealed_anew
    return name


@pytest.mark.parametrize("without_words", [False, True])
def test_words_that_the_newer_key_opens_are_not_given_up(
    house: House,  # noqa: F811
    tmp_path: Path,
    without_names: str,
    without_words: bool,
) -> None:
    with pytest.raises(WordsCopySealedToOthers, match=r"words\.keys, which is sealed to another key") as found:
        _put_back(house, tmp_path / "new", without_names, without_words=without_words)
    assert "into one key file" in str(found.value.hint)
    assert not list((tmp_path / "new").iterdir())
    with pytest.raises(WordsCopySealedToOthers):
        house.prove(without_names)
    house.key = [key_of(NEW_ONE[0]), house.key]
    assert house.prove(without_names)
    assert _put_back(house, tmp_path / "new", without_names) == [b"n"]


def test_where_the_newer_key_is_lost_the_way_that_is_named_works(
    house: House,  # noqa: F811
    tmp_path: Path,
    without_names: str,
) -> None:
    (house.folder / NAME).rename(tmp_path / NAME)
    found = restore(
        house.folder,
        without_names,
        house.key,
        data=tmp_path / "new",
        database_url="",
        now=AT + timedelta(days=2),
        without_words=True,
    )
    assert found.words_fault == "words.keys is missing"


def test_one_of_before_the_log_key_was_made_anew_needs_both_keys(house: House, tmp_path: Path) -> None:  # noqa: F811
    name, former = house.back_up().name, public_key()
    make_key_anew(house)
    _made(house, NEW_ONE[1])
    both = (former, public_key())
    with pytest.raises(WordsCopySealedToOthers):
        _put_back(house, tmp_path / "new", name, signed_by=both)
    house.key = [key_of(NEW_ONE[0]), house.key]
    assert _put_back(house, tmp_path / "new", name, signed_by=both) == [b"n"]
