"""A secret or key that is missing, damaged or another stops the start with one sentence; none is made anew in silence."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leeward.demo.ports import free_port
from tests import commands
from tests.setting_up import SET_UP
from tests.tables import give_beginnings

WAYS = {
    "missing": lambda path: path.unlink(),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:7]),
    "another": lambda path: path.write_bytes(bytes(reversed(path.read_bytes()))),
    "binary": lambda path: path.write_bytes(b"\xff\x00" * 40),
}

ASK_SIGNER = """
from datetime import UTC, datetime
from leeward.site.start import start
start()
from leeward.audit.tree.own_key import need_log_key
print(need_log_key(datetime.now(UTC)))
"""


class Installed:
    def __init__(self, data: Path) -> None:
        self.data = data
        environment = {name: value for name, value in os.environ.items() if name != "LEEWARD_SECRET"}
        self.environment = environment | {"LEEWARD_DATA": str(data), "LEEWARD_DATABASE_URL": ""}
        self.environment["LEEWARD_DNS_RESOLVERS"] = "127.0.0.1:1"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return commands.leeward(*words, environment=self.environment)

    def ask_signer(self) -> None:
        """As each start does."""
        command = [sys.executable, "-c", ASK_SIGNER]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode, done.stdout) == (0, "\n"), done.stderr

    def serve(self) -> subprocess.CompletedProcess[str]:
        return self.run("serve", "--bind", f"127.0.0.1:{free_port()}", "--no-worker")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    made = Installed(tmp_path_factory.mktemp("keys") / "data")
    give_beginnings(made.data)
    done = made.run(*SET_UP)
    assert done.returncode == 0, done.stderr
    return made


@pytest.mark.parametrize(
    ("name", "way"), [("secret", "missing"), ("secret", "binary"), ("audit.key", "truncated"), ("lists.key", "another")]
)
def test_a_key_that_is_not_the_one_from_before_stops_serve(installed: Installed, name: str, way: str) -> None:
    path = installed.data / name
    before = path.read_bytes()
    try:
        WAYS[way](path)
        left = path.read_bytes() if path.exists() else None
        done = installed.serve()
        assert done.returncode == 2, done.stderr
        lines = done.stderr.strip().splitlines()
        assert name in lines[0]
        assert len(lines) <= 2, "one sentence and the way out"
        assert "backup" in done.stderr
        assert (path.read_bytes() if path.exists() else None) == left, "nothing was made in its place"
    finally:
        path.write_bytes(before)
        path.chmod(0o600)


@pytest.fixture(scope="module")
def signed(installed: Installed) -> Installed:
    """An installation whose signer has a key of the log."""
    installed.ask_signer()
    return installed


@pytest.mark.slow
@pytest.mark.parametrize("way", ["missing", "truncated", "another"])
def test_a_key_of_the_log_that_is_not_the_one_from_before_stops_serve(signed: Installed, way: str) -> None:
    path = signed.data / "signer" / "log.key"
    before = path.read_bytes()
    try:
        WAYS[way](path)
        left = path.read_bytes() if path.exists() else None
        done = signed.serve()
        assert done.returncode == 2, done.stderr
        assert len(lines := done.stderr.strip().splitlines()) <= 2, "one sentence and the way out"
        assert "log.key" in lines[0]
        assert "begin-anew" in done.stderr
        assert (path.read_bytes() if path.exists() else None) == left, "nothing was made in its place"
    finally:
        path.write_bytes(before)
        path.chmod(0o600)


@pytest.mark.slow
def test_a_signer_that_is_gone_stops_serve_until_the_log_begins_anew_on_purpose(signed: Installed) -> None:
    signer, aside = signed.data / "signer", signed.data / "signer-aside"
    signer.rename(aside)
    try:
        done = signed.serve()
        assert (done.returncode, signer.exists()) == (2, False), "no other signer was made"
        assert "log.key is missing" in done.stderr
        assert signed.run("audit", "begin-anew", "1", "--signer-lost").returncode == 0
        signed.ask_signer()
        assert (signer / "log.key").read_bytes() != (aside / "log.key").read_bytes()
    finally:
        shutil.rmtree(signer, ignore_errors=True)
        aside.rename(signer)
        signed.run("audit", "begin-anew", "1", "--signer-lost")


@pytest.mark.slow
def test_the_doctor_names_every_key_that_is_not_the_one_from_before(installed: Installed) -> None:
    for damaged in ({"secret": "missing"}, {"audit.key": "truncated", "lists.key": "another"}):
        before = {name: (installed.data / name).read_bytes() for name in damaged}
        try:
            for name, way in damaged.items():
                WAYS[way](installed.data / name)
            found = installed.run("doctor")
            assert [name for name in damaged if name not in found.stderr + found.stdout] == []
        finally:
            for name, content in before.items():
                (installed.data / name).write_bytes(content)
                (installed.data / name).chmod(0o600)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "commands"), [("secret", ["doctor"]), ("audit.key", ["serve --no-worker", "keys status", "doctor"])]
)
def test_a_folder_in_the_place_of_a_key_is_named_by_its_path(
    installed: Installed, name: str, commands: list[str]
) -> None:
    path = installed.data / name
    aside = path.rename(installed.data / "aside")
    path.mkdir()
    try:
        for words in commands:
            done = installed.run(*words.split())
            said = done.stderr + done.stdout
            assert f"{path} can't be read: is a directory." in said
            assert "Traceback" not in said
            assert "setup makes one" not in said
    finally:
        path.rmdir()
        aside.rename(path)


def test_a_secret_file_that_is_no_text_is_named(installed: Installed, tmp_path: Path) -> None:
    path = tmp_path / "secret.bin"
    path.write_bytes(b"\xff\xfe" * 40)
    installed.environment["LEEWARD_SECRET_FILE"] = str(path)
    try:
        done = installed.serve()
    finally:
        del installed.environment["LEEWARD_SECRET_FILE"]
    assert done.returncode == 2
    assert f"LEEWARD_SECRET_FILE ({path}) can't be read: it is not text in UTF-8." in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("data", "commands"),
    [("/proc/tty", ["serve", "doctor"]), ("/proc/tty/leeward", ["setup", "doctor"]), ("file", ["serve"])],
)
def test_data_that_can_not_be_written_are_named(
    installed: Installed, tmp_path: Path, data: str, commands: list[str]
) -> None:
    (tmp_path / "file").write_text("")
    place = str(tmp_path / data)  # an absolute path stays as it is
    for words in commands:
        done = installed.run(words, "--data", place)
        said = done.stderr + done.stdout
        assert f"Nothing can be written to the data directory {place}" in said
        assert done.returncode in (1, 2)
        assert "Traceback" not in said
        assert "setup makes one" not in said


@pytest.mark.slow
def test_what_is_lost_for_good_can_be_made_anew_by_a_command_and_the_log_says_so(installed: Installed) -> None:
    for name in ("lists.key", "secret"):
        (installed.data / name).unlink()
        shown = installed.run("keys", "accept", name)
        assert (shown.returncode, "Nothing was accepted" in shown.stdout) == (2, True), shown.stdout + shown.stderr
        assert "it will be made anew" in shown.stdout
        wrong = installed.run("keys", "accept", name, "--fingerprint", "1234 5678")
        assert (wrong.returncode, (installed.data / name).exists()) == (2, False), (
            "nothing is made that nobody accepted"
        )
        assert installed.run("keys", "status").returncode == (2 if name == "secret" else 1)
        assert installed.run("keys", "accept", name, "--fingerprint", "NEW").returncode == 0
    done = installed.run("keys", "status", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(json.loads(line)["ok"] for line in done.stdout.splitlines())
