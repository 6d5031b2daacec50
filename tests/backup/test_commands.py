"""What one types: made, listed, proved and put back; what is wrong is one sentence, with exit code 2."""

import errno
import json
import os
import runpy
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.backup.queries import began_at, is_held
from leeward.backup.rules import manifest
from leeward.backup.rules.manifest import moment_of
from leeward.cli.environment_file import changed
from leeward.cli.main import run
from leeward.sealing.age import new_key
from tests.backup.conftest import House


@pytest.fixture
def key_file(house: House, tmp_path: Path) -> Path:
    """A key file, without a passphrase; the house's backups are sealed to it."""
    raw, house.public = new_key()
    path = tmp_path / "backup.key"
    path.write_bytes(raw)
    return path


def test_a_key_is_made_once_and_its_public_part_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "backup.key"
    assert run(["backup", "key", "--no-passphrase", str(path)]) == 0
    public = capsys.readouterr().out.strip()
    assert public.startswith("age1")
    assert public in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert run(["backup", "key", "--no-passphrase", str(path)]) == 2
    assert capsys.readouterr().err.startswith(
        f"leeward: {path} can't be written: file exists. It needs room on the disk,"
    )
    assert run(["backup", "key", "--no-passphrase", str(tmp_path / "none/backup.key")]) == 2
    assert "none/backup.key can't be written: no such file or directory." in capsys.readouterr().err


