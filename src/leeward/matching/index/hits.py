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
    """Matches as columns: query int64, id uint64, distance uint16, bank uint16, each [n]; by query, distance, id."""

    query: NDArray[np.int64]
    id: NDArray[np.uint64]
    distance: NDArray[np.uint16]
    bank: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.query)

    def __iter__(self) -> Iterator[Hit]:
        columns = (self.query.tolist(), self.id.tolist(), self.distance.tolist(), self.bank.tolist())
        return (Hit(*row) for row in zip(*columns, strict=True))

    def where(self, keep: NDArray[np.bool_]) -> "Hits":
        """Return the rows where `keep` is true."""
        if keep.all():
            return self
        return Hits(self.query[keep], self.id[keep], self.distance[keep], self.bank[keep])

    def ordered(self) -> "Hits":
        """Return the rows by query, then distance, then id."""
        if len(self) < 2:
            return self
        order = np.lexsort((self.id, self.distance, self.query))
        return Hits(self.query[order], self.id[order], self.distance[order], self.bank[order])


def joined_hits(parts: list[Hits]) -> Hits:
    """Put the rows of several answers together."""
    if len(parts) == 1:
        return parts[0]
    return Hits(
        np.concatenate([part.query for part in parts]),
        np.concatenate([part.id for part in parts]),
        np.concatenate([part.distance for part in parts]),
        np.concatenate([part.bank for part in parts]),
    )


def not_outdone_by_harmless(hits: Hits, is_harmless: NDArray[np.bool_], queries: int) -> Hits:
    """Return the rows of ordinary banks that are no further from their query than its nearest harmless entry."""
    if not is_harmless.any():
        return hits
    nearest = np.full(queries, np.iinfo(np.uint16).max, np.uint16)
    np.minimum.at(nearest, hits.query[is_harmless], hits.distance[is_harmless])
    return hits.where(~is_harmless & (hits.distance <= nearest[hits.query]))
