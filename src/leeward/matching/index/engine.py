"""Chooses the fast kernels where numba is installed, and the NumPy reference otherwise."""

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from leeward.matching.engine import compiled
from leeward.matching.index import reference
from leeward.matching.index.plan import MASK_COUNTS, MASK_WEIGHTS, MASKS
from leeward.matching.index.reference import Bands, Found, SoftQueries


def kernels() -> ModuleType | None:
    """Return the compiled kernels, or None where they are not available."""
    return compiled("leeward.matching.index.kernels")


def engine_name() -> str:
    """Return "numba" or "numpy"."""
    return "numpy" if kernels() is None else "numba"


def scan(columns: NDArray[np.uint64], queries: NDArray[np.uint64], radius: int) -> Found:
    """Compare every query [q, w] with every code, given as columns [w, n]. Where there is no code, nothing is compiled."""
    fast = kernels() if columns.shape[1] else None
    if fast is None:
        return reference.scan(columns, queries, radius)
    found: Found = fast.scan(np.ascontiguousarray(columns), queries, np.uint64(radius))
    return found


def probe(
    codes: NDArray[np.uint64],
    bands: Bands,
    queries: NDArray[np.uint64],
    thresholds: NDArray[np.int64],
    radius: int,
) -> Found:
    """Look up queries [q, w] in the bands of codes [n, w]."""
    fast = kernels()
    if fast is None:
        return reference.probe(codes, bands, queries, thresholds, radius)
    found: Found = fast.probe(
        codes,
        codes.view(np.uint16),
        *bands,
        queries,
        queries.view(np.uint16),
        thresholds,
        np.uint64(radius),
        MASKS,
        MASK_WEIGHTS,
        MASK_COUNTS,
    )
    return found


def probe_softly(
    codes: NDArray[np.uint64], bands: Bands, soft_queries: SoftQueries, max_bits: int, max_soft: float
) -> Found:
    """Look up queries softly in the bands of codes [n, w]; see `soft.py`."""
    fast = kernels()
    if fast is None:
        return reference.probe_softly(codes, bands, soft_queries, max_bits, max_soft)
    found: Found = fast.probe_softly(
        codes,
        codes.view(np.uint16),
        bands.offsets,
        bands.rows,
        soft_queries.words,
        soft_queries.words.view(np.uint16),
        soft_queries.doubtful,
        soft_queries.weights,
        np.uint64(max_bits),
        np.float32(max_soft),
    )
    return found


def order_band(
    words: NDArray[np.uint16], band: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]]:
    """Sort codes [n, W] into buckets by their word `band`: bucket starts, rows by bucket, the word that follows."""
    fast = kernels()
    if fast is None:
        return reference.order_band(words, band)
    ordered: tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]] = fast.order_band(words, band)
    return ordered
