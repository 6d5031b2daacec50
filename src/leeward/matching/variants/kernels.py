# mypy: ignore-errors
"""The fast kernels of variants (numba); the NumPy reference of each is in the module that uses it."""

import numpy as np
from numba import njit, types


def _read_only(dtype, dimensions):
    return types.Array(dtype, dimensions, "C", readonly=True)


_LUMA = _read_only(types.float32, 2)
_LEVELS = _read_only(types.uint8, 2)
_MADE = types.float32[:, ::1]
_SHARES = types.float32[::1]


@njit(inline="always", fastmath=True)
def _shrink_line(line, small):
    """Write the means of equal parts of a line into `small`; a part may begin and end inside a pixel."""
    step = line.size / small.size
    for place in range(small.size):
        start, end = place * step, (place + 1) * step
        first, last = int(start), min(int(end), line.size - 1)
        if first == last:
            small[place] = line[first]
        else:
            total = (np.float64(1) - (start - first)) * line[first] + (end - last) * line[last]
            for k in range(first + 1, last):
                total += line[k]
            small[place] = total / step


@njit(inline="always", fastmath=True)
def _add_line(result, small, row, height):
    """Add one already reduced line to the rows of the result that it overlaps, weighted by its share of them."""
    step = result.shape[0] / height
    start, end = row * step, (row + 1) * step
    first, last = int(start), min(int(end), result.shape[0] - 1)
    if first == last:
        for k in range(small.size):
            result[first, k] += np.float32(end - start) * small[k]
    else:
        for k in range(small.size):
            result[first, k] += np.float32(last - start) * small[k]
            result[last, k] += np.float32(end - last) * small[k]


@njit(_MADE(_LEVELS, types.int64, types.int64), nogil=True, cache=True)
def shrink_luma(luma, rows, columns):
    """See `windows.reduced`: luma uint8 [H, W]."""
    height, width = luma.shape
    result = np.zeros((rows, columns), np.float32)
    line, small = np.empty(width, np.float32), np.empty(columns, np.float32)
    for row in range(height):
        for column in range(width):
            line[column] = np.float32(luma[row, column])
        _shrink_line(line, small)
        _add_line(result, small, row, height)
    return result


@njit(_MADE(_read_only(types.uint8, 3), types.int64, types.int64), nogil=True, cache=True)
def shrink_colour(pixels, rows, columns):
    """See `windows.reduced`: RGB uint8 [H, W, 3]."""
    height, width = pixels.shape[0], pixels.shape[1]
    result = np.zeros((rows, columns), np.float32)
    line, small = np.empty(width, np.float32), np.empty(columns, np.float32)
    for row in range(height):
        for column in range(width):
            red, green, blue = pixels[row, column, 0], pixels[row, column, 1], pixels[row, column, 2]
            line[column] = np.float32((red * 0.299 + green * 0.587) + blue * 0.114)
        _shrink_line(line, small)
        _add_line(result, small, row, height)
    return result


@njit(
    _MADE(
        _LUMA,
        _read_only(types.int32, 1),
        _read_only(types.float32, 2),
        _read_only(types.int32, 1),
        _read_only(types.float32, 2),
    ),
    nogil=True,
    cache=True,
    fastmath=True,
)
def samples(luma, down_first, down_weights, across_first, across_weights):
    """See `windows.samples_of`."""
    height, width = luma.shape
    result = np.empty((64, 64), np.float32)
    line = np.empty(width, np.float32)
    for y in range(64):
        line[:] = np.float32(0.0)
        for k in range(min(down_weights.shape[1], height - down_first[y])):
            weight = down_weights[y, k]
            if weight != np.float32(0.0):
                for column in range(width):
                    line[column] += weight * luma[down_first[y] + k, column]
        for x in range(64):
            value = np.float32(0.0)
            for k in range(min(across_weights.shape[1], width - across_first[x])):
                value += across_weights[x, k] * line[across_first[x] + k]
            result[y, x] = value
    return result


@njit(_MADE(_LUMA, types.float64, types.float64), nogil=True, cache=True, fastmath=True)
def rotate(luma, sine, cosine):
    """See `windows.rotated`."""
    height, width = luma.shape
    result = np.empty((height, width), np.float32)
    middle_y, middle_x = (height - 1) / 2, (width - 1) / 2
    for row in range(height):
        for column in range(width):
            down, across = row - middle_y, column - middle_x
            y = min(max(sine * across + cosine * down + middle_y, 0.0), np.float64(height - 1))
            x = min(max(cosine * across - sine * down + middle_x, 0.0), np.float64(width - 1))
            top, left = min(int(y), height - 2), min(int(x), width - 2)
            v, u = np.float32(y - top), np.float32(x - left)
            above = luma[top, left] * (np.float32(1) - u) + luma[top, left + 1] * u
            below = luma[top + 1, left] * (np.float32(1) - u) + luma[top + 1, left + 1] * u
            result[row, column] = above * (np.float32(1) - v) + below * v
    return result


@njit(inline="always")
def _place_in(counts, rank):
    """Return the value of this rank (0: the smallest) in a histogram."""
    passed = 0
    for value in range(counts.size):
        passed += counts[value]
        if passed > rank:
            return value
    return counts.size - 1


@njit(_SHARES(_LEVELS, types.int64, types.int64, types.int64, types.int64), nogil=True, cache=True)
def flat_shares(levels, top, bottom, left, right):
    """See `boxes.flat_shares`."""
    shares = np.empty(bottom - top, np.float32)
    counts = np.zeros(256, np.int64)
    size = right - left
    for row in range(top, bottom):
        counts[:] = 0
        for column in range(left, right):
            counts[levels[row, column]] += 1
        middle = _place_in(counts, (size - 1) // 2)
        near = 0
        for value in range(max(0, middle - 10), min(256, middle + 11)):
            near += counts[value]
        shares[row - top] = near / size
    return shares


@njit(_SHARES(_LUMA), nogil=True, cache=True)
def steps(luma):
    """See `boxes.steps`."""
    height, width = luma.shape
    found = np.empty(height - 1, np.float32)
    counts = np.zeros(1024, np.int64)
    for row in range(height - 1):
        counts[:] = 0
        for column in range(width):
            counts[min(int(np.float32(4) * abs(luma[row + 1, column] - luma[row, column])), 1023)] += 1
        found[row] = _place_in(counts, int(0.35 * (width - 1))) / np.float32(4)
    return found


@njit(types.Tuple((_SHARES, _SHARES))(_LUMA), nogil=True, cache=True)
def sharp_shares(luma):
    """See `boxes.sharp_shares`."""
    height, width = luma.shape
    rows, columns = np.zeros(height, np.float32), np.zeros(width, np.float32)
    for row in range(1, height - 1):
        for column in range(1, width - 1):
            around = (luma[row - 1, column] + luma[row + 1, column]) + (luma[row, column - 1] + luma[row, column + 1])
            if abs(around - np.float32(4) * luma[row, column]) > np.float32(6):
                rows[row] += np.float32(1)
                columns[column] += np.float32(1)
    return rows / np.float32(width), columns / np.float32(height)
