"""Find where the actual picture may lie inside an upload: borders, bars of a screenshot, captions and blurred frames.

There are three indicators, weakest last: rows and columns of one tone (`trims`), long straight steps (`lines`), and a
sharp middle in a blurred frame (`sharp`). Each suggests a few boxes; the first six distinct ones are tried. More would
include pieces of frames, and frames of different pictures look alike.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from leeward.matching.engine import compiled
from leeward.matching.variants.windows import KERNELS, Luma, Window

MOST_BOXES = 6
_LEAST_SIDE, _SAME_WITHIN = 0.15, 0.004
_FLAT_LEVELS, _FLAT_SHARES, _MOST_GAP, _TRIMS = 10, (0.95, 0.8, 0.6), 0.02, 3
_STEP_RANK, _STEP_AROUND, _LEAST_STEP, _LINES_A_HALF = 0.35, 13, 1.0, 3
_SHARP_AT, _SHARP_SHARES, _SHARP_RANK = 6.0, (0.25, 0.08, 0.5), 75
Span = tuple[int, int]
Box = tuple[int, int, int, int]
"""top, bottom, left, right in pixels; bottom and right are exclusive"""


def boxes_of(luma: Luma) -> list[Window]:
    """Return at most 6 windows of luma float32 [h, w] in which the picture may lie, likeliest first; never the whole."""
    height, width = luma.shape
    if min(height, width) < 16:
        return []
    found: list[Window] = []
    for top, bottom, left, right in _in_turn(luma):
        window = (top / height, bottom / height, left / width, right / width)
        if _is_new(window, found):
            found.append(window)
        if len(found) == MOST_BOXES:
            break
    return found


def _in_turn(luma: Luma) -> Iterator[Box]:
    """Yield boxes of the three indicators in turn: one by trims, two by lines, one by sharpness."""
    sources = [_trimmed(luma), _between_lines(luma), _sharp(luma)]
    while sources:
        for source, share in zip(list(sources), (1, 2, 1) if len(sources) == 3 else (1,) * len(sources), strict=True):
            for _ in range(share):
                box = next(source, None)
                if box is None:
                    sources.remove(source)
                    break
                yield box


def _is_new(window: Window, found: list[Window]) -> bool:
    top, bottom, left, right = window
    if bottom - top < _LEAST_SIDE or right - left < _LEAST_SIDE:
        return False
    others = [(0.0, 1.0, 0.0, 1.0), *found]
    return all(max(abs(a - b) for a, b in zip(window, other, strict=True)) > _SAME_WITHIN for other in others)


def _trimmed(luma: Luma) -> Iterator[Box]:
    """Yield what remains after trimming flat rows and columns at the edges, by three definitions of flat."""
    levels = np.clip(np.rint(luma), 0, 255).astype(np.uint8)
    turned = np.ascontiguousarray(levels.T)
    height, width = levels.shape
    for least in _FLAT_SHARES:
        box = (0, height, 0, width)
        for _ in range(_TRIMS):
            top, bottom, left, right = box
            rows = longest_run(flat_shares(levels, (top, bottom), (left, right)) < least)
            top, bottom = top + rows[0], top + rows[1]
            columns = longest_run(flat_shares(turned, (left, right), (top, bottom)) < least) if bottom > top else (0, 0)
            now = (top, bottom, left + columns[0], left + columns[1])
            if now == box or now[1] <= now[0] or now[3] <= now[2]:
                box = now
                break
            box = now
        if box[1] > box[0] and box[3] > box[2]:
            yield box


def flat_shares(levels: NDArray[np.uint8], rows: Span, columns: Span) -> NDArray[np.float32]:
    """Return for each of `rows` of levels uint8 [h, w] the share of its pixels in `columns` that are within 10 of their median."""
    fast = compiled(KERNELS)
    if fast is not None:
        shares: NDArray[np.float32] = fast.flat_shares(levels, *rows, *columns)
        return shares
    part = levels[rows[0] : rows[1], columns[0] : columns[1]].astype(np.int16)
    rank = (part.shape[1] - 1) // 2
    middle = np.partition(part, rank, axis=1)[:, rank]
    return (np.abs(part - middle[:, None]) <= _FLAT_LEVELS).mean(axis=1).astype(np.float32)


def longest_run(wanted: NDArray[np.bool_]) -> Span:
    """Return the longest run of True whose gaps are no longer than 2 % of the whole; (0, 0) where there is none."""
    places = np.flatnonzero(wanted)
    if not len(places):
        return (0, 0)
    most = max(1, int(_MOST_GAP * len(wanted)))
    breaks = np.flatnonzero(np.diff(places) > most + 1)
    starts, ends = np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [len(places) - 1]])
    spans = [(int(places[a]), int(places[b]) + 1) for a, b in zip(starts, ends, strict=True)]
    return max(spans, key=lambda span: span[1] - span[0])


def _between_lines(luma: Luma) -> Iterator[Box]:
    """Yield boxes between straight steps, or between a step and the picture's edge, highest steps first."""
    height, width = luma.shape
    top, bottom = _edges(steps(luma), height)
    left, right = _edges(steps(np.ascontiguousarray(luma.T)), width)
    combined = sorted(product(top, bottom, left, right), key=lambda sides: sum(side[0] for side in sides), reverse=True)
    for sides in combined[:-1]:  # the last one is the whole picture
        yield sides[0][1], sides[1][1], sides[2][1], sides[3][1]


