"""What the parent of `leeward serve` sees of its children, and when it ends one: a request or a job that takes too
long, or a stopped pulse. No Django here."""

import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from leeward.foundation.watch import Piece, Reading, read

QUIET_SECONDS = 60.0  # without a pulse, after the first one
STUCK_SECONDS = 5.0  # without a pulse: it can't end on its own any more
GRACE_SECONDS = 5.0  # for other running work to finish


@dataclass
class Watch:
    """The directory of the children's boards, what was asked to end and since when, and the jobs that took too long."""

    folder: Path
    ending: dict[int, float] = field(default_factory=dict)
    hung_jobs: set[int] = field(default_factory=set)

    def check(self, parents: set[int]) -> None:
        """Check the boards of these processes' children once; end those in which something takes too long."""
        for path in self.folder.iterdir():
            name, _, number = path.name.rpartition(".")
            pid = int(number)
            if not _is_child(pid, parents):
                path.unlink(missing_ok=True)
                self.ending.pop(pid, None)
            elif pid in self.ending:
                self._insist(pid, read(path))
            else:
                self._judge(path, name, pid)

    def _judge(self, path: Path, name: str, pid: int) -> None:
        board, now = read(path), time.monotonic()
        over = _over(board, now)
        if over and (over := sorted(set(over) & set(_over(read(path), now)), key=lambda piece: piece.begun)):
            self.hung_jobs |= {piece.job_id for piece in over if piece.job_id}
            what = f"job {over[0].job_id}" if over[0].job_id else "a request"
            say(f"{name}: {what} took more than {over[0].limit_seconds:g} s; ending the process")
        elif board.pulse and now - board.pulse > QUIET_SECONDS:
            self.hung_jobs |= {piece.job_id for piece in board.pieces if piece.job_id}
            say(f"{name}: no sign of life for {QUIET_SECONDS:g} s; ending the process")
        else:
            return
        self.ending[pid] = now
        if not _is_stuck(board, now):
            _send(pid, signal.SIGTERM)
        self._insist(pid, board)

    def _insist(self, pid: int, board: Reading) -> None:
        """Kill what was asked to end and can't, or doesn't in time."""
        now = time.monotonic()
        if _is_stuck(board, now) or now - self.ending[pid] > GRACE_SECONDS:
            _send(pid, signal.SIGKILL)


def say(text: str) -> None:
    """Print one line for whoever reads the output of `leeward serve`; nobody may any more."""
    with suppress(OSError):
        print(f"leeward: {text}", file=sys.stderr, flush=True)


def _over(board: Reading, now: float) -> list[Piece]:
    return [piece for piece in board.pieces if piece.is_over(now)]


def _is_stuck(board: Reading, now: float) -> bool:
    return now - board.pulse > STUCK_SECONDS


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _is_child(pid: int, parents: set[int]) -> bool:
    """Return whether a process is still ours: one of these, or a child of one. Its number may have been reused by now."""
    if pid in parents:
        return True
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False if sys.platform == "linux" else _is_alive(pid)
    return int(stat.rpartition(")")[2].split()[1]) in parents


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
