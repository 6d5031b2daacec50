"""The soft search: a difference is weighted by how certain that bit of the query is.

An exact search at 63 bits would read most of the index. But nearly all codes at a small soft distance agree with the
query in at least one 16-bit word, except for bits of which the query is uncertain: measured on photographs, 99.8
percent of matches differ in at most one bit of some word, and 100.0 percent are found when every subset of the 4 least
certain bits of each word is flipped (16 buckets a word; the exact search at 31 bits opens 17).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leeward.matching.index.banks import Bank
from leeward.matching.index.hits import Hits
from leeward.matching.index.reference import Found, SoftQueries, joined, soft_of

DOUBTFUL_BITS = 4
"""The number of bits in each word that may be flipped."""
USUAL_RADIUS = 31


@dataclass(frozen=True, slots=True)
class SoftLimits:
    """The limits of nearness: within `sure_bits` (0 to 63) in any case, or within `max_bits` and a soft distance of
    `max_soft`.
    """

    max_soft: float = 24.0
    sure_bits: int = USUAL_RADIUS
    max_bits: int = 63

    def admits(self, hits: Hits, banks: Mapping[int, Bank]) -> NDArray[np.bool_]:
        """Return for each soft hit whether its bank's radius admits it: below 31 bits both limits shrink in proportion."""
        assert hits.soft is not None
        share = np.ones(len(hits), np.float32)
        for bank in banks.values():
            share[hits.bank == bank.number] = min(1.0, bank.radius / USUAL_RADIUS)
        admitted: NDArray[np.bool_] = (hits.distance <= self.sure_bits * share) | (hits.soft <= self.max_soft * share)
        return admitted


def in_word_order(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Reorder weights [q, bits] from the order of `np.unpackbits` of a code to its 64-bit words, lowest bit first."""
    by_byte = weights.reshape(len(weights), -1, 8)
    return np.ascontiguousarray(by_byte[:, :, ::-1].reshape(len(weights), -1))


def doubtful_bits(weights: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Return the 4 least certain bits of each 16-bit word of each query [q, W]."""
    ordered = in_word_order(weights).reshape(len(weights), -1, 16)
    least = np.argsort(ordered, axis=2, kind="stable")[:, :, :DOUBTFUL_BITS]
    bits: NDArray[np.uint16] = np.bitwise_or.reduce(np.left_shift(1, least), axis=2).astype(np.uint16)
    return np.ascontiguousarray(bits)


def soft_distances(
    codes: NDArray[np.uint64], soft_queries: SoftQueries, query: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return float32 [n]: the soft distances of codes [n, w] from the queries with these numbers [n]."""
    if not len(codes):
        return np.empty(0, np.float32)
    pairs = zip(codes, query.tolist(), strict=True)
    return np.concatenate(
        [soft_of(code[None, :] ^ soft_queries.words[row], soft_queries.weights[row]) for code, row in pairs]
    )


def each_once(first: Found, second: Found) -> Found:
    """Return the hits of two searches of the same queries, each (query, row) once."""
    query, rows, distance = joined([first, second])
    _, places = np.unique(query.astype(np.uint64) << np.uint64(32) | rows.astype(np.uint64), return_index=True)
    return query[places], rows[places], distance[places]
