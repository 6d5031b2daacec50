"""What stops `leeward serve` is named by the doctor, and nothing that looks changes it."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from leeward.audit import keys
from leeward.audit.errors import KeyUnreadable, SignerSilent
from leeward.audit.models import KeyPrint
from leeward.audit.tree import own_key, signing
from leeward.hashbank.records import live
from leeward.hashbank.tasks import merge_indexes
from leeward.site import public_key
from leeward.site.doctor import findings
from leeward.site.health import current_alarms
from leeward.site.refusing import DatabaseUnreadable, need_whole
from tests.personas import Cast
from tests.site.test_keys import Installed, installed, signed

__all__ = ["installed", "signed"]


def folder_for(path: Path) -> None:
    path.unlink()
    path.mkdir()


def plain_for_folder(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.touch()


@pytest.mark.slow
@pytest.mark.parametrize("way", [Path.unlink, folder_for, plain_for_folder])
def test_a_log_key_that_stops_the_start_is_named(signed: Installed, way: Callable[[Path], None]) -> None:
    signer, aside = signed.data / "signer", signed.data.parent / "signer-aside"
    shutil.copytree(signer, aside, ignore=shutil.ignore_patterns("socket"))
    try:
        way(signer / "log.key")
        why = signed.serve().stderr.partition("log.key ")[2].partition(".")[0]
        assert why in ("is missing", "is damaged")
        done = signed.run("doctor")
        assert f"leeward.audit.E004  {signer / 'log.key'} {why}." in done.stdout
    finally:
        shutil.rmtree(signer) if signer.is_dir() else signer.unlink()
        aside.rename(signer)
    assert "leeward.audit.E004" not in signed.run("doctor").stdout


@pytest.mark.parametrize("command", ["doctor", "upgrade", "setup", "audit verify", "serve"])
def test_no_command_makes_an_emptied_database_pass_for_a_new_one(installed: Installed, command: str) -> None:
    """SQLite writes into an empty file as soon as it is opened, and deletes what stands beside it."""
    file = installed.data / "leeward.sqlite3"
    log = file.with_name("leeward.sqlite3-wal")
    aside = installed.data.parent / "aside.sqlite3"
    file.rename(aside)
    file.touch(mode=0o600)
    before = log.read_bytes() if log.exists() else None
    log.write_bytes(b"what was not in the file yet")
    try:
        done = installed.run(*command.split())
        assert (done.returncode, "is damaged: file is not a database" in done.stderr) == (2, True), done.stderr
        assert (file.stat().st_size, log.read_bytes()) == (0, b"what was not in the file yet")
    finally:
        log.unlink()
        if before is not None:
            log.write_bytes(before)
        aside.replace(file)


@pytest.mark.slow
def test_a_folder_in_the_place_of_a_database_is_not_called_damaged(tmp_path: Path, installed: Installed) -> None:
    (tmp_path / "some.sqlite3").mkdir()
    with pytest.raises(DatabaseUnreadable, match="can't be read: is a directory"):
        need_whole(tmp_path / "some.sqlite3")
    words, aside = installed.data / "words.sqlite3", tmp_path / "aside"
    words.rename(aside)
    words.mkdir()
    try:
        assert f"leeward.site.E035  {words} can't be read: is a directory." in installed.run("doctor").stdout
    finally:
        words.rmdir()
        aside.rename(words)


@pytest.mark.django_db
def test_a_signer_that_cannot_be_asked_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noon: object
) -> None:
    monkeypatch.setattr(signing, "folder", lambda: tmp_path / "signer")
    monkeypatch.setattr(signing, "_is_of_another", lambda: True)
    monkeypatch.setattr(os, "geteuid", lambda: 64_701)
    signing._keys.cache_clear()
    (tmp_path / "signer").mkdir()
    (tmp_path / "signer" / "log.key").write_bytes(bytes(32))
    assert own_key.log_key_problem() is None, "nothing was signed yet"
    KeyPrint.objects.create(name=own_key.NAME, print="x", kept_at=noon)
    with pytest.raises(SignerSilent, match="belongs to another user, and nobody answers there"):
        signing.asked_log_key()
    assert "leeward.audit.E003" in {one.id for one in findings()}


def test_a_folder_that_cannot_be_looked_into_may_have_a_signer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(path: Path, **_options: object) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(signing, "folder", lambda: tmp_path / "signer")
    assert (signing.is_missing(), signing.listens()) == (True, False)
    monkeypatch.setattr(Path, "exists", closed)
    assert (signing.is_missing(), signing.listens()) == (False, True)


@pytest.mark.django_db
def test_a_folder_in_the_place_of_what_can_be_made_again_gives_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Docker makes an empty one where a file that is to be mounted isn't there."""
    monkeypatch.setattr(keys, "_public_path", lambda _name: tmp_path / "audit.pub")
    for path, write in (
        (tmp_path / "audit.pub", keys.write_public),
        (tmp_path / "public.key", lambda: public_key.write(tmp_path / "public.key", b"x" * 64)),
    ):
        path.mkdir()
        write()
        assert path.is_file()
        path.unlink()
        path.mkdir()
        (path / "something").touch()
        with pytest.raises(KeyUnreadable, match=f"{path} can't be read: is a directory"):
            write()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["audit.pub", "public.key"], "nothing is left beside them"


@pytest.mark.django_db
def test_a_bank_in_a_folder_of_another_user_is_named(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    stat, place = Path.stat, str(Path(django_settings.LEEWARD.data_dir) / "hashbank")

    def closed(path: Path, **options: bool) -> os.stat_result:
        if str(path).startswith(f"{place}/"):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", closed)
    assert not live.is_there(cast.hotline_id)
    merge_indexes()
    named = [one.sentence for one in findings() if one.id == "leeward.hashbank.E004"]
    assert f"{place}/{cast.hotline_id} can't be read: permission denied." in named
    shown = [one.text for one in current_alarms(datetime.now(UTC)) if one.code == "key"]
    assert f"{place}/{cast.hotline_id} can't be read: permission denied." in shown
