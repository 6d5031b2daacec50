"""A secret or key that is missing, damaged or another stops the start with one sentence; none is made anew in silence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leeward.demo.ports import free_port

WAYS = {
    "missing": lambda path: path.unlink(),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:7]),
    "another": lambda path: path.write_bytes(bytes(reversed(path.read_bytes()))),
}


class Installed:
    def __init__(self, data: Path) -> None:
        self.data = data
        environment = {name: value for name, value in os.environ.items() if name != "LEEWARD_SECRET"}
        self.environment = environment | {"LEEWARD_DATA": str(data), "LEEWARD_DATABASE_URL": ""}

    def run(self, *words: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "leeward", *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=timeout, check=False
        )

    def serve(self) -> subprocess.CompletedProcess[str]:
        return self.run("serve", "--bind", f"127.0.0.1:{free_port()}", "--no-worker")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    made = Installed(tmp_path_factory.mktemp("keys") / "data")
    options = "--country JM --name Here --languages en --mode assess --admin-email a@here.example --admin-name Ada"
    done = made.run("setup", *options.split())
    assert done.returncode == 0, done.stderr
    return made


@pytest.mark.parametrize(("name", "way"), [("secret", "missing"), ("audit.key", "truncated"), ("lists.key", "another")])
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
        found = installed.run("doctor")
        assert name in found.stderr + found.stdout
    finally:
        path.write_bytes(before)


def test_what_is_lost_for_good_can_be_made_anew_by_a_command_and_the_log_says_so(installed: Installed) -> None:
    for name in ("lists.key", "secret"):
        (installed.data / name).unlink()
        assert installed.run("keys", "accept", name).returncode == 0
        done = installed.run("keys", "status", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        assert all(json.loads(line)["ok"] for line in done.stdout.splitlines())
