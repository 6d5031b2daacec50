"""Entries added since the segment was built: kept as columns and scanned in full by every search."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Tail:
    """The first `count` places of append-only buffers, so that an older view stays valid while newer ones are made.

    columns [w, room] uint64, ids [room], bank_of [room]; `gone` [count] marks removed entries (None: no entry).
    """

    columns: NDArray[np.uint64]
    ids: NDArray[np.uint64]
    bank_of: NDArray[np.uint16]
    count: int = 0
    gone: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return self.count

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Return for each entry whether it still counts."""
        return np.ones(self.count, np.bool_) if self.gone is None else ~self.gone

    def added(self, codes: NDArray[np.uint8], ids: NDArray[np.uint64], bank: int) -> "Tail":
        """Return the tail with these entries added; only one writer at a time may call this, on the newest tail."""
        end = self.count + len(ids)
        grown = self if end <= len(self.ids) else self._with_room(max(2 * end, 1024))
        grown.columns[:, self.count : end] = codes.view(np.uint64).T
        grown.ids[self.count : end] = ids
        grown.bank_of[self.count : end] = bank
        gone = None if self.gone is None else np.pad(self.gone, (0, len(ids)))
        return replace(grown, count=end, gone=gone)

    def without(self, ids: NDArray[np.uint64]) -> "Tail":
        """Return the tail with the entries of these ids marked as removed."""
        hit = np.isin(self.ids[: self.count], ids)
        if not hit.any():
            return self
        return replace(self, gone=hit if self.gone is None else self.gone | hit)

    def _with_room(self, room: int) -> "Tail":
        spare = room - len(self.ids)
        return replace(
            self,
            columns=np.pad(self.columns, ((0, 0), (0, spare))),
            ids=np.pad(self.ids, (0, spare)),
            bank_of=np.pad(self.bank_of, (0, spare)),
        )


def empty_tail(code_bits: int) -> Tail:
    """Return a tail without entries."""
    return Tail(np.empty((code_bits // 64, 0), np.uint64), np.empty(0, np.uint64), np.empty(0, np.uint16))
