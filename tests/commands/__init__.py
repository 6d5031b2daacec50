"""Commands of `leeward` as a shell starts them, without loading Python's libraries for each: a process that stands by with them loaded
forks, and the fork is the command.

It has its own environment, working directory and streams, reads the settings and loads the slices itself, and ends as any process
does. Nobody sits at it: what asks at a terminal, what is killed or goes on running, and what is tested of the start itself
is started by the tests as a process of its own.
"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOADING_SECONDS = 120


class _Standby:
    """The process that stands by for this one; it ends with it."""

    def __init__(self) -> None:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("LEEWARD_", "DJANGO_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.commands.standby"], cwd=ROOT, env=ours, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        assert self._answer(LOADING_SECONDS) == "ready"

    def run(self, wanted: Mapping[str, object], seconds: float) -> int:
        """Let a fork carry out a command; return its exit code, below 0 for the signal that ended it."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return int(self._answer(seconds))

    def _answer(self, seconds: float) -> str:
        assert self._process.stdout
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            os.killpg(self._process.pid, signal.SIGKILL)
        answer = self._process.stdout.readline().strip()
        assert answer, (
            f"nothing was answered in {seconds} s; the process that stands by ended with {self._process.wait()}"
        )
        return answer

    def is_there(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None


_turn = threading.Lock()
_ours: list[_Standby] = []


def leeward(
    *arguments: object, environment: Mapping[str, str], seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run one command in this environment, where nobody sits; return how it ended and what it said."""
    words = [str(argument) for argument in arguments]
    with _turn, tempfile.TemporaryDirectory(prefix="leeward-command-") as place:
        if not _ours or not _ours[0].is_there():
            _ours[:] = [_Standby()]
        said = {name: Path(place, name) for name in ("stdout", "stderr")}
        streams = {name: str(path) for name, path in said.items()}
        wanted = {"arguments": words, "environment": {**environment}, "folder": str(Path.cwd()), **streams}
        code = _ours[0].run(wanted, seconds)
        texts = {name: path.read_text(encoding="utf-8") for name, path in said.items()}
    return subprocess.CompletedProcess(["leeward", *words], code, **texts)
