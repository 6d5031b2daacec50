"""`leeward setup` as somebody at a terminal meets it: wrong answers, a closed window, a second run, and `make run`."""

import contextlib
import json
import os
import pty
import resource
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leeward.cli import setup
from leeward.cli.main import run as run_here
from shipping import debian
from tests import commands
from tests.setting_up import SET_UP
from tests.tables import give_beginnings

ASKS = {
    "Country": "JM",
    "Name of the hotline": "",
    "Mode": "",
    "Name of the portal in addresses": "",
    "as visitors see it": "",
    "Languages": "en,fr",
    "Emergency number": "119",
    "helpline: its name": "Safe Line",
    "helpline: its number": "888",
    "Police unit": "",
    "referrals to the police": "police@police.example",
    "Leave this page": "",
    "Time zone": "",
    "Working days": "",
    "administrator's e-mail": "ada@hotline.example",
    "administrator's name": "Ada",
}


class Terminal:
    """A person who reads what is printed and types."""

    def __init__(self, data: Path, *arguments: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
        self._mine, theirs = pty.openpty()
        # Whoever starts the tests in the background has them ignore Ctrl-C, and what is ignored is handed on.
        hears = ("env", "--default-signal=INT")
        command = [*hears, sys.executable, "-m", "leeward", "setup", *arguments, "--data", str(data)]
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            close_fds=True,
        )
        os.close(theirs)
        self.seen, self._read_to = "", 0

    def read_until(self, words: str) -> str:
        """Read on until these words come after what was read before."""
        end = time.monotonic() + 60
        while (at := self.seen.find(words, self._read_to)) < 0:
            assert time.monotonic() < end, f"{words!r} did not come: {self.seen}"
            self.seen += self._more()
        self._read_to = at + len(words)
        return self.seen

    def type(self, text: str) -> None:
        os.write(self._mine, f"{text}\n".encode())

    def answer(self, *questions: str) -> None:
        for words in questions:
            self.read_until(words)
            self.type(ASKS[words])

    def interrupt(self) -> None:
        """Press Ctrl-C until it ends: between a prompt and the wait for keys Python overlooks a signal."""
        time.sleep(0.5)  # nobody is quicker
        end = time.monotonic() + 60
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it did not end: {self.seen}"
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(3)

    def rest(self) -> str:
        """Everything until it ends."""
        end = time.monotonic() + 60
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it did not end: {self.seen}"
            self.seen += self._more()
        self.seen += self._more()
        return self.seen

    def _more(self) -> str:
        try:
            ready = select.select([self._mine], [], [], 0.2)[0]
            return os.read(self._mine, 65536).decode(errors="replace") if ready else ""
        except OSError:  # the other end is closed
            return ""

    def close(self) -> None:
        self.process.kill()
        self.process.wait(30)
        os.close(self._mine)


@contextmanager
def at_terminal(data: Path, *arguments: str) -> Iterator[Terminal]:
    terminal = Terminal(data, *arguments)
    try:
        yield terminal
    finally:
        terminal.close()


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
    return commands.leeward(*arguments, "--data", data, environment=environment)


def portal(data: Path) -> dict[str, object]:
    with sqlite3.connect(data / "leeward.sqlite3") as database:
        database.row_factory = sqlite3.Row
        (row,) = database.execute(
            "SELECT people_portal.*, people_helpline.name AS helpline FROM people_portal"
            " LEFT JOIN people_helpline ON portal_id = people_portal.id AND is_shown"
        ).fetchall()
    return dict(row)


@pytest.mark.slow
def test_wrong_answers_are_asked_again_and_an_abort_loses_nothing(tmp_path: Path) -> None:
    give_beginnings(tmp_path)
    questions = list(ASKS)
    with at_terminal(tmp_path) as first:
        first.read_until("Country")
        first.type("Nauru")
        first.read_until("it is not the two letters of a country")
        first.answer(*questions[:5])
        first.read_until("Languages")
        first.type("en,na")
        first.read_until("na can't be read: pages can be shown in en, bn, fr")
        first.answer("Languages")
        first.read_until("Emergency number")
        first.type("none")
        first.read_until("This contains no digit")
        first.read_until("Emergency number")
        first.interrupt()
        assert first.process.returncode == 130
    assert (tmp_path / "setup.json").stat().st_mode & 0o777 == 0o600

    with at_terminal(tmp_path, "--if-needed") as second:  # as `make run` does
        second.read_until("Continuing the setup that was interrupted: country JM")
        second.answer(*questions[6:])
        said = second.rest()
        assert second.process.returncode == 0, said
    assert "Made: hotline Hotline of Jamaica, portal /jm/, administrator ada@hotline.example." in said
    assert "http://127.0.0.1:8470/desk/" in said
    made = portal(tmp_path)
    assert (made["name"], made["emergency_number"], made["time_zone"]) == ("Jamaica", "119", "America/Jamaica")
    assert json.loads(str(made["languages"])) == ["en", "fr"]
    assert (made["helpline"], made["police_email"]) == ("Safe Line", "police@police.example")
    assert not (tmp_path / "setup.json").exists()


