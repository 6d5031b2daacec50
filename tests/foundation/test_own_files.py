"""Files that are there whole or not at all, whoever is killed or finds the disk full while one is made."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from leeward.audit.keys import make_key
from leeward.foundation import own_files
from leeward.site.config import Config
from leeward.site.disk import DataUnusable
from leeward.site.secret_file import make_secret
from tests.foundation.full import full_disk


def test_of_many_who_make_a_file_one_does_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "made"
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda number: own_files.make(path, b"%d" % number * 100), range(32)))
    assert len(set(path.read_text())) <= 2
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_nothing_behind_and_with_room_all_goes_on(tmp_path: Path) -> None:
    with full_disk():
        with pytest.raises(OSError, match="large"):
            make_key(tmp_path / "audit.key")
        with pytest.raises(DataUnusable):
            make_secret(Config(data=tmp_path, secret=""))
    assert list(tmp_path.iterdir()) == []
    make_key(tmp_path / "audit.key")
    make_secret(Config(data=tmp_path, secret=""))
    assert {path.name: path.stat().st_size for path in tmp_path.iterdir()} == {"audit.key": 32, "secret": 64}


def test_what_is_swept_while_it_is_made_is_no_fault_once_the_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, link = tmp_path / "made", os.link

    def late(source: Path, target: Path) -> None:
        target.write_bytes(b"of the other")
        own_files.sweep(target)
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    own_files.make(path, b"ours")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("made", b"of the other")]
    path.unlink()
    monkeypatch.setattr(os, "link", lambda source, target: (source.unlink(), link(source, target)))
    with pytest.raises(FileNotFoundError):
        own_files.make(path, b"ours")


def test_before_the_file_is_there_nothing_is_swept(tmp_path: Path) -> None:
    left = tmp_path / ".made.abc.new"
    left.write_bytes(b"by somebody who is about to link it")
    own_files.sweep(tmp_path / "made")
    assert left.exists()
