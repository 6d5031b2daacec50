"""What stands by for commands knows nothing of settings before it forks, and a fork is a command as a shell starts it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import commands
from tests.commands import ROOT

# What was looked up of the environment while everything was loaded, and what of ours was made ready by that.
LOOKED_UP = """
import os, sys, tempfile, threading
import wsgiref.handlers  # keeps all of the environment for CGI, which nobody here speaks
seen, look = [], os._Environ.__getitem__
os._Environ.__getitem__ = lambda self, name: seen.append(name) or look(self, name)
from tests.commands.standby import load
load()
from django.conf import settings
from django.db import connections
print([name for name in seen if name.startswith(("LEEWARD_", "DJANGO_"))], settings.configured, threading.active_count(), tempfile.tempdir)
ours = [name for name in sys.modules if name.startswith("leeward.")]
print(*[name for name in ours if name.startswith(("leeward.site", "leeward.cli")) or name.endswith((".models", ".services"))])
"""


def apart(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The same command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "leeward", *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )  # fmt: skip


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
    return ours | {"LEEWARD_DATA": str(tmp_path / "data")}


def test_nothing_of_settings_is_known_before_a_fork() -> None:
    named = os.environ | {"LEEWARD_DATA": "/nowhere", "DJANGO_SETTINGS_MODULE": "nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", LOOKED_UP], env=named, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["[] False 1 None", ""]


def test_a_command_says_and_ends_as_in_a_process_of_its_own(environment: dict[str, str]) -> None:
    real, forked = (run("keys", "status", environment=environment) for run in (apart, commands.leeward))
    assert (forked.returncode, forked.stdout, forked.stderr) == (real.returncode, real.stdout, real.stderr)


def test_each_command_reads_its_own_settings_in_its_own_folder(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    del environment["LEEWARD_DATA"]
    refused = commands.leeward("keys", "status", environment=environment | {"LEEWARD_PACE": "fast"})
    assert refused.returncode == 2
    assert "LEEWARD_PACE can't be read" in refused.stderr
    assert "LEEWARD_PACE" not in commands.leeward("keys", "status", environment=environment).stderr
    assert (tmp_path / "var").is_dir(), "where none is named"


def test_a_command_that_takes_too_long_ends_and_the_next_one_runs(environment: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match="nothing was answered"):
        commands.leeward("doctor", environment=environment, seconds=0.01)
    assert commands.leeward("version", environment=environment).returncode == 0
