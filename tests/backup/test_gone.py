"""A place for backups that lacks those that it had, as where its disk isn't mounted."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from leeward.audit.keys import public_key
from leeward.backup import making
from leeward.backup.errors import BackupNotMade
from leeward.backup.queries import lacking
from leeward.backup.services import Made, create
from leeward.backup.store import Store
from leeward.cli.main import run
from leeward.sealing import store
from leeward.sealing.models import WordsStore
from leeward.site import outside
from leeward.site.doctor_backups import as_it_was, of_backups
from tests.backup.conftest import House, make_key_anew

NOW = datetime.now(UTC)


def _made(house: House, **more: Any) -> Made:
    house.made += 1
    at = NOW - timedelta(minutes=60 - house.made)
    return create(house.folder, [house.public], waiting_since=None, now=at, **{"keep": 2} | more)


def _numbers(house: House) -> list[str]:
    return [number for number, _sentence, _hint in of_backups(str(house.folder), NOW) if number != "W051"]


@pytest.fixture
def unmounted(house: House, tmp_path: Path, settings: Any) -> str:
    """The house's folder is on a disk that isn't mounted; the name of the newest backup there."""
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"backup_to": str(house.folder)})
    assert not _made(house).gone
    newest = _made(house)
    assert not newest.gone
    assert _numbers(house) == []
    house.folder.rename(tmp_path / "disk")
    return newest.name


@pytest.mark.django_db
def test_it_is_made_all_the_same_and_said_until_the_disk_is_back(house: House, tmp_path: Path, unmounted: str) -> None:
    assert _numbers(house) == ["E056"]
    for _night in range(3):
        assert _made(house).gone == unmounted
        assert _numbers(house) == ["E056"]
        assert outside._backup(NOW) is not None
    house.folder.rename(tmp_path / "wrong")
    (tmp_path / "disk").rename(house.folder)
    assert _numbers(house) == []
    assert outside._backup(NOW) is None
    assert not _made(house).gone
    house.folder.rename(tmp_path / "disk")
    house.folder.mkdir()
    assert _numbers(house) == ["E056"], "again"


@pytest.mark.django_db
@pytest.mark.parametrize("behind", [range(1), range(1, 3), range(3)])
def test_a_clock_that_is_behind_hides_nothing(
    behind: range, house: House, tmp_path: Path, unmounted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it makes there has an older name than what is gone."""
    for night in range(3):
        with monkeypatch.context() as clock:
            if night in behind:
                clock.setattr("tests.backup.test_gone.NOW", NOW - timedelta(days=9))
            assert _made(house, keep=9).gone == unmounted
        assert "E056" in _numbers(house)
    house.folder.rename(tmp_path / "wrong")
    (tmp_path / "disk").rename(house.folder)
    assert _numbers(house) == []
    assert not _made(house).gone


@pytest.mark.django_db
def test_where_only_the_newest_is_kept_nothing_is_gone(house: House, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"backup_to": str(house.folder)})
    made = [_made(house, keep=1) for _night in range(3)]
    assert [one.thinned_out for one in made] == [0, 1, 1]
    assert {one.gone for one in made} == {""}
    assert _numbers(house) == []


@pytest.mark.django_db
def test_the_second_time_that_the_disk_is_not_mounted_is_said_as_well(
    house: House, tmp_path: Path, unmounted: str
) -> None:
    """What was made the first time lies below it, older than all that was made since."""
    below = tmp_path / "below"
    assert _made(house).gone == unmounted
    house.folder.rename(below)
    (tmp_path / "disk").rename(house.folder)
    assert not _made(house).gone
    newest = _made(house).name
    assert _numbers(house) == []
    house.folder.rename(tmp_path / "disk")
    below.rename(house.folder)
    assert _numbers(house) == ["E056"]
    assert _made(house).gone == newest
    assert outside._backup(NOW) is not None


@pytest.mark.django_db
def test_that_the_newest_was_deleted_is_said_whatever_is_left(house: House, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"backup_to": str(house.folder)})
    oldest, *later = [_made(house, keep=9).name for _night in range(3)]
    for name in later:
        (house.folder / name).unlink()
    assert _numbers(house) == ["E056"]
    assert _made(house).gone == later[-1]
    assert (house.folder / oldest).exists()


class Killed(BaseException):
    """The process was killed."""


