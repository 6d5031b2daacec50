"""A whole installation for a measurement: set up, commanded and served on loopback in processes of its own."""

import http.client
import os
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
