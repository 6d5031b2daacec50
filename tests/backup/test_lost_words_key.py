"""Where a desk key was given up as lost, the key in an older backup may be the only one that opens what was sealed until then."""

from datetime import timedelta
from pathlib import Path

import pytest
from pyrage import encrypt

from leeward.backup.errors import BackupDamaged
from leeward.backup.services import restore
from leeward.sealing.age import keys_of, new_key, recipients_of, seal, sealed_by
from leeward.sealing.key_copy import ASIDE, NAME, DataKeyRow, files_in, write_copy
from leeward.sealing.store import drop, put
from tests.backup.conftest import AT, House

RAW, PUBLIC = new_key()
FRESH, FRESH_PUBLIC = new_key()
SECRET = "a long passphrase"


def _row(name: bytes, public: str, mark: str) -> DataKeyRow:
    return DataKeyRow(name * 16, bytes(encrypt(b"k" * 32, recipients_of([public]))), mark * 16, 20_000)


OLDER, NEWER = _row(b"n", PUBLIC, "0"), _row(b"m", FRESH_PUBLIC, "1")


def _has(house: House, raw: bytes, public: str) -> None:
    """Let the installation have this words.key."""
    (house.data / "words.key").write_bytes(raw)
    (house.data / "words.pub").write_text(f"desk {public}\n")


def _given_up(house: House, raw: bytes = RAW, fresh: bytes = FRESH, *, public: str = PUBLIC) -> str:
    """Make a backup, then lose the key, give it up, and make another backup; return the name of the first."""
    _has(house, raw, public)
    put([OLDER])
    before = house.back_up()
    _has(house, fresh, FRESH_PUBLIC)
    put([NEWER])
    house.back_up()
    return before.name


def _restored(house: House, place: Path, name: str) -> list[bytes]:
    """Restore; return what is in words.key, and what was laid aside beside it."""
    restore(house.folder, name, house.key, data=place, database_url="", now=AT + timedelta(days=2))
    assert (place / "words.pub").read_text() == f"desk {FRESH_PUBLIC}\n", "to whom is sealed is the newest's to say"
    aside = sorted(place.glob(f"{ASIDE}*"))
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in (place / "words.key", *aside))
    return [(place / "words.key").read_bytes(), *(file.read_bytes() for file in aside)]


def test_the_right_key_in_an_older_backup_is_restored_behind_the_newest(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where an older version wrote the newest copy, without the files of before."""
    monkeypatch.setattr("leeward.backup.words_copy.may_need_other_keys", lambda: False)
    before = _given_up(house)
    (raw,) = _restored(house, tmp_path / "new", before)
    assert [str(key.to_public()) for key in keys_of(raw)] == [FRESH_PUBLIC, PUBLIC]


def test_a_backup_is_whole_by_its_own_key_where_the_newest_opens_none_of_the_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leeward.backup.words_copy.may_need_other_keys", lambda: False)
    before = _given_up(house)
    drop([NEWER.name])
    newest = house.back_up()
    assert house.prove(before).rows == 5
    with pytest.raises(BackupDamaged, match=r"words\.key in it opens none of the words"):
        house.prove(newest.name)


def test_the_lost_key_stays_beside_the_backups_for_as_long_as_a_text_needs_it(house: House, tmp_path: Path) -> None:
    """However many backups come after, and whichever of them is restored."""
    _given_up(house)
    for _night in range(2):
        newest = house.back_up()
    assert house.prove(newest.name).rows == 5
    (raw,) = _restored(house, tmp_path / "new", newest.name)
    assert [str(key.to_public()) for key in keys_of(raw)] == [FRESH_PUBLIC, PUBLIC]
    assert len(files_in(house.folder / NAME, house.key)) == 2, "once, however many backups are made"
    drop([OLDER.name])
    newest = house.back_up()
    assert [found["words.key"] for found in files_in(house.folder / NAME, house.key)] == [FRESH]
    assert _restored(house, tmp_path / "newer", newest.name) == [FRESH]


def test_it_stays_also_where_the_passphrase_of_the_new_key_is_not_given(house: House, tmp_path: Path) -> None:
    sealed = sealed_by(FRESH, SECRET)
    _given_up(house, fresh=sealed)
    newest = house.back_up()
    assert _restored(house, tmp_path / "new", newest.name) == [sealed, RAW]


def test_one_that_was_sealed_to_another_key_of_the_backups_is_passed_over(house: House, tmp_path: Path) -> None:
    older = seal(b"{}", recipients_of([PUBLIC]))
    write_copy(tmp_path / NAME, [OLDER], recipients_of([house.public]), lambda: {"words.key": FRESH}, {"0" * 16: older})
    assert files_in(tmp_path / NAME, house.key) == [{"words.key": FRESH}]


def test_a_key_that_nothing_needs_any_more_is_not_brought_back(house: House, tmp_path: Path) -> None:
    before = _given_up(house)
    drop([OLDER.name])
    house.back_up()
    assert _restored(house, tmp_path / "new", before) == [FRESH]


@pytest.mark.slow
@pytest.mark.parametrize("which", ["older", "newest", "both"])
def test_what_a_passphrase_seals_is_laid_aside(house: House, tmp_path: Path, which: str) -> None:
    older = RAW if which == "newest" else sealed_by(RAW, SECRET)
    newest = FRESH if which == "older" else sealed_by(FRESH, SECRET)
    before = _given_up(house, older, newest)
    assert _restored(house, tmp_path / "new", before) == [newest, older]


def test_what_opens_nothing_is_not_laid_aside_beside_a_sealed_one(house: House, tmp_path: Path) -> None:
    newest = sealed_by(FRESH, SECRET)
    foreign, public = new_key()
    before = _given_up(house, foreign, newest, public=public)
    assert _restored(house, tmp_path / "new", before) == [newest]
