"""Look up digests among millions, sorted by their first eight bytes as numbers; licensed codes are compared one by one.

The arrays are mapped, never copied.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leeward.matching.hashing.licensed import LicensedHasher, bits_of, nearest


@dataclass(frozen=True, slots=True)
class ExactTable:
    """Digests of one kind: keys u64 [n] rising (the first eight bytes, big-endian), digests u8 [n, bytes], rows u32 [n]."""

    keys: NDArray[np.uint64]
    digests: NDArray[np.uint8]
    rows: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, wanted: Sequence[bytes]) -> list[tuple[int, int]]:
        """Return (number of the query, row of the list) for every occurrence of a digest."""
        if not wanted or not len(self):
            return []
        wanted_codes = np.frombuffer(b"".join(wanted), np.uint8).reshape(len(wanted), -1)
        keys = keys_of(wanted_codes)
        starts, ends = np.searchsorted(self.keys, keys, "left"), np.searchsorted(self.keys, keys, "right")
        found: list[tuple[int, int]] = []
        for number in np.flatnonzero(ends > starts).tolist():
            start, end = int(starts[number]), int(ends[number])
            same = (self.digests[start:end] == wanted_codes[number]).all(axis=1)
            found += [(number, row) for row in self.rows[start:end][same].tolist()]
        return found


def keys_of(digests: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the first eight bytes of digests u8 [n, bytes] as numbers that sort like them."""
    return np.ascontiguousarray(digests[:, :8]).view(">u8").reshape(-1).astype(np.uint64)


def exact_table(digests: NDArray[np.uint8], rows: NDArray[np.uint32]) -> ExactTable:
    """Sort digests u8 [n, bytes] and the rows u32 [n] they belong to."""
    keys = keys_of(digests)
    order = np.argsort(keys, kind="stable")
    return ExactTable(keys[order], digests[order], rows[order])


@dataclass(frozen=True, slots=True)
class LicensedTable:
    """Licensed codes of one kind: codes u8 [n, bytes] in any order, rows u32 [n]."""

    codes: NDArray[np.uint8]
    rows: NDArray[np.uint32]

    def find(self, wanted: Sequence[bytes], hasher: LicensedHasher | None) -> list[tuple[int, int, int]]:
        """Return (number of the query, row of the list, distance on the scale of 31 bits) for all codes that the
        adapter calls near; without an adapter, for equal codes. Compares with every code.
        """
        if not wanted or not len(self.codes):
            return []
        wanted_codes = np.frombuffer(b"".join(wanted), np.uint8).reshape(len(wanted), -1)
        if hasher is not None:
            found = nearest(hasher, self.codes, wanted_codes)
            return [(hit.query, int(self.rows[hit.row]), bits_of(hasher, hit.distance)) for hit in found]
        equal = ((number, (self.codes == code).all(axis=1)) for number, code in enumerate(wanted_codes))
        return [(number, row, 0) for number, places in equal for row in self.rows[places].tolist()]
