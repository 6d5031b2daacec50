"""PDQ's filter and decimation as two banded matrices, for a picture decoded at any size.

PDQ blurs a picture with two box filters along each axis and takes 64 x 64 samples. All of that is linear and works
along one axis at a time, so the 64 x 64 values are A . luma . B^T with few weights in each row of A and B: about one
multiplication per pixel instead of four passes over the picture. Where a JPEG was decoded at a reduced size, the
weights are made for the original size, and each is distributed over the reduced pixels that cover its pixel, so that
the windows stay where they were. Source of the filter: Meta, "PDQ & TMK + PDQF" (hashing.pdf in the ThreatExchange
repository).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SAMPLES = 64
NEAREST = 512


class Convention(StrEnum):
    """The two ways in which PDQ is computed in practice; they differ by 8 bits on average."""

    FULL = "full"
    """At full resolution: pdqhash, python-threatexchange, HMA."""
    NN512 = "nn512"
    """Pictures larger than 512 on a side are first reduced to 512 x 512 by nearest-pixel sampling: Meta's C++ program.
    """


@dataclass(frozen=True, slots=True)
class Fold:
    """The weights along one axis of `size` pixels.

    By sample: `first` [64] int32, `weights` [64, longest] float32 (zeros at the end). By pixel: `start` [size + 1] int32 into
    `samples` int32 and `shares` float32 says which samples a pixel counts for, and how much.
    """

    size: int
    first: NDArray[np.int32]
    weights: NDArray[np.float32]
    start: NDArray[np.int32]
    samples: NDArray[np.int32]
    shares: NDArray[np.float32]

    def dense(self) -> NDArray[np.float32]:
        """Return the weights as a matrix [64, size]."""
        matrix = np.zeros((SAMPLES, self.size + self.weights.shape[1]), np.float32)
        for sample, (first, weights) in enumerate(zip(self.first.tolist(), self.weights, strict=True)):
            matrix[sample, first : first + len(weights)] = weights
        return matrix[:, : self.size]


@lru_cache(maxsize=512)
def fold(decoded: int, original: int, convention: Convention) -> Fold:
    """Return the weights for an axis of `original` pixels that was decoded at `decoded` pixels."""
    rows = _nearest(original) if convention is Convention.NN512 else _sampled(original)
    if decoded != original:
        rows = [_shared_out(row, original, decoded) for row in rows]
    return _packed(rows, decoded)


Row = dict[int, float]


def _window(size: int, width: int, place: int) -> range:
    """Return the inputs that output `place` of PDQ's box filter averages (an even width leans to the left)."""
    end = min(size, place + (width + 2) // 2)
    return range(max(0, place + (width + 2) // 2 - width), end)


def _sampled(size: int) -> list[Row]:
    """Return the weights of the 64 samples of an axis: two box filters, then every size / 64-th place."""
    width = (size + 2 * SAMPLES - 1) // (2 * SAMPLES)
    rows = []
    for sample in range(SAMPLES):
        row: Row = {}
        outer = _window(size, width, int((sample + 0.5) * size / SAMPLES))
        for middle in outer:
            inner = _window(size, width, middle)
            for place in inner:
                row[place] = row.get(place, 0.0) + 1.0 / (len(outer) * len(inner))
        rows.append(row)
    return rows


def _nearest(size: int) -> list[Row]:
    """Return the weights for the samples of an axis that is reduced to 512 nearest pixels first."""
    rows = []
    for reduced in _sampled(NEAREST):
        row: Row = {}
        for place, weight in reduced.items():
            source = place * size // NEAREST
            row[source] = row.get(source, 0.0) + weight
        rows.append(row)
    return rows


def _shared_out(row: Row, original: int, decoded: int) -> Row:
    """Distribute the weight of each original pixel over the decoded pixels that cover it."""
    scale = decoded / original
    shared: Row = {}
    for place, weight in row.items():
        start, end = place * scale, (place + 1) * scale
        pixel = min(int(start), decoded - 1)
        while pixel < decoded and pixel < end - 1e-12:
            part = (min(end, pixel + 1.0) - max(start, float(pixel))) / scale
            shared[pixel] = shared.get(pixel, 0.0) + weight * part
            pixel += 1
    return shared


def _packed(rows: list[Row], size: int) -> Fold:
    first = np.array([min(row) for row in rows], np.int32)
    longest = max(max(row) - min(row) + 1 for row in rows)
    weights = np.zeros((SAMPLES, longest), np.float32)
    by_pixel: list[list[tuple[int, float]]] = [[] for _ in range(size)]
    for sample, row in enumerate(rows):
        for place, weight in row.items():
            weights[sample, place - first[sample]] = weight
            by_pixel[place].append((sample, weight))
    start = np.zeros(size + 1, np.int32)
    start[1:] = np.cumsum([len(pairs) for pairs in by_pixel])
    pairs = [pair for pixel in by_pixel for pair in pixel]
    samples = np.array([sample for sample, _ in pairs], np.int32)
    return Fold(size, first, weights, start, samples, np.array([weight for _, weight in pairs], np.float32))