@pytest.mark.django_db
def test_a_run_that_was_killed_while_it_thinned_out_left_nothing_missing(
    house: House, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"backup_to": str(house.folder)})
    first = _made(house, keep=1).name
    tidied = making._tidied

    def killed(*given: Any) -> None:
        tidied(*given)
        raise Killed

    with monkeypatch.context() as cut_off:
        cut_off.setattr(making, "_tidied", killed)
        with pytest.raises(Killed):
            _made(house, keep=1)
    assert not (house.folder / first).exists()
    assert _numbers(house) == []
    assert not _made(house, keep=1).gone


@pytest.mark.django_db
def test_one_that_is_made_while_somebody_looks_is_not_missing(
    house: House, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"backup_to": str(house.folder)})
    _made(house, keep=1)
    names = Store.names

    def earlier(place: Store) -> list[str]:
        found = names(place)
        monkeypatch.setattr(Store, "names", names)
        _made(house, keep=1)
        return found

    monkeypatch.setattr(Store, "names", earlier)
    assert lacking(house.folder) == ""


@pytest.mark.django_db
def test_a_folder_is_the_same_however_its_path_is_written(house: House, tmp_path: Path, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"backup_to": str(house.folder)})
    usual, link = house.folder, tmp_path / "link"
    _made(house)
    link.symlink_to(usual)
    for where in (f"{usual}/", link, f"{usual.parent}/./{usual.name}", usual):
        house.folder = where  # type: ignore[assignment]
        assert not _made(house, keep=1).gone
        house.folder = usual
        assert _numbers(house) == []


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("/backup", "leeward backup create /backup --emptied."),
        ("/mnt/two words", "leeward backup create '/mnt/two words' --emptied."),
        ("sftp://backup@store:2222/leeward", "create ADDRESS --emptied, with the address from LEEWARD_BACKUP_TO."),
    ],
)
def test_the_line_that_says_it_was_on_purpose_can_be_typed(where: str, line: str) -> None:
    assert as_it_was(where).endswith(line)


@pytest.mark.django_db
def test_what_was_emptied_on_purpose_is_no_alarm(house: House, unmounted: str) -> None:
    assert _made(house).gone
    assert not _made(house, is_emptied=True).gone
    assert not _made(house).gone
    assert _numbers(house) == []


@pytest.mark.django_db
def test_by_hand_it_is_said_too(house: House, unmounted: str, capsys: pytest.CaptureFixture[str]) -> None:
    to = ["backup", "create", str(house.folder), "--to", house.public]
    assert run(to) == 0
    said = capsys.readouterr().err
    assert f"lacks the newest backup that was there: {unmounted}" in said
    assert "--emptied" in said
    assert run([*to, "--emptied"]) == 0
    assert "lacks" not in capsys.readouterr().err


def test_the_disk_that_is_full_is_named(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house.folder.mkdir()
    error, room = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), {house.data: 9, house.folder: 1}
    monkeypatch.setattr(making.shutil, "disk_usage", lambda place: SimpleNamespace(free=room[place]))
    assert making._reason(error, house.folder) == f"no space left on device ({house.folder})"
    room[house.folder] = 10
    assert making._reason(error, house.folder) == f"no space left on device ({house.data})"
    assert making._reason(error, "s3://bucket/folder") == f"no space left on device ({house.data})"


def test_a_copy_of_the_database_never_fills_the_disk_of_the_data(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it was, no report could be stored; and the job tries again every quarter of an hour."""
    house.back_up()
    size = (house.data / "leeward.sqlite3").stat().st_size
    room = SimpleNamespace(free=size + 9_999_999)
    monkeypatch.setattr(making.shutil, "disk_usage", lambda _place: room)
    with pytest.raises(BackupNotMade, match=rf"14 MB are needed in {house.data}/\S+, and \d+ MB are free"):
        house.back_up()
    assert not list(house.data.glob(".backup-*"))
    room.free += 1
    house.back_up()


def test_where_the_disk_is_full_nobody_owns_what_cant_be_opened(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.shutil, "disk_usage", lambda _place: SimpleNamespace(free=0))
    found = str(store._unusable(house.data / "words.sqlite3", "disk I/O error"))
    assert found == f"The disk of {house.data / 'words.sqlite3'} is full: nothing can be stored."


def test_a_second_installation_hears_whose_folder_it_is(house: House) -> None:
    """Its words.keys is another's: nothing is said of moving that away."""
    _made(house)
    signed_by = public_key()
    make_key_anew(house)
    WordsStore.objects.all().delete()
    for end in ("", "-wal", "-shm"):
        (house.data / f"words.sqlite3{end}").unlink(missing_ok=True)
    with pytest.raises(BackupNotMade, match="another installation makes its backups in this folder") as found:
        _made(house)
    assert signed_by in str(found.value)
    assert "move" not in str(found.value)
