"""An installation as whoever runs the simulation knows it: a process that obeys orders, and can be killed and started again."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from leeward.demo.errors import DidNotHappen
from leeward.demo.exchanging.link import Door
from leeward.demo.ports import free_port


class Died(Exception):
    """The process ended before it answered; what it wrote last says why."""


class Process:
    """An installation with its own data, which others reach at `url`; `environment` is what it is told beside that."""

    def __init__(
        self,
        data: Path,
        country: str,
        *,
        url: str = "",
        host: str = "127.0.0.1",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.data, self.country, self.host, self.port = data, country, host, free_port()
        self.url = url or f"http://{host}:{self.port}"
        self.environment = dict(environment or {})
        self.ahead = 0.0
        self._running: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it; `wait` until it is ready."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
        own = {
            "LEEWARD_DATA": str(self.data),
            "LEEWARD_BASE_URL": self.url,
            "LEEWARD_EXCHANGE_ALLOW_HTTP": "true",
            "LEEWARD_FETCH_ALLOWED_NETWORKS": "127.0.0.0/8",
            "DJANGO_SETTINGS_MODULE": "leeward.site.settings",
        }
        module = "leeward.demo.exchanging.installation"
        command = [sys.executable, "-m", module, self.country, self.host, str(self.port), str(self.ahead)]
        with (self.data / "log").open("ab") as log:
            # Our own program with words of our own.
            self._running = subprocess.Popen(
                command,
                env=kept | own | self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def wait(self) -> None:
        """Wait until it is ready. Raises DidNotHappen."""
        try:
            self.answer()
        except Died as error:
            raise DidNotHappen(what=f"the start of an installation ({error})", seconds="0") from error

    def ask(self, do: str, **more: object) -> None:
        """Give an order; `answer` waits for what becomes of it. Raises Died."""
        assert self._running is not None
        assert self._running.stdin is not None
        try:
            self._running.stdin.write(json.dumps({"do": do, **more}) + "\n")
            self._running.stdin.flush()
        except OSError as error:
            raise Died from error

    def answer(self) -> Any:
        """Return what an order led to. Raises Died."""
        assert self._running is not None
        assert self._running.stdout is not None
        line = self._running.stdout.readline()
        if not line.endswith("\n"):
            raise Died((self.data / "log").read_text(encoding="utf-8", errors="replace")[-2000:])
        return json.loads(line)

    def order(self, do: str, **more: object) -> Any:
        """Give an order and return what it led to. Raises Died."""
        self.ask(do, **more)
        return self.answer()

    def move_clock(self, seconds: float) -> None:
        """Let time pass, here and after the next start."""
        self.order("move_clock", seconds=seconds)
        self.ahead += seconds

    def kill(self) -> None:
        """Kill it, as a power cut does; it is gone afterwards."""
        assert self._running is not None
        self._running.kill()
        self._running.wait()

    @property
    def is_running(self) -> bool:
        """Return whether it has not ended."""
        return self._running is not None and self._running.poll() is None

    def stop(self) -> None:
        """Kill it and wait until it is gone; nothing happens if it never ran."""
        if self._running is None:
            return
        self.kill()
        for pipe in (self._running.stdin, self._running.stdout):
            with suppress(OSError):  # an order that it never read
                if pipe is not None:
                    pipe.close()


class Linked(Process):
    """An installation that others reach through its `door` only."""

    def __init__(self, data: Path, country: str, door: Door) -> None:
        super().__init__(data, country, url=door.url)
        self.door = door
        door.target = self.port
