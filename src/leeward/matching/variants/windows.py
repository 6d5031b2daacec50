"""Windows on a picture, which may extend beyond it, as PDQ's 64 x 64 samples.

A window is (top, bottom, left, right) in shares of the picture's height and width. Beyond the picture its edge pixels
are repeated, so that a crop is roughly undone without knowledge of the stored picture. Source of the filter: Meta, "PDQ
& TMK + PDQF" (two box filters in a row are one triangle).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from leeward.matching.engine import compiled
from leeward.matching.hashing.folding import SAMPLES
from leeward.matching.hashing.pdq import luma_of

LONG_SIDE = 512
"""The longer side, in pixels, of the reduced picture from which all windows are taken."""
WHOLE = (0.0, 1.0, 0.0, 1.0)
Window = tuple[float, float, float, float]
Luma = NDArray[np.float32]
KERNELS = "leeward.matching.variants.kernels"


@dataclass(frozen=True, slots=True)
class Axis:
    """The weights of the 64 samples along one axis: starting at pixel `first` int32 [64], `weights` float32 [64,
    longest].
    """

    size: int
    first: NDArray[np.int32]
    weights: NDArray[np.float32]

    def dense(self) -> NDArray[np.float32]:
        """Return the weights as a matrix [64, size]."""
        matrix = np.zeros((SAMPLES, self.size + self.weights.shape[1]), np.float32)
        for sample, (first, weights) in enumerate(zip(self.first.tolist(), self.weights, strict=True)):
            matrix[sample, first : first + len(weights)] = weights
        return matrix[:, : self.size]


def reduced(pixels: NDArray[np.uint8], long_side: int = LONG_SIDE) -> Luma:
    """Return the luma float32 [h, w] of luma uint8 [H, W] or RGB uint8 [H, W, 3], its long side 512 pixels at most (means of areas)."""
    height, width = pixels.shape[:2]
    scale = long_side / max(height, width)
    if scale >= 1.0:
        return luma_of(pixels)
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    fast = compiled(KERNELS)
    if fast is None:
        return _means(_means(luma_of(pixels), rows).T, columns).T
    shrink = fast.shrink_luma if pixels.ndim == 2 else fast.shrink_colour
    small: Luma = shrink(np.ascontiguousarray(pixels), rows, columns)
    return small


def _means(luma: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    """Return the means of `rows` equal parts of the first axis; a part may begin and end inside a pixel."""
    sums = np.zeros((len(luma) + 1, luma.shape[1]))
    np.cumsum(luma, axis=0, dtype=np.float64, out=sums[1:])
    bounds = np.arange(rows + 1) * (len(luma) / rows)
    whole = np.minimum(bounds.astype(np.int64), len(luma) - 1)
    at = sums[whole] + (bounds - whole)[:, None] * luma[whole]
    return (np.diff(at, axis=0) * (rows / len(luma))).astype(np.float32)


@lru_cache(maxsize=1024)
def axis(start: float, end: float, size: int) -> Axis:
    """Return the weights of the 64 samples of the window [start, end) along an axis of `size` pixels.

    Sample i stands at start + (i + 1/2) (end - start) / 64 and is the mean over a triangle of half width (end - start) / 128, integrated
    over each pixel; what lies outside counts for the pixel at the edge.
    """
    half = (end - start) / (2 * SAMPLES) * size
    rows: list[dict[int, float]] = []
    for sample in range(SAMPLES):
        centre = (start + (sample + 0.5) * (end - start) / SAMPLES) * size
        row: dict[int, float] = {}
        for pixel in range(int(np.floor(centre - half)), int(np.floor(centre + half)) + 1):
            share = _triangle(pixel + 1 - centre, half) - _triangle(pixel - centre, half)
            inside = min(max(pixel, 0), size - 1)
            row[inside] = row.get(inside, 0.0) + share
        rows.append(row)
    first = np.array([min(row) for row in rows], np.int32)
    weights = np.zeros((SAMPLES, max(max(row) - min(row) + 1 for row in rows)), np.float32)
    for sample, row in enumerate(rows):
        for pixel, share in row.items():
            weights[sample, pixel - first[sample]] = share
    return Axis(size, first, weights)


def _triangle(offset: float, half: float) -> float:
    """Return the share of a triangle of half width `half` that lies left of `offset` from its middle."""
    place = min(max(offset / half, -1.0), 1.0)
    return 0.5 + place - 0.5 * place * abs(place)


def samples_of(luma: Luma, window: Window) -> NDArray[np.float32]:
    """Return the 64 x 64 samples float32 of a window on luma float32 [h, w]."""
    down, across = axis(window[0], window[1], luma.shape[0]), axis(window[2], window[3], luma.shape[1])
    fast = compiled(KERNELS)
    if fast is None:
        return (down.dense() @ luma @ across.dense().T).astype(np.float32, copy=False)
    samples: NDArray[np.float32] = fast.samples(luma, down.first, down.weights, across.first, across.weights)
    return samples


def rotated(luma: Luma, degrees: float) -> Luma:
    """Return luma float32 [h, w] turned about its middle on the same canvas (bilinear; the edge is repeated)."""
    radians = np.deg2rad(degrees)
    sine, cosine = float(np.sin(radians)), float(np.cos(radians))
    fast = compiled(KERNELS)
    if fast is not None:
        turned: Luma = fast.rotate(luma, sine, cosine)
        return turned
    height, width = luma.shape
    down, across = np.mgrid[0:height, 0:width].astype(np.float64)
    down, across = down - (height - 1) / 2, across - (width - 1) / 2
    y = np.clip(sine * across + cosine * down + (height - 1) / 2, 0, height - 1)
    x = np.clip(cosine * across - sine * down + (width - 1) / 2, 0, width - 1)
    top, left = np.minimum(y.astype(np.int64), height - 2), np.minimum(x.astype(np.int64), width - 2)
    v, u = (y - top).astype(np.float32), (x - left).astype(np.float32)
    above = luma[top, left] * (1 - u) + luma[top, left + 1] * u
    below = luma[top + 1, left] * (1 - u) + luma[top + 1, left + 1] * u
    turned = above * (1 - v) + below * v
    return turned.astype(np.float32, copy=False)


def undone(window: Window, cut: tuple[float, float, float, float]) -> Window:
    """Return the window that the original filled before shares (top, bottom, left, right) were cut off, relative to
    what is left.
    """
    top, bottom, left, right = window
    height, width = (bottom - top) / (1 - cut[0] - cut[1]), (right - left) / (1 - cut[2] - cut[3])
    return (top - cut[0] * height, bottom + cut[1] * height, left - cut[2] * width, right + cut[3] * width)


def cut_by(share: float) -> Window:
    """Return the window that is left when a share is cut off every side."""
    return (share, 1 - share, share, 1 - share)
