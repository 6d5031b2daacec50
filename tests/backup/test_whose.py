"""What a backup leaves belongs to whom the folder belongs: one that root made once keeps the service from making none."""

import os
import pwd
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leeward.backup.places import CHUNKS, LOCK, VERIFIED, Folder
from leeward.backup.places.folder import alone
from leeward.foundation import own_files
from leeward.site.doctor_backups import of_backups

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files of other users")
SERVICE = 64_702


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir(mode=0o700)
    os.chown(made, SERVICE, SERVICE)
    return made


@AS_ROOT
def test_what_root_backs_up_belongs_to_whom_the_folder_belongs(place: Path) -> None:
    folder = Folder(place)
    with folder.alone(""):
        folder.begin()
        folder.write(f"{CHUNKS}/ab/piece", b"x")
        folder.write(f"{VERIFIED}/mark", b"x")
    assert {one.stat().st_uid for one in (place, *place.rglob("*"))} == {SERVICE}
    assert {stat.S_IMODE(one.stat().st_mode) & 0o077 for one in place.rglob("*")} == {0}
    own_files.replace(place / "backup-done", b"{}")
    assert (place / "backup-done").stat().st_uid == SERVICE


@AS_ROOT
def test_nobody_is_given_what_is_somebody_elses(place: Path, tmp_path: Path) -> None:
    """Whoever the folder belongs to can lay a link there before root comes."""
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    (place / LOCK).symlink_to(secret)
    with pytest.raises(OSError, match="symbolic links"), alone(place):
        pass
    (place / LOCK).unlink()
    (place / LOCK).hardlink_to(secret)
    with alone(place):
        pass
    assert secret.stat().st_uid == os.geteuid()


def test_a_folder_gives_way_to_the_note_of_backups(tmp_path: Path) -> None:
    (tmp_path / "backup-done").mkdir()
    own_files.replace(tmp_path / "backup-done", b"{}")
    assert (tmp_path / "backup-done").read_bytes() == b"{}"


@pytest.mark.django_db
def test_the_doctor_says_whose_a_backup_is_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    assert [one[0] for one in of_backups(str(tmp_path), now)] == ["E051"]
    (tmp_path / CHUNKS).mkdir()
    (tmp_path / "20261128T120000.000000Z.backup").touch()
    monkeypatch.setattr(os, "geteuid", lambda: SERVICE)
    monkeypatch.setattr(os, "access", lambda path, _how: not str(path).endswith(".backup"))
    ((number, sentence, hint),) = of_backups(str(tmp_path), now)
    assert number == "E036"
    assert sentence.endswith(
        f"Z.backup can't be read or written by who makes backups: it belongs to {pwd.getpwuid(os.getuid()).pw_name}."
    )
    assert f"chown -R {SERVICE} {tmp_path}" in hint
