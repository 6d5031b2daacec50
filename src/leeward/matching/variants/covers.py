"""A picture without what may cover a part of it: the part is filled in from its edges.

A sticker changes every coefficient of the spectrum a little. Filled in smoothly instead, its place tells nothing, and
the rest of the picture counts as before. Where a sticker is, nobody knows: so every place of a raster is tried, each
large enough that a sticker of some 4 percent of the area lies in at least one.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from leeward.matching.hashing.folding import SAMPLES
from leeward.matching.variants.windows import Window

SIDE, PLACES = 26, 4
"""The side of a place in samples, of 64, and how many there are along each axis."""
Samples = NDArray[np.float32]


def uncovered(samples: Samples) -> Iterator[tuple[Window, Samples]]:
    """Yield, for each place, its window and the samples float32 [64, 64] with that place filled in."""
    starts = [round(number * (SAMPLES - SIDE) / (PLACES - 1)) for number in range(PLACES)]
    for top in starts:
        for left in starts:
            bottom, right = top + SIDE, left + SIDE
            window = (top / SAMPLES, bottom / SAMPLES, left / SAMPLES, right / SAMPLES)
            yield window, filled(samples, top, bottom, left, right)


def filled(samples: Samples, top: int, bottom: int, left: int, right: int) -> Samples:
    """Return samples [64, 64] with a rectangle filled in: the mean of straight lines from edge to edge, down and across.

    Where the rectangle touches the border of the picture, the opposite edge is repeated.
    """
    above = samples[top - 1, left:right] if top else samples[bottom, left:right]
    below = samples[bottom, left:right] if bottom < SAMPLES else above
    before = samples[top:bottom, left - 1] if left else samples[top:bottom, right]
    after = samples[top:bottom, right] if right < SAMPLES else before
    down = _steps(bottom - top)[:, None]
    across = _steps(right - left)[None, :]
    found = samples.copy()
    found[top:bottom, left:right] = (
        above * (1 - down) + below * down + before[:, None] * (1 - across) + after[:, None] * across
    ) / 2
    return found


def _steps(count: int) -> NDArray[np.float32]:
    steps: NDArray[np.float32] = np.arange(1, count + 1, dtype=np.float32) / np.float32(count + 1)
    return steps