def test_backups_are_listed_and_proved(house: House, key_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = house.back_up()
    assert run(["backup", "verify", str(house.folder), "--key", str(key_file)]) == 0
    assert "the log has 5 rows" in capsys.readouterr().out
    assert run(["backup", "list", str(house.folder)]) == 0
    line = capsys.readouterr().out
    assert made.name in line
    assert line.endswith("\tverified\n")
    next(house.folder.glob("chunks/*/*")).unlink()
    assert run(["backup", "list", str(house.folder)]) == 1
    assert "pieces missing: 1" in capsys.readouterr().out


@pytest.mark.parametrize("in_manifest", [False, True])
def test_a_backup_of_a_newer_version_is_not_called_damaged(
    in_manifest: bool, house: House, key_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after going back to the version before: somebody would delete what nothing is wrong with."""
    part = "Manifest" if in_manifest else "Cover"
    write = getattr(manifest, part).model_dump_json

    def more(self: Any, **how: Any) -> str:
        return json.dumps(json.loads(write(self, **how)) | {"leeward": "9.1", "more": 1})

    with monkeypatch.context() as change:
        change.setattr(f"leeward.backup.rules.manifest.{part}.model_dump_json", more)
        made = house.back_up()
    assert run(["backup", "verify", str(house.folder), "--key", str(key_file)]) == 2
    shown = capsys.readouterr().err
    assert f"The backup {made.name} was made by a newer Leeward (9.1)" in shown
    assert "Use that version" in shown
    assert run(["backup", "list", str(house.folder)]) == (0 if in_manifest else 1)
    assert ("made by a newer Leeward (9.1)" in capsys.readouterr().out) is not in_manifest


@pytest.mark.parametrize("what", ["verify", "restore"])
def test_whoever_names_no_key_hears_which_it_is(
    what: str, house: House, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.back_up()
    assert run(["backup", what, str(house.folder)]) == 2
    shown = capsys.readouterr().err
    assert f"--key can't be read: name the key file that leeward backup key made for {house.public};" in shown
    assert key_file.exists()


def test_where_a_trial_finds_no_room_it_is_said_where(
    house: House, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house.back_up()

    def full(*_any: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("leeward.backup.reading._write", full)
    command = ["backup", "verify", str(house.folder), "--key", str(key_file)]
    for more, place in (((), tempfile.gettempdir()), (("--scratch", str(tmp_path)), str(tmp_path))):
        assert run([*command, *more]) == 2
        shown = capsys.readouterr().err
        assert f"{place} has no room for it; name a folder that has, by --scratch" in shown
        assert "where the data are" not in shown


def test_without_its_words_one_is_listed_so_and_put_back_on_purpose(
    house: House, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (house.data / "words.pub").write_bytes(b"")
    monkeypatch.setattr("leeward.backup.making.need_replaceable", lambda *_any: {})
    monkeypatch.setattr("leeward.backup.making.write_copy", lambda copy, *_any: copy.touch() or [])
    house.back_up()
    (house.folder / "words.keys").unlink()
    assert run(["backup", "list", str(house.folder)]) == 1
    assert capsys.readouterr().out.endswith("; words.keys is missing\n")
    monkeypatch.setenv("LEEWARD_DATA", str(tmp_path / "new"))
    monkeypatch.delenv("LEEWARD_DATABASE_URL", raising=False)
    command = ["backup", "restore", str(house.folder), "--key", str(key_file)]
    assert run(command) == 2
    assert "--without-words gives back all but what reporters wrote" in capsys.readouterr().err
    assert run([*command, "--without-words"]) == 0
    shown = capsys.readouterr().out
    assert "Without words, since words.keys is missing: what reporters wrote until then opens no more" in shown
    assert "leeward words keys --are-right" in shown


def test_the_schedule_is_shown_and_that_none_is_set(
    house: House, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("leeward.site.start.start_on_tables", lambda: None)
    assert run(["backup", "schedule"]) == 1
    assert "LEEWARD_BACKUP_TO names no folder" in capsys.readouterr().out
    made = house.back_up()
    update = {
        "backup_to": str(house.folder),
        "backup_recipients": (house.public,),
        "backup_hour": 2,
        "backup_keep_weeks": 5,
    }
    settings.LEEWARD = settings.LEEWARD.model_copy(update=update)
    assert run(["backup", "schedule"]) == 0
    shown = capsys.readouterr().out
    assert f"To {house.folder}, sealed to 1 key;" in shown
    assert "and the newest of each of the last 5 weeks.\n" in shown
    assert f"Newest: {moment_of(made.name):%Y-%m-%d %H:%M} UTC" in shown
    assert run(["backup", "schedule", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hour"] == 2
    settings.LEEWARD = settings.LEEWARD.model_copy(
        update={"backup_recipients": (), "backup_keep_weeks": 0, "backup_keep": 9}
    )
    assert run(["backup", "schedule"]) == 1
    shown = capsys.readouterr().out
    assert f"None is made to {house.folder}: LEEWARD_BACKUP_RECIPIENTS names no key" in shown
    assert "next at" not in shown
    assert "Kept: the newest 9.\n" in shown
    assert run(["backup", "schedule", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["next_at"] is None


def test_the_schedule_is_set_in_the_file_of_the_service(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "environment"
    file.write_text("# Ours\nLEEWARD_DATA=/var/lib/leeward\n#LEEWARD_BACKUP_TO=/x\n LEEWARD_BACKUP_HOUR = 5\n")
    file.chmod(0o640)
    command = ["backup", "schedule", "sftp://me@server/of leeward", "--at", "2", "--keep-weeks", "8", "--to"]
    command += [house.public, "--into", str(file)]
    before = file.read_text()
    assert run(command) == 0
    assert f"LEEWARD_BACKUP_HOUR=2\nLEEWARD_BACKUP_KEEP_WEEKS=8\nLEEWARD_BACKUP_RECIPIENTS={house.public}\n" in (
        capsys.readouterr().out
    )
    assert file.read_text() == before, "that was a preview"
    assert run([*command, "--yes"]) == 0
    lines = file.read_text().splitlines()
    assert lines[:4] == ["# Ours", "LEEWARD_DATA=/var/lib/leeward", "#LEEWARD_BACKUP_TO=/x", "LEEWARD_BACKUP_HOUR=2"]
    assert file.stat().st_mode & 0o777 == 0o640
    wrapper = runpy.run_path(str(Path(__file__).parents[2] / "shipping" / "debian" / "leeward"))
    assert wrapper["settings"](file.read_text()) == {
        "LEEWARD_DATA": "/var/lib/leeward",
        "LEEWARD_BACKUP_HOUR": "2",
        "LEEWARD_BACKUP_TO": "sftp://me@server/of leeward",
        "LEEWARD_BACKUP_KEEP_WEEKS": "8",
        "LEEWARD_BACKUP_RECIPIENTS": house.public,
    }
    capsys.readouterr()
    for more, says in (
        (["--to", "age1x"], "begins with age1"),
        (["ftp://server/x"], "begins with s3://"),
        (["a\nb"], "one line of text"),
        (["/b", "--yes", "--into", str(tmp_path / "none")], "no such file"),
    ):
        assert run(["backup", "schedule", "--into", str(file), *more]) == 2
        said = capsys.readouterr().err
        assert says in said
        assert said.count("\n") == 1


def test_no_writing_is_offered_where_only_another_can_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As with the package, whose command goes on as the service’s user, who may read its settings and not write them."""
    file = tmp_path / "environment"
    file.write_text("")
    monkeypatch.setattr("os.access", lambda _path, wish: not wish & os.W_OK)
    assert run(["backup", "schedule", "/b", "--into", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "LEEWARD_BACKUP_TO=/b\n" in shown
    assert "put them there by hand" in shown
    assert "--yes" not in shown


@pytest.mark.parametrize("value", ["plain/x", 'with "quotes" and $HOME and `this` and \\', "’ é", ""])
def test_a_setting_is_read_as_it_was_written(value: str) -> None:
    wrapper = runpy.run_path(str(Path(__file__).parents[2] / "shipping" / "debian" / "leeward"))
    assert wrapper["settings"](changed("", {"LEEWARD_X": value})) == {"LEEWARD_X": value}


def test_what_is_wrong_is_one_sentence(
    house: House, key_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.back_up()
    os.truncate(next(house.folder.glob("*.backup")), 100)
    other = tmp_path / "other.key"
    other.write_text("nothing of the kind")
    for key, folder, says in (
        (key_file, house.folder, "is not whole"),
        (other, house.folder, "it is no key file"),
        (key_file, tmp_path / "nowhere", "it is no folder"),
        (key_file, house.data, "There is no such backup"),
    ):
        assert run(["backup", "verify", str(folder), "--key", str(key)]) == 2
        said = capsys.readouterr().err
        assert says in said
        assert said.count("\n") == 1


def test_a_scratch_place_that_is_none_is_one_sentence(
    house: House, key_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.back_up()
    nowhere = str(tmp_path / "nowhere")
    assert run(["backup", "verify", str(house.folder), "--key", str(key_file), "--scratch", nowhere]) == 2
    assert capsys.readouterr().err.startswith(f"leeward: {nowhere} can't be read: it is no folder.")


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("yesterday", "it is no moment"),
        ("0001-01-01T00:00:00+14:00", "it is no moment"),
        ("2026-11-29T05:00:00", "say the offset as well"),
        ("9999-12-31T23:59:59+00:00", "that moment is still to come"),
    ],
)
def test_a_moment_that_cant_be_held_from_is_one_sentence(
    at: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("leeward.site.start.start", lambda: None)
    assert run(["backup", "hold", "--at", at]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


@pytest.mark.django_db
def test_a_moment_before_the_installation_began_holds_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("leeward.site.start.start", lambda: None)
    monkeypatch.setattr("leeward.site.start.prepare_database", lambda: None)
    began = began_at()
    assert began is not None
    assert run(["backup", "hold", "--at", (began - timedelta(seconds=1)).isoformat()]) == 2
    said = capsys.readouterr().err
    assert f"--at can't be read: this installation began only at {began:%Y-%m-%d %H:%M} UTC." in said
    assert said.count("\n") == 1
    assert not is_held()
    assert run(["backup", "hold", "--at", began.isoformat()]) == 0
    assert is_held()


def test_it_is_put_back_where_no_installation_is(house: House, key_file: Path, tmp_path: Path) -> None:
    """A process of its own: here Django is loaded, and there nothing may need it, or make a secret before one is restored."""
    house.back_up()
    place = tmp_path / "new"
    command = [sys.executable, "-m", "leeward", "backup", "restore", str(house.folder), "--key", str(key_file)]
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("LEEWARD_", "DJANGO_"))}
    done = subprocess.run(
        [*command, "--data", str(place)], env=bare, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (place / "secret").read_bytes() == (house.data / "secret").read_bytes()
