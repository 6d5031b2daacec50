"""Which buckets a search has to open so that it misses nothing.

A code of W words of 16 bits is filed W times: in band i under its word i. If d(q, c) <= r, then with thresholds t_0 …
t_{W-1} whose sum is r - W + 1 there is a band i such that for every chain length l d_i + … + d_{i+l-1} <= t_i + … +
t_{i+l-1} + l - 1 (indices in a ring). l = 1 says which buckets to open (all words within t_i bits of the query's), l =
2 which entries in them to examine (the next word is filed beside each).

Sources: Norouzi, Punjani, Fleet, "Fast exact search in Hamming space with multi-index hashing" (TPAMI 2014); the chain
condition is the pigeonring principle of Qin and Xiao (PVLDB 12, 2018).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

MAX_RADIUS = 63
WORD_BITS = 16
WORDS = 1 << WORD_BITS


def bands_of(code_bits: int) -> int:
    """Return in how many bands codes of this length are filed: one per word, at most as many as radius 63 can need."""
    return min(code_bits // WORD_BITS, MAX_RADIUS + 1)


@cache
def thresholds(code_bits: int, radius: int) -> NDArray[np.int64]:
    """Return the threshold t of each word [W]; -1 for a band that need not be searched."""
    words = code_bits // WORD_BITS
    total = radius - words + 1
    if total < 0:
        values = np.full(words, -1, np.int64)
        values[: radius + 1] = 0
    else:
        values = np.full(words, total // words, np.int64)
        values[: total % words] += 1
    values.flags.writeable = False
    return values


def _masks() -> tuple[NDArray[np.uint16], NDArray[np.int64], NDArray[np.int64]]:
    words = np.arange(WORDS, dtype=np.uint16)
    weights = np.bitwise_count(words)
    order = np.argsort(weights, kind="stable")
    counts = np.cumsum(np.bincount(weights, minlength=WORD_BITS + 1))
    return words[order], weights[order].astype(np.int64), counts.astype(np.int64)


MASKS, MASK_WEIGHTS, MASK_COUNTS = _masks()
"""Every 16-bit word ordered by its set bits [65536]; how many each has; how many words have at most k of them [17]."""


@cache
def probes(code_bits: int, radius: int) -> int:
    """Return how many buckets one query opens at this radius."""
    needed = thresholds(code_bits, radius)
    return int(MASK_COUNTS[np.minimum(needed[needed >= 0], WORD_BITS)].sum())


def is_scan_cheaper(code_bits: int, radius: int, entries: int) -> bool:
    """Return whether reading every code costs less than opening the buckets (measured: 15 ns a bucket, 0.1 ns a word)."""
    words_read = min(code_bits // 64, 2)
    return probes(code_bits, radius) * 15.0 > entries * words_read * 0.1
