"""What a search found."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Hit:
    """One match: which query (row number), which entry, how many bits apart, in which bank."""

    query: int
    id: int
    distance: int
    bank: int


@dataclass(frozen=True, slots=True)
class Hits:
    """Matches as columns: query int64, id uint64, distance uint16, bank uint16, each [n]; by query, distance, id.

    soft float32 [n]: the soft distances, only in the results of a soft search, which are sorted by them.
    """

    query: NDArray[np.int64]
    id: NDArray[np.uint64]
    distance: NDArray[np.uint16]
    bank: NDArray[np.uint16]
    soft: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.query)

    def __iter__(self) -> Iterator[Hit]:
        columns = (self.query.tolist(), self.id.tolist(), self.distance.tolist(), self.bank.tolist())
        return (Hit(*row) for row in zip(*columns, strict=True))

    def where(self, keep: NDArray[np.bool_]) -> "Hits":
        """Return the rows where `keep` is true."""
        if keep.all():
            return self
        return self._at(keep)

    def ordered(self) -> "Hits":
        """Return the rows by query, then distance, then id."""
        if len(self) < 2:
            return self
        return self._at(np.lexsort((self.id, self.distance if self.soft is None else self.soft, self.query)))

    def _at(self, places: NDArray[np.bool_] | NDArray[np.int64]) -> "Hits":
        soft = None if self.soft is None else self.soft[places]
        return Hits(self.query[places], self.id[places], self.distance[places], self.bank[places], soft)


def joined_hits(parts: list[Hits]) -> Hits:
    """Concatenate the rows of several results."""
    if len(parts) == 1:
        return parts[0]
    return Hits(
        np.concatenate([part.query for part in parts]),
        np.concatenate([part.id for part in parts]),
        np.concatenate([part.distance for part in parts]),
        np.concatenate([part.bank for part in parts]),
        None if parts[0].soft is None else np.concatenate([part.soft for part in parts if part.soft is not None]),
    )


def not_outdone_by_harmless(hits: Hits, is_harmless: NDArray[np.bool_], queries: int) -> Hits:
    """Return the rows of ordinary banks that are no further from their query than its nearest harmless entry."""
    if not is_harmless.any():
        return hits
    measure = hits.distance.astype(np.float32) if hits.soft is None else hits.soft
    nearest = np.full(queries, np.inf, np.float32)
    np.minimum.at(nearest, hits.query[is_harmless], measure[is_harmless])
    return hits.where(~is_harmless & (measure <= nearest[hits.query]))
