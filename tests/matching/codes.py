"""Codes to test with: uniform, clustered as real hashes are, with duplicates; and the plainest possible search."""

import numpy as np
from numpy.typing import NDArray

Rows = list[tuple[int, int, int]]


def uniform(count: int, bits: int = 256, seed: int = 0) -> NDArray[np.uint8]:
    """Codes whose bits are all independent."""
    return np.random.default_rng(seed).integers(0, 256, (count, bits // 8), dtype=np.uint8)


def clustered(count: int, bits: int = 256, seed: int = 0) -> NDArray[np.uint8]:
    """Codes in tight groups, a tenth of them exact duplicates, some words the same in all."""
    rng = np.random.default_rng(seed)
    codes = uniform(max(1, count // 20), bits, seed)[rng.integers(0, max(1, count // 20), count)]
    flips = rng.random((count, bits)) < rng.random((count, 1)) * 0.15
    codes ^= np.packbits(flips, axis=1)
    codes[: count // 10] = codes[:1]
    codes[count // 2 :, 2:4] = 0
    return codes


def near(codes: NDArray[np.uint8], distance: int, seed: int = 0) -> NDArray[np.uint8]:
    """The same codes with exactly `distance` bits flipped in each."""
    rng = np.random.default_rng(seed)
    flips = np.zeros((len(codes), codes.shape[1] * 8), np.uint8)
    for row in flips:
        row[rng.choice(len(row), distance, replace=False)] = 1
    return codes ^ np.packbits(flips, axis=1)


def brute(codes: NDArray[np.uint8], queries: NDArray[np.uint8], radius: int) -> Rows:
    """Every (query, row, distance) within the radius, by comparing everything with everything, bit by bit."""
    rows: Rows = []
    bits = np.unpackbits(codes, axis=1)
    for number, query in enumerate(np.unpackbits(queries, axis=1)):
        distances = (bits != query).sum(axis=1)
        rows += [(number, int(row), int(distances[row])) for row in np.flatnonzero(distances <= radius)]
    return sorted(rows)
