"""What `leeward serve` forks: a process like any other, of a parent that has loaded everything and opened nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PARENT = """
import os, signal, subprocess, sys
from leeward.site.forked import Forked
heard = []
signal.signal(signal.SIGTERM, lambda *_: heard.append("parent"))
def forked(*words):
    return Forked([sys.executable, "-P", "-m", "deed", *words], {"TOLD": "this"}, lambda: print("begins", flush=True))
print(forked("7").wait(30))
child = forked("waits")
os.kill(child.pid, signal.SIGTERM)
print(child.wait(30), child.returncode)
child = forked("waits")
try:
    child.wait(0.1)
except subprocess.TimeoutExpired:
    print(child.poll())
child.kill()
print(child.wait(30), heard)
"""
DEED = """
import os, sys, time
def main():
    print(sys.argv, os.environ["TOLD"], flush=True)
    return int(sys.argv[1]) if sys.argv[1].isdigit() else time.sleep(60)
"""
# What is open and runs in a process that has loaded everything.
LOADED = """
import os, sys, threading
from leeward.site.forked import load
before = sorted(os.listdir("/proc/self/fd"))
load()
from django.db import connections
from leeward.jobs.registry import HANDLERS
from leeward.site.wsgi import application
print(len(HANDLERS) > 50, threading.active_count(), len(os.listdir("/proc/self/task")))
print(sorted(os.listdir("/proc/self/fd")) == before, [one.connection for one in connections.all()])
print(sorted(os.listdir(os.environ["LEEWARD_DATA"])))
"""


def said(script: str, folder: Path, **settings: str) -> list[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LEEWARD_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment | settings, cwd=folder, stdout=subprocess.PIPE, text=True, check=True, timeout=300
    )  # fmt: skip
    return done.stdout.splitlines()


def test_a_fork_takes_signals_for_itself_and_is_asked_like_any_process(tmp_path: Path) -> None:
    (tmp_path / "deed.py").write_text(DEED, encoding="utf-8")
    lines = said(PARENT, tmp_path, PYTHONPATH=str(tmp_path))
    assert [line for line in lines if line != "begins" and "waits" not in line] == [
        "['deed', '7'] this", "7", "-15 -15", "None", "-9 []",
    ]  # fmt: skip
    assert lines[:2] == ["begins", "['deed', '7'] this"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_what_is_loaded_before_a_fork_opens_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = {"LEEWARD_DATA": str(data), "LEEWARD_SECRET": "a secret that only tests use"}
    settings["OPENBLAS_NUM_THREADS"] = "1"  # by itself it has more, ends them before a fork and begins them anew
    lines = said(LOADED, tmp_path, **settings)
    assert lines == ["True 1 1", "True [None]", "[]"]
