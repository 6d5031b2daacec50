"""Codes to measure with: uniform ones, planted near-duplicates at every distance from 0 to 31, and files of both."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.matching.peers import FOLDER

PLANTED = 500


def code_file(count: int) -> Path:
    """Return a .npy of uniform codes uint8 [count, 32]; the first rows are the same for every count."""
    path = FOLDER / f"codes-{count}.npy"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        words = np.random.default_rng(20240607).integers(0, 1 << 64, (count, 4), dtype=np.uint64)
        np.save(path, words.view(np.uint8))
    return path


def queries_for(codes: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Return 1000 queries in mixed order: 500 planted ones with their row and distance, 500 others with -1."""
    rng = np.random.default_rng(len(codes))
    rows = rng.integers(0, len(codes), PLANTED)
    distances = np.arange(PLANTED) % 32
    near = codes[rows].copy()
    for code, distance in zip(near, distances.tolist(), strict=True):
        for bit in rng.choice(256, distance, replace=False).tolist():
            code[bit >> 3] ^= np.uint8(1 << (bit & 7))
    order = rng.permutation(2 * PLANTED)
    nothing = np.full(PLANTED, -1)
    queries = np.concatenate([near, rng.integers(0, 256, (PLANTED, 32), dtype=np.uint8)])[order]
    return queries, np.concatenate([rows, nothing])[order], np.concatenate([distances, nothing])[order]
