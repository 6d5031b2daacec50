"""Whoever restores and then types what was printed, or what the pages show, has the restored installation, held: never an empty one."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from leeward.backup.reading import Restored
from leeward.cli.main import run
from leeward.demo.ports import free_port
from leeward.sealing.age import new_key
from tests.setting_up import SET_UP

ROOT = Path(__file__).parents[2]
NAME = 'The "old" harbour $HOME `date` \\ ü'
pytestmark = [
    pytest.mark.skipif(bool(os.environ.get("LEEWARD_DATABASE_URL")), reason="files are restored"),
    pytest.mark.xdist_group("serve"),
]


@dataclass
class Person:
    """Somebody at a shell whose `leeward` is ours, in a folder of theirs, with no settings but those that they type."""

    home: Path
    port: int

    @property
    def bare(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("LEEWARD_", "DJANGO_"))}
        return own | {"PATH": f"{self.home / 'bin'}:{own['PATH']}"}

    def types(self, lines: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", lines], cwd=self.home, env=self.bare, capture_output=True, text=True, timeout=240, check=False
        )

    def starts(self, lines: str) -> tuple[int, str]:
        """Type lines that end in a server; return what its /healthz answers, and what it printed."""
        with subprocess.Popen(
            ["sh", "-c", lines], cwd=self.home, env=self.bare, stdout=subprocess.PIPE, text=True, start_new_session=True
        ) as process:
            try:
                status = self._status(process)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
            return status, process.stdout.read() if process.stdout else ""

    def _status(self, process: subprocess.Popen[str]) -> int:
        until = time.monotonic() + 120
        while time.monotonic() < until and process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=30) as answer:
                    return int(answer.status)
            except urllib.error.HTTPError as error:
                return error.code
            except OSError:
                time.sleep(0.3)
        return 0


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """With backups of an installation that is no more: its settings were in its environment."""
    found = Person(tmp_path / "home", free_port())
    (found.home / "bin").mkdir(parents=True)
    shim = found.home / "bin" / "leeward"
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m leeward "$@"\n')
    shim.chmod(0o700)
    raw, public = new_key()
    (found.home / "backup.key").write_bytes(raw)
    old = found.bare | {
        "LEEWARD_DATA": str(tmp_path / "old"),
        "LEEWARD_BIND": f"127.0.0.1:{found.port}",
        "LEEWARD_MAIL_FROM": "hotline@hotline.example",
        "LEEWARD_LOG_NAME": NAME,
    }
    for words in (SET_UP, ("backup", "create", str(tmp_path / "backups"), "--to", public)):
        command = [sys.executable, "-m", "leeward", *words]
        done = subprocess.run(command, env=old, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr
    shutil.rmtree(tmp_path / "old")
    return found


def in_a_folder(place: Path) -> str:
    return f"leeward backup restore {place.parent}/backups --key backup.key --data '{place}'"


def by_a_variable(place: Path) -> str:
    return f"LEEWARD_DATA='{place}' leeward backup restore {place.parent}/backups --key backup.key"


@pytest.mark.parametrize(("how", "folder"), [(in_a_folder, "new"), (by_a_variable, "a new place")])
def test_what_restoring_prints_starts_what_was_restored(
    person: Person, tmp_path: Path, how: Callable[[Path], str], folder: str
) -> None:
    place = tmp_path / folder
    done = person.types(how(place))
    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines() if line.startswith("    ")]
    assert lines[-1] == "leeward serve" or "systemctl" in lines[-1], lines
    before = "\n".join(lines[: lines.index("leeward serve")])
    status, printed = person.starts(f"{before}\nexec leeward serve")
    assert (status, "restored from a backup: nothing goes out" in printed) == (503, True), printed
    assert not (person.home / "var").exists(), "another installation was begun"
    found = person.types(f"{before}\nleeward doctor; test \"$LEEWARD_LOG_NAME\" = '{NAME}' && echo the name too")
    assert "backup.E001" in found.stdout, found
    assert found.stdout.endswith("the name too\n")
    (place / "signer" / "state.json").unlink()  # as on a machine whose signer's folder was lost by half
    found = person.types(f"{before}\nleeward doctor")
    assert "state.json is missing" in found.stdout, found
    assert "move what is left of it aside" in found.stdout
    confirmed = person.types(f"{before}\nleeward backup confirm")
    assert "Messages go out again" in confirmed.stdout, confirmed
    assert not (person.home / "var").exists()


def test_what_the_page_shows_starts_what_was_restored(person: Person, tmp_path: Path) -> None:
    section = (ROOT / "docs/how-to/backups.md").read_text(encoding="utf-8").partition("## Restore\n")[2]
    lines = section.partition("```\n")[2].partition("```")[0]
    shown = {"/backup ": f"{tmp_path}/backups ", " --signed-by PUBLIC_KEY": "", "/var/lib/leeward": f"{tmp_path}/new"}
    for old, new in shown.items():
        assert old in lines
        lines = lines.replace(old, new)
    status, printed = person.starts(lines.replace("leeward serve", "exec leeward serve"))
    assert (status, "restored from a backup: nothing goes out" in printed) == (503, True), printed
    assert not (person.home / "var").exists(), "another installation was begun"


def test_where_the_database_is_now_counts_and_not_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With PostgreSQL: the settings of the backup name the old one. Also where the new one's address stands in a file."""
    place, address = tmp_path / "new", "postgresql://leeward:p$d@db.example/new"
    (tmp_path / "address").write_text(f"{address}\n")
    (tmp_path / "backup.key").write_bytes(new_key()[0])
    (tmp_path / "backups").mkdir()

    def put_back(*_any: object, data: Path, **_more: object) -> Restored:
        data.mkdir()
        (data / "environment-of-backup").write_text("LEEWARD_DATABASE_URL=postgresql://db.example/old\n")
        return Restored("2026-11-28T12:00:00+00:00")

    monkeypatch.setattr("leeward.backup.reading.restore", put_back)
    monkeypatch.delenv("LEEWARD_DATABASE_URL", raising=False)
    monkeypatch.setenv("LEEWARD_DATABASE_URL_FILE", str(tmp_path / "address"))
    monkeypatch.setenv("LEEWARD_DATA", str(place))
    assert run(["backup", "restore", str(tmp_path / "backups"), "--key", str(tmp_path / "backup.key")]) == 0
    assert address not in capsys.readouterr().out, "it holds a password"
    done = Person(tmp_path, 0).types(
        f'. {place}/environment-of-backup; echo "$LEEWARD_DATABASE_URL"; echo "$LEEWARD_DATA"'
    )
    assert done.stdout == f"{address}\n{place}\n"
