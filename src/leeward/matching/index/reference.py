"""The search in plain NumPy: the reference for the fast kernels, used where numba is not installed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leeward.matching.index.plan import MASK_COUNTS, MASK_WEIGHTS, MASKS, WORD_BITS, WORDS


class Bands(NamedTuple):
    """Codes sorted by band: bucket starts [B, 65537], rows by bucket [B, n + padding], the word that follows [same]."""

    offsets: NDArray[np.uint32]
    rows: NDArray[np.uint32]
    following: NDArray[np.uint16]


class SoftQueries(NamedTuple):
    """Queries as 64-bit words [q, w]; the doubtful bits of each 16-bit word [q, W]; the bits' weights float32 [q, 64
    w], starting with the lowest bit of each 64-bit word (`soft.py`).
    """

    words: NDArray[np.uint64]
    doubtful: NDArray[np.uint16]
    weights: NDArray[np.float32]


Found = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint16]]
_BLOCK_WORDS = 1 << 20


def scan(columns: NDArray[np.uint64], queries: NDArray[np.uint64], radius: int) -> Found:
    """Compare every query [q, w] with every code, given as columns [w, n]; return query, row, distance of each hit."""
    words, entries = columns.shape
    block = max(1, _BLOCK_WORDS // max(1, words))
    parts: list[Found] = []
    for number, query in enumerate(queries):
        for start in range(0, entries, block):
            piece = columns[:, start : start + block]
            distances = np.bitwise_count(piece ^ query[:, None]).sum(axis=0, dtype=np.uint16)
            rows = np.flatnonzero(distances <= radius)
            parts.append(
                (
                    np.full(len(rows), number, np.int64),
                    (rows + start).astype(np.uint32),
                    distances[rows].astype(np.uint16),
                )
            )
    return joined(parts)


def order_band(
    words: NDArray[np.uint16], band: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]]:
    """Sort codes [n, W] by their word `band`: bucket starts [65537], rows by bucket [n], the next word [n]."""
    rows = np.argsort(words[:, band], kind="stable").astype(np.uint32)
    offsets = np.zeros(WORDS + 1, np.uint32)
    offsets[1:] = np.cumsum(np.bincount(words[:, band], minlength=WORDS))
    return offsets, rows, words[rows, (band + 1) % words.shape[1]]


def probe(
    codes: NDArray[np.uint64],
    bands: Bands,
    queries: NDArray[np.uint64],
    thresholds: NDArray[np.int64],
    radius: int,
) -> Found:
    """Look up queries [q, w] in the bands of codes [n, w], see `plan`; returns the same as `scan`."""
    parts: list[Found] = []
    for number, query in enumerate(queries):
        candidates = _candidates(bands, query.view(np.uint16), thresholds)
        candidates = candidates[candidates < len(codes)]
        distances = np.bitwise_count(codes[candidates] ^ query).sum(axis=1, dtype=np.uint16)
        near = distances <= radius
        parts.append((np.full(int(near.sum()), number, np.int64), candidates[near], distances[near]))
    return joined(parts)


def _candidates(bands: Bands, query: NDArray[np.uint16], thresholds: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return the rows that pass the chain condition in at least one band, each once."""
    found = []
    for band in np.flatnonzero(thresholds >= 0):
        after = (band + 1) % len(query)
        opened = int(MASK_COUNTS[min(int(thresholds[band]), WORD_BITS)])
        buckets = (MASKS[:opened] ^ query[band]).astype(np.int64)
        starts = bands.offsets[band, buckets].astype(np.int64)
        sizes = bands.offsets[band, buckets + 1].astype(np.int64) - starts
        places = np.repeat(starts - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes) + np.arange(sizes.sum())
        allowed = thresholds[band] + thresholds[after] + 1 - np.repeat(MASK_WEIGHTS[:opened], sizes)
        passes = np.bitwise_count(bands.following[band, places] ^ query[after]) <= allowed
        found.append(bands.rows[band, places[passes]])
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.uint32)


def probe_softly(
    codes: NDArray[np.uint64], bands: Bands, soft_queries: SoftQueries, max_bits: int, max_soft: float
) -> Found:
    """Compare queries with the codes that share a word with them, ignoring its doubtful bits; return query, row and
    bits of those within `max_bits` and a soft distance of `max_soft`.
    """
    parts: list[Found] = []
    for number, query in enumerate(soft_queries.words):
        words = query.view(np.uint16)
        found = []
        for band in range(len(bands.offsets)):
            for flipped in _subsets(int(soft_queries.doubtful[number, band])):
                value = int(words[band]) ^ flipped
                found.append(bands.rows[band, bands.offsets[band, value] : bands.offsets[band, value + 1]])
        candidates = np.unique(np.concatenate(found))
        candidates = candidates[candidates < len(codes)]
        differs = codes[candidates] ^ query
        bits = np.bitwise_count(differs).sum(axis=1, dtype=np.uint16)
        near = (bits <= max_bits) & (soft_of(differs, soft_queries.weights[number]) <= np.float32(max_soft))
        parts.append((np.full(int(near.sum()), number, np.int64), candidates[near], bits[near]))
    return joined(parts)


def soft_of(differs: NDArray[np.uint64], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each row of differences [n, w], return the sum of the weights [64 w] (lowest bit of each word first) of its
    set bits.
    """
    set_bits = np.unpackbits(np.ascontiguousarray(differs).view(np.uint8), axis=1, bitorder="little")
    return (set_bits * weights).sum(axis=1, dtype=np.float32)


def _subsets(bits: int) -> list[int]:
    """Return every subset of the set bits of a number."""
    found, subset = [bits], bits
    while subset:
        subset = (subset - 1) & bits
        found.append(subset)
    return found


def joined(parts: list[Found]) -> Found:
    """Concatenate partial results."""
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.uint32), np.empty(0, np.uint16)
    return (
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        np.concatenate([part[2] for part in parts]),
    )
