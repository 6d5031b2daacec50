"""What a process is doing and since when, written to a page of shared memory that its parent can read.

The parent (`site/serve.py`) ends a process in which one piece of work exceeds its time limit. It has to see that from
outside, since work that never releases the interpreter blocks every other thread of its process. So each piece of work
writes its start and its limit to a slot before it begins, and a thread writes a pulse every second.

Only time in our own code counts: `untimed` stops the clock while we wait for a sender or for the database's lock, and
`progress` restarts it when a step of long work is done. Without a board (commands, tests) all of this does nothing.
"""

import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SLOTS = 256
PULSE_SECONDS, AGAIN_SECONDS = 1.0, 10.0
_HEAD = struct.Struct("=dq")  # the pulse; the parent's process number
_SLOT = struct.Struct("=ddq")  # start time (0: nothing), the limit in seconds, the job's number or 0
SIZE = _HEAD.size + SLOTS * _SLOT.size
FOLDER = "LEEWARD_WATCH"  # the environment variable that tells a child its parent's directory


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work in progress: its slot, its start, its time limit, and its job (0: a request)."""

    slot: int
    begun: float
    limit_seconds: float
    job_id: int

    def is_over(self, now: float) -> bool:
        """Return whether it has exceeded its time limit."""
        return now - self.begun > self.limit_seconds


@dataclass(frozen=True, slots=True)
class Reading:
    """What a process wrote: its last pulse, its parent, and what it is doing."""

    pulse: float
    parent: int
    pieces: tuple[Piece, ...]


class Board:
    """The shared memory page of one process."""

    def __init__(self, path: Path) -> None:
        """Create it, readable by this user only. Raises OSError where there is no room for it: a page that the disk hasn't got would end
        the process with the first word that is written to it."""
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "r+b") as file:
            try:
                file.write(bytes(SIZE))
                file.flush()
            except OSError:
                path.unlink(missing_ok=True)
                raise
            self._page = mmap.mmap(file.fileno(), SIZE)
        self._free = list(range(SLOTS))

    def beat(self) -> None:
        """Write a pulse."""
        _HEAD.pack_into(self._page, 0, time.monotonic(), os.getppid())

    def take(self) -> int:
        """Return a free slot; -1 if there is none, since threads beyond the number of slots are not watched."""
        try:
            return self._free.pop()
        except IndexError:
            return -1

    def give_back(self, slot: int) -> None:
        """Free the slot."""
        self.write(slot, 0.0, 0.0, 0)
        if slot >= 0:
            self._free.append(slot)

    def write(self, slot: int, begun: float, limit_seconds: float, job_id: int) -> None:
        """Write what is being done in a slot."""
        if slot >= 0:
            _SLOT.pack_into(self._page, _HEAD.size + slot * _SLOT.size, begun, limit_seconds, job_id)


def read(path: Path) -> Reading:
    """Return what the process of this board was doing just now."""
    raw = path.read_bytes().ljust(SIZE, b"\0")
    pulse, parent = _HEAD.unpack_from(raw)
    slots = (_SLOT.unpack_from(raw, _HEAD.size + number * _SLOT.size) for number in range(SLOTS))
    pieces = tuple(Piece(number, *slot) for number, slot in enumerate(slots) if slot[0])
    return Reading(pulse, parent, pieces)


class _Here(threading.local):
    """The work of this thread: its slot, its limit, its job, and the time used before the clock was stopped."""

    slot: int = -1
    begun: float = 0.0
    limit_seconds: float = 0.0
    job_id: int = 0


_here = _Here()
_boards: list[Board] = []


def open_board(name: str) -> None:
    """Let the parent watch this process from now on; does nothing without a watching parent. Where there is no room for the board, the
    process works unwatched until there is."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    path = Path(folder) / f"{name}.{os.getpid()}"
    is_open = _opened(path)
    threading.Thread(target=_beat, args=(path, is_open), name="pulse", daemon=True).start()


def _opened(path: Path) -> bool:
    with suppress(OSError):
        board = Board(path)
        board.beat()
        _boards[:] = [board]
        return True
    return False


def _beat(path: Path, is_open: bool) -> None:  # noqa: FBT001 - of a thread
    while not is_open:
        time.sleep(AGAIN_SECONDS)
        is_open = _opened(path)
    board = _boards[0]
    while True:
        board.beat()
        time.sleep(PULSE_SECONDS)


@contextmanager
def timed(limit_seconds: float, job_id: int = 0) -> Iterator[None]:
    """Time one piece of this thread's work against a limit."""
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
    """Restart the clock, because a step of this thread's work is done."""
    if _boards:
        _here.begun = time.monotonic()
        _boards[0].write(_here.slot, _here.begun, _here.limit_seconds, _here.job_id)


@contextmanager
def untimed() -> Iterator[None]:
    """Stop the clock while this thread waits for something outside our control."""
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
