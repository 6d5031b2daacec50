"""One process tree: what dies is started again, what ends takes everything with it, data survive."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("serve")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> dict[int, str]:
    """Child processes of `pid` with their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except (OSError, IndexError):
                continue
    return found


def until(true: object, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if true():  # type: ignore[operator]
                return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    environment = os.environ | {
        "LEEWARD_DATA": str(tmp_path),
        "LEEWARD_DATABASE_URL": "",
        "LEEWARD_BASE_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "leeward", "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/healthz"
    try:
        assert until(
            lambda: urllib.request.urlopen(url, timeout=2).status == 200, seconds=90
        )  # it makes its tables first
        yield process, url
    finally:
        process.terminate()
        process.wait(15)


def test_web_and_worker_are_started_again_after_a_kill(served: tuple[subprocess.Popen[bytes], str]) -> None:
    process, url = served
    for name in ("granian", "leeward.site.work"):
        victim = next(pid for pid, line in children(process.pid).items() if name in line)
        family = children(victim)
        os.kill(victim, signal.SIGKILL)
        assert until(lambda family=family: not any(Path(f"/proc/{pid}").exists() for pid in family))
        assert until(
            lambda name=name, victim=victim: any(
                name in line for pid, line in children(process.pid).items() if pid != victim
            )
        )
    assert until(lambda: urllib.request.urlopen(url, timeout=2).status == 200)


def test_killing_the_parent_ends_the_children(served: tuple[subprocess.Popen[bytes], str]) -> None:
    process, url = served
    before = set(children(process.pid))
    assert len(before) == 2
    process.kill()
    process.wait(5)
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before))
    with pytest.raises(OSError, match=r"refused|reset"):
        urllib.request.urlopen(url, timeout=2)


def test_a_signal_ends_everything_with_0(served: tuple[subprocess.Popen[bytes], str]) -> None:
    process, _ = served
    process.terminate()
    assert process.wait(15) == 0
