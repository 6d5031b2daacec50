"""Whatever the umask and whatever was there before: another user of the machine reads nothing of the data."""

import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leeward.site.doctor_files import of_files
from leeward.site.private import exposures, narrow, network_file_system
from tests.setting_up import SET_UP
from tests.tables import give_beginnings

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def under(folder: Path) -> Iterator[tuple[Path, int]]:
    for path in (folder, *folder.rglob("*")):
        yield path, stat.S_IMODE(path.lstat().st_mode)


def leeward(*arguments: str, data: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
    command = [sys.executable, "-m", "leeward", *arguments, "--data", str(data)]
    run = subprocess.run(command, env=environment, umask=0o022, capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1), run.stderr
    return run.stdout


@pytest.mark.slow
@AS_ROOT
def test_user_nobody_cannot_read_a_word(tmp_path: Path) -> None:
    """With the usual umask, and where an older version had left everything readable."""
    data = tmp_path / "data"
    give_beginnings(data)
    leeward(*SET_UP, data=data)
    leeward("blocklist", "stop-page", "--out", str(tmp_path / "page"), data=data)
    assert [(path.name, oct(mode)) for path, mode in under(data) if mode & 0o077] == []
    for path, mode in under(data):
        path.chmod(mode | (0o755 if path.is_dir() else 0o644))
    said = leeward("doctor", data=data)
    assert "leeward.site.W020" in said, "it looks before it repairs"
    assert "leeward.site.W029  Repaired: " in said
    assert [(path.name, oct(mode)) for path, mode in under(data) if mode & 0o077] == []
    assert not {"leeward.site.W020", "leeward.site.W029"} & set(leeward("doctor", data=data).split())

    for parent in tmp_path.parents:  # the way there is open: only the data directory itself protects what is in it
        if parent != Path("/") and parent.stat().st_uid == 0 and "pytest" in str(parent):
            parent.chmod(0o755)
    tmp_path.chmod(0o755)
    nobody = pwd.getpwnam("nobody")
    grep = [shutil.which("grep"), "-r", "-a", "-c", "", str(data), *(str(path) for path in data.glob("*"))]
    read = subprocess.run(
        grep, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], capture_output=True, text=True, check=False
    )
    assert read.stdout == ""
    assert read.stderr.count("Permission denied") == len(grep) - 5


def test_sockets_and_shared_directories_stay_as_they_are(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        (tmp_path / "s").chmod(0o777)
        narrow(tmp_path)
        assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o777
    (tmp_path / "theirs").write_text("x")
    (tmp_path / "theirs").chmod(0o644)
    tmp_path.chmod(0o1777)
    assert narrow(tmp_path) == 0
    assert stat.S_IMODE((tmp_path / "theirs").stat().st_mode) == 0o644
    tmp_path.chmod(0o700)


def test_a_link_is_not_followed_and_is_named(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside"
    data.mkdir(mode=0o700)
    outside.write_text("x")
    outside.chmod(0o644)
    (data / "out").symlink_to(outside)
    (data / "within").symlink_to(data)
    assert narrow(data) == 0
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644
    assert [(one.path.name, one.why) for one in exposures(data)] == [("out", "link")]
    assert "W024" in {number for number, _, _ in of_files(data)}


@AS_ROOT
def test_another_owner_is_named(tmp_path: Path) -> None:
    (tmp_path / "leeward.sqlite3").touch(mode=0o600)
    tmp_path.chmod(0o700)
    assert "W023" not in {number for number, _, _ in of_files(tmp_path)}
    os.chown(tmp_path / "leeward.sqlite3", pwd.getpwnam("nobody").pw_uid, -1)
    assert "W023" in {number for number, _, _ in of_files(tmp_path)}


def test_a_network_file_system_is_told_by_its_nearest_mount(tmp_path: Path) -> None:
    here = tmp_path.resolve()
    mounts = f"/dev/vda / ext4 rw 0 0\nserver:/x {here.parent} nfs4 rw 0 0\n"
    assert network_file_system(here, mounts) == "nfs4"
    assert network_file_system(here, mounts + f"/dev/vdb {here} ext4 rw 0 0\n") == ""
    assert network_file_system(here, f"/dev/vda / ext4 rw 0 0\nserver:/x {here}-other nfs4 rw 0 0\n") == ""


def test_a_secret_file_that_everybody_can_open_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "password"
    kept.touch(mode=0o600)
    monkeypatch.setenv("LEEWARD_SMTP_PASSWORD_FILE", str(kept))
    assert "W028" not in {number for number, _, _ in of_files(tmp_path)}
    kept.chmod(0o644)
    assert "W028" in {number for number, _, _ in of_files(tmp_path)}
