"""The installation under demonstration: `leeward serve` as a process of its own, so that everything is seen from outside."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from leeward.demo.errors import DidNotHappen

READY_SECONDS = 120.0


class Installation:
    """A running `leeward serve`; it stops at the end of the block."""

    def __init__(self, *, data: Path, port: int, environment: Mapping[str, str]) -> None:
        self.data = data
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            **os.environ,
            **environment,
            "LEEWARD_DATA": str(data),
            "LEEWARD_BASE_URL": self.url,
            "LEEWARD_BIND": f"127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "leeward.site.settings",
        }
        self.log = data / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process at the root of the tree."""
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "leeward", "serve"]
            self._process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
            if self._process.poll() is not None:
                break
        self.stop()
        raise DidNotHappen(what=f"an answer of {self.url} (see {self.log})", seconds=f"{READY_SECONDS:g}")

    def stop(self) -> None:
        """End it."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `leeward` command on the same installation."""
        whole = [sys.executable, "-m", "leeward", *arguments]
        return subprocess.run(whole, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