@pytest.mark.parametrize(
    ("prefix", "has_systemd", "starter"),
    [
        ("/usr/lib/leeward", True, "systemctl enable --now leeward"),
        ("/usr/lib/leeward", False, "leeward serve"),
        ("/home/ada/leeward/.venv", True, "leeward serve"),
    ],
)
def test_what_starts_it_is_systemd_in_the_package_where_that_runs(
    prefix: str, has_systemd: bool, starter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", prefix)
    monkeypatch.setattr(setup, "SYSTEMD", tmp_path if has_systemd else tmp_path / "none")
    assert setup._starter() == starter
    assert f"/{debian.HOME}" == setup.PACKAGED


@pytest.mark.slow
def test_a_second_run_says_what_there_is(tmp_path: Path) -> None:
    give_beginnings(tmp_path)
    assert run(tmp_path, *SET_UP).returncode == 0
    assert run(tmp_path, "setup", "--if-needed").stdout == ""
    with at_terminal(tmp_path) as again:
        again.read_until("There is already: hotline Hotline (/jm/).")
        again.read_until("leeward serve starts it")
        again.read_until("another hotline")
        again.type("")
        again.rest()
        assert again.process.returncode == 0
    twice = run(tmp_path, *SET_UP)
    assert twice.returncode == 2
    assert "jm can't be read: this name is taken" in twice.stderr
    assert len(twice.stderr.splitlines()) == 1


@pytest.mark.slow
def test_a_second_hotline_after_a_restoring_begins_beyond_what_that_lost(tmp_path: Path) -> None:
    give_beginnings(tmp_path)
    assert run(tmp_path, *SET_UP).returncode == 0
    now = datetime.now(UTC)
    row = (f"{now - timedelta(days=3):%F %T}", f"{now:%F %T}", f"{now:%F %T}", f"{now:%F %T}", "")
    with closing(sqlite3.connect(tmp_path / "leeward.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO backup_restoration (backup_at, restored_at, prepared_at, confirmed_at, confirmed_by) VALUES (?, ?, ?, ?, ?)",
            row,
        )
    options = ["--portal", "jm2", "--admin-email", "eve@hotline.example"]
    done = run(tmp_path, *SET_UP, *options)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(tmp_path / "leeward.sqlite3")) as database:
        numbers = dict(database.execute("SELECT hotline_id, min(last) FROM casework_casesequence GROUP BY hotline_id"))
    assert set(numbers) == {2}
    assert numbers[2] > 1_000_000


def test_a_full_disk_is_called_by_its_name(tmp_path: Path) -> None:
    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing fails then, as it does where a disk is full
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    give_beginnings(tmp_path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
    command = [sys.executable, "-B", "-m", "leeward", *SET_UP, "--data", str(tmp_path)]
    full = subprocess.run(command, env=environment, capture_output=True, text=True, preexec_fn=little_room, check=False)
    assert full.returncode == 2
    assert "The disk is full or broken: make room where the data are" in full.stderr, full.stderr
    assert "right --data" not in full.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("option", "said"), [("--languages=en,na", "na"), ("--time-zone=Mars", "Mars"), ("--admin-email=ada", "e-mail")]
)
def test_what_makes_no_sense_on_the_command_line_is_one_sentence(
    option: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_here([*SET_UP, option]) == 2
    complaint = capsys.readouterr().err
    assert "Traceback" not in complaint
    assert len(complaint.splitlines()) == 1
    assert said in complaint or "email" in complaint
    assert run_here(["case", "list"]) == 2
    assert "There is no hotline" in capsys.readouterr().err, "nothing was made"