def _edges(heights: NDArray[np.float32], size: int) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
    """Return the edges near the start and near the end as (height of the step, position): up to 3 each, and the
    picture's own.
    """
    half = _STEP_AROUND // 2
    around = np.lib.stride_tricks.sliding_window_view(np.pad(heights, half, mode="edge"), _STEP_AROUND)
    above = heights - np.median(around, axis=1)
    padded = np.pad(above, 1, constant_values=-np.inf)
    peaks = np.flatnonzero((above > _LEAST_STEP) & (above >= padded[:-2]) & (above >= padded[2:]))
    places = [(float(above[peak]), int(peak) + 1) for peak in peaks]
    first = sorted((one for one in places if one[1] <= size // 2), reverse=True)[:_LINES_A_HALF]
    second = sorted((one for one in places if one[1] > size // 2), reverse=True)[:_LINES_A_HALF]
    return [*first, (0.0, 0)], [*second, (0.0, size)]


def steps(luma: Luma) -> NDArray[np.float32]:
    """Return for each pair of neighbouring rows of luma [h, w] the difference that 65 % of their pixels reach, in quarters: [h - 1]."""
    fast = compiled(KERNELS)
    if fast is not None:
        found: NDArray[np.float32] = fast.steps(luma)
        return found
    quarters = np.minimum((np.float32(4) * np.abs(luma[1:] - luma[:-1])).astype(np.int64), 1023)
    rank = int(_STEP_RANK * (luma.shape[1] - 1))
    return (np.partition(quarters, rank, axis=1)[:, rank] / 4).astype(np.float32)


def _sharp(luma: Luma) -> Iterator[Box]:
    """Yield the sharp part of a picture with a blurred frame."""
    rows, columns = sharp_shares(luma)
    for share in _SHARP_SHARES:
        down = longest_run(rows > share * np.percentile(rows, _SHARP_RANK))
        across = longest_run(columns > share * np.percentile(columns, _SHARP_RANK))
        if down[1] - down[0] > 2 and across[1] - across[0] > 2:
            yield down[0] + 1, down[1] - 1, across[0] + 1, across[1] - 1


def sharp_shares(luma: Luma) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return for each row [h] and each column [w] of luma the share of pixels whose Laplacian is above 6."""
    fast = compiled(KERNELS)
    if fast is not None:
        shares: tuple[NDArray[np.float32], NDArray[np.float32]] = fast.sharp_shares(luma)
        return shares
    height, width = luma.shape
    around = (luma[:-2, 1:-1] + luma[2:, 1:-1]) + (luma[1:-1, :-2] + luma[1:-1, 2:])
    sharp = np.pad(np.abs(around - np.float32(4) * luma[1:-1, 1:-1]) > _SHARP_AT, 1)
    return (
        sharp.sum(axis=1).astype(np.float32) / np.float32(width),
        sharp.sum(axis=0).astype(np.float32) / np.float32(height),
    )
