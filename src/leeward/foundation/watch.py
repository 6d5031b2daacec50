"""What a process is doing and since when, written where its parent can read it: a page of shared memory.

The parent (`site/serve.py`) ends a process in which one piece of work takes longer than it may. It must see that from outside,
for work that never gives the interpreter back lets no other thread of its own process run. So each piece of work writes its
beginning and its limit into a slot before it starts, and a thread writes a pulse every second.

Only time in our own code counts: `untimed` stops the clock while we wait for a sender or for the database's lock, `progress`
starts it again when a piece of a long work is done. Without a board (commands, tests) all of this does nothing.
"""

import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SLOTS = 256
PULSE_SECONDS = 1.0
_HEAD = struct.Struct("=dq")  # the pulse; the parent's process number
_SLOT = struct.Struct("=ddq")  # begun at (0: nothing), the limit in seconds, the job's number or 0
SIZE = _HEAD.size + SLOTS * _SLOT.size
FOLDER = "LEEWARD_WATCH"  # the environment variable by which a child finds its parent's folder


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work under way: the slot it is in, when it began, how long it may take, and which job it is (0: a request)."""

    slot: int
    begun: float
    limit_seconds: float
    job_id: int

    def is_over(self, now: float) -> bool:
        """Whether it has taken longer than it may."""
        return now - self.begun > self.limit_seconds


@dataclass(frozen=True, slots=True)
class Reading:
    """What a process wrote: when its pulse last beat, whose child it is, and what it is doing."""

    pulse: float
    parent: int
    pieces: tuple[Piece, ...]


class Board:
    """The page of shared memory of one process."""

    def __init__(self, path: Path) -> None:
        """Make it, readable by this user only."""
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "r+b") as file:
            file.truncate(SIZE)
            self._page = mmap.mmap(file.fileno(), SIZE)
        self._free = list(range(SLOTS))

    def beat(self) -> None:
        """Say that the process is alive."""
        _HEAD.pack_into(self._page, 0, time.monotonic(), os.getppid())

    def take(self) -> int:
        """A free slot; -1 where there is none, for more threads than slots are not watched."""
        try:
            return self._free.pop()
        except IndexError:
            return -1

    def give_back(self, slot: int) -> None:
        """The slot is free again."""
        self.write(slot, 0.0, 0.0, 0)
        if slot >= 0:
            self._free.append(slot)

    def write(self, slot: int, begun: float, limit_seconds: float, job_id: int) -> None:
        """Say what is done in a slot."""
        if slot >= 0:
            _SLOT.pack_into(self._page, _HEAD.size + slot * _SLOT.size, begun, limit_seconds, job_id)


def read(path: Path) -> Reading:
    """What the process of this board was doing just now."""
    raw = path.read_bytes().ljust(SIZE, b"\0")
    pulse, parent = _HEAD.unpack_from(raw)
    slots = (_SLOT.unpack_from(raw, _HEAD.size + number * _SLOT.size) for number in range(SLOTS))
    pieces = tuple(Piece(number, *slot) for number, slot in enumerate(slots) if slot[0])
    return Reading(pulse, parent, pieces)


class _Here(threading.local):
    """The work of this thread: its slot, its limit, its job, and how long it has taken before the clock was stopped."""

    slot: int = -1
    begun: float = 0.0
    limit_seconds: float = 0.0
    job_id: int = 0


_here = _Here()
_boards: list[Board] = []


def open_board(name: str) -> None:
    """Let the parent see what this process does from now on; nothing where no parent watches."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    board = Board(Path(folder) / f"{name}.{os.getpid()}")
    board.beat()
    _boards[:] = [board]
    threading.Thread(target=_beat, args=(board,), name="pulse", daemon=True).start()


def _beat(board: Board) -> None:
    while True:
        board.beat()
        time.sleep(PULSE_SECONDS)


@contextmanager
def timed(limit_seconds: float, job_id: int = 0) -> Iterator[None]:
    """This thread does one piece of work, which may take so long."""
    if not _boards:
        yield
        return
    slot = _boards[0].take()
    _here.slot, _here.limit_seconds, _here.job_id = slot, limit_seconds, job_id
    progress()
    try:
        yield
    finally:
        _here.slot = -1
        _boards[0].give_back(slot)


def progress() -> None:
    """A piece of this thread's work is done: the clock starts again."""
    if _boards:
        _here.begun = time.monotonic()
        _boards[0].write(_here.slot, _here.begun, _here.limit_seconds, _here.job_id)


@contextmanager
def untimed() -> Iterator[None]:
    """What this thread waits for now is no work of ours: the clock stands still."""
    if not _boards or _here.slot < 0:
        yield
        return
    stopped = time.monotonic()
    _boards[0].write(_here.slot, 0.0, 0.0, 0)
    try:
        yield
    finally:
        _here.begun += time.monotonic() - stopped
        _boards[0].write(_here.slot, _here.begun, _here.limit_seconds, _here.job_id)
