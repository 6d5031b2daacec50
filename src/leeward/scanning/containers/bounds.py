"""Limits on what it may cost to unpack one file, however it was made."""

from dataclasses import dataclass
from typing import IO

from leeward.matching.hashing import Limits
from leeward.matching.hashing.visual import PICTURE_LIMITS

READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits for each file of a scan.

    depth: how deeply archives may be nested; members: how many things are examined in all; in_memory_bytes: larger
    things inside an archive are not decoded; unpacking stops above free_bytes and `ratio` times the size of the file.
    """

    depth: int = 6
    members: int = 100_000
    in_memory_bytes: int = 256 << 20
    free_bytes: int = 256 << 20
    ratio: int = 200
    picture: Limits = PICTURE_LIMITS


USUAL_BOUNDS = Bounds()


class BudgetSpent(Exception):
    """The file unpacks to more than allowed; `why` says what was exceeded."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Budget:
    """What is left of the limits for one file, shared by everything inside it."""

    def __init__(self, bounds: Bounds, size: int) -> None:
        self.bounds = bounds
        self._size = size
        self._bytes = 0
        self._members = 0

    def spend(self, count: int) -> None:
        """Count unpacked bytes; raises BudgetSpent."""
        self._bytes += count
        if self._bytes > max(self.bounds.free_bytes, self.bounds.ratio * self._size):
            raise BudgetSpent(
                f"it unpacks to more than {self._bytes >> 20} MB out of {self._size} bytes: the rest is left out"
            )

    def member(self) -> None:
        """Count one thing inside; raises BudgetSpent."""
        self._members += 1
        if self._members > self.bounds.members:
            raise BudgetSpent(f"it holds more than {self.bounds.members} things: the rest is left out")


class Counted:
    """A stream read once from start to end, whose bytes are counted against a budget."""

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int = -1, /) -> bytes:
        """Read up to `size` bytes, or everything by default; never more than a chunk at a time from the underlying stream."""
        parts = []
        left = size if size >= 0 else None
        while left is None or left > 0:
            part = self._stream.read(READ_BYTES if left is None else min(left, READ_BYTES))
            if not part:
                break
            self._budget.spend(len(part))
            parts.append(part)
            left = None if left is None else left - len(part)
        return b"".join(parts)
