"""A whole installation for a measurement: set up, commanded and served on loopback in processes of its own."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from leeward.demo.ports import free_port

SETUP = "--country JM --name Bench --languages en --mode assess --admin-email a@hotline.example --admin-name Ada"


def set_up(folder: Path) -> Mapping[str, str]:
    """Make an installation with its data below a folder; return the environment in which it is commanded."""
    environment = os.environ | {
        "LEEWARD_DATA": str(folder / "data"),
        "LEEWARD_SECRET": "a bench needs no secret, only a long one",
    }
    command(environment, "leeward", "setup", *SETUP.split())
    return environment


def command(environment: Mapping[str, str], *words: str) -> str:
    """Run a module with its words; return what it printed. Raises RuntimeError with its complaint where it failed."""
    done = subprocess.run([sys.executable, "-m", *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[int]:
    """Serve it without a worker until the block ends; yields the port."""
    port = free_port()
    words = [sys.executable, "-m", "leeward", "serve", "--bind", f"127.0.0.1:{port}", "--no-worker"]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not come up")


def family(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            yield from family(int(child))


def memory_mb(pid: int) -> int:
    """Memory of a process and all below it, what they share counted once (proportional set size); 0 unless we are root, who
    alone may look."""
    total = 0
    for member in family(pid):
        try:
            rollup = Path(f"/proc/{member}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue  # it ended meanwhile, or is closed to us
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1])  # type: ignore[index]
    return total // 1024


def processor_seconds(pid: int) -> dict[str, float]:
    """Seconds of processor time of a `leeward serve`, its worker and everything else of it apart."""
    spent = {"web": 0.0, "worker": 0.0}
    for member in family(pid):
        shown = Path(f"/proc/{member}/comm").read_text(encoding="utf-8").strip()
        fields = Path(f"/proc/{member}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        name = "worker" if shown == "leeward-worker" else "web"
        spent[name] += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent
