"""No process of an installation lets another one of the same user read what it has in memory: its keys, and the passphrase."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leeward.demo.ports import free_port
from tests.setting_up import SET_UP
from tests.site.test_another_user import AS_NOBODY, _may_be_nobody
from tests.site.test_serve import children, until
from tests.tables import give_beginnings

pytestmark = [
    pytest.mark.xdist_group("serve"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux can"),
    pytest.mark.skipif(
        os.geteuid() == 0 and not _may_be_nobody(),
        reason="root reads everything, and nobody else may read the program here",
    ),
]
# Root reads everything: then the installation is somebody else's.
AS_PLAIN_USER: dict[str, Any] = AS_NOBODY if os.geteuid() == 0 else {}
SECRET = "harbour lantern copper"
# What of these processes another one of the same user can open.
PROBE = """
import json, os, sys

def opens(pid, name):
    try:
        if name == "fd":
            return bool(os.listdir(f"/proc/{pid}/fd"))
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return name == "mem" or bool(file.read(1))
    except OSError:
        return False

print(json.dumps({pid: [name for name in ("mem", "environ", "maps", "fd") if opens(pid, name)] for pid in sys.argv[1:]}))
"""


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=240,
        **AS_PLAIN_USER,
    )
    return str(done.stdout)


def opened(*pids: int) -> dict[int, list[str]]:
    return {int(pid): names for pid, names in json.loads(run("-c", PROBE, *map(str, pids))).items()}


def family(pid: int) -> list[int]:
    """Its children and theirs, without those that decode: they have nothing of ours."""
    found = [child for child, line in children(pid).items() if "sandbox.child" not in line]
    return [*found, *(one for child in found for one in family(child))]


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        give_beginnings(place / "data")
        if AS_PLAIN_USER:
            for path in (place, *place.rglob("*")):
                os.chown(path, AS_PLAIN_USER["user"], AS_PLAIN_USER["group"])
        yield place


def test_nobody_else_of_its_user_reads_a_process_of_an_installation(folder: Path) -> None:
    port = free_port()
    settings = {
        "LEEWARD_DATA": str(folder / "data"),
        "LEEWARD_DATABASE_URL": "",
        "LEEWARD_DNS_RESOLVERS": "127.0.0.1:1",
        "LEEWARD_WORDS_PASSPHRASE": SECRET,
        "TMPDIR": str(folder),
        "HOME": str(folder),
    }
    run("-m", "leeward", *SET_UP, **settings)
    command = [sys.executable, "-m", "leeward", "serve", "--bind", f"127.0.0.1:{port}"]
    with (
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, **AS_PLAIN_USER) as other,
        subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL, **AS_PLAIN_USER) as tree,
    ):
        try:
            url = f"http://127.0.0.1:{port}/healthz"
            assert until(lambda: urllib.request.urlopen(url, timeout=5).status == 200, seconds=180)
            assert until(lambda: any("leeward-worker" in line for line in children(tree.pid).values()))
            pids = [tree.pid, *family(tree.pid)]
            assert len(pids) >= 4, "the parent, the server, a web process, the worker"
            assert opened(other.pid) == {other.pid: ["mem", "environ", "maps", "fd"]}, "or nothing is looked at here"
            assert until(lambda: opened(*pids) == {pid: [] for pid in pids}, seconds=20), opened(*pids)
        finally:
            other.kill()
            tree.terminate()
            tree.wait(30)
