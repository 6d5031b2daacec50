"""Deaths by `kill -9` without starting Python anew for each: a process that stands by with everything loaded, and forks whoever dies.

A *deed* is one function of `deeds.py`: the worker until it is idle, one request to the web process. A fork that carries it out can be
told to die at its n-th *moment*: the moments just before and just after each commit (and each statement outside a transaction). So
every such moment can be met exactly, and a death costs a tenth of a second instead of some. Who is not to die does its deed in the process
that stands by: so whatever is read once is read before the forks.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.tables import give_tables


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a deed: whether it died on the way, and what it says."""

    died: bool
    result: Any


class Standby:
    """The process that stands by, with a data directory of its own; ends with the block."""

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
        self.environment = {
            **kept,
            "LEEWARD_SECRET": "a secret that only tests use",
            "LEEWARD_BASE_URL": "http://testserver",
            **environment,
            "LEEWARD_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "leeward.site.settings",
        }
        self.deaths = 0
        if not self.environment.get("LEEWARD_DATABASE_URL"):
            give_tables(data / "leeward.sqlite3")
        self._process: subprocess.Popen[str] | None = None

    def do(self, deed: str, *, die_at: int = 0, **given: Any) -> Done:
        """Carry out a deed and wait for its end; with `die_at` it dies at this moment, if it gets so far."""
        done = Done(**self._say({"deed": deed, "given": given, "die_at": die_at}))
        assert not isinstance(done.result, dict) or "error" not in done.result, done.result["error"]
        self.deaths += done.died
        return done

    def begin(self, deed: str, **given: Any) -> int:
        """Begin a deed and don't wait for it; return its process, which whoever asked kills and buries."""
        return int(self._say({"deed": deed, "given": given, "waits": False})["pid"])

    def bury(self, pid: int) -> None:
        """Wait for the end of a process that was begun."""
        self._say({"bury": pid})

    def until_done(self, deed: str, chance: random.Random, *, most: int = 6, **given: Any) -> Done:
        """Begin the deed again and again, each time dead at one of its first moments, until one outlives it: at each of these
        moments once, in an order by chance, then at any of them, and at later ones the longer it takes. On a slow machine work falls
        due while it dies; what always died among the first moments would fall behind for ever."""
        first, deaths = chance.sample(range(1, most + 1), most), 0
        while (done := self.do(deed, die_at=first.pop() if first else chance.randint(1, most), **given)).died:
            deaths += 1
            most += deaths % 10 == 0
            assert self.deaths < 2000, "it never gets done"
        return done

    def _say(self, what: dict[str, Any]) -> dict[str, Any]:
        assert self._process
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the process that stands by ended with {self._process.poll()}"
        found: dict[str, Any] = json.loads(answer)
        return found

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.mortal.standby"]
        self._process = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_ended: object) -> None:
        assert self._process
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)
