# mypy: ignore-errors
# ruff: noqa: PLR0917 (a kernel takes plain arrays, many of them, and numba wants them by position)
"""The fast kernels of hashing (numba); the NumPy reference of each is in the module that uses it."""

import numpy as np
from numba import njit, types


def _read_only(dtype, dimensions):
    return types.Array(dtype, dimensions, "C", readonly=True)


_AXIS = (_read_only(types.int32, 1), _read_only(types.int32, 1), _read_only(types.float32, 1))
_ACROSS = (_read_only(types.int32, 1), _read_only(types.float32, 2))
_SAMPLES = types.float32[:, ::1]


@njit(inline="always", fastmath=True)
def _add_row(total, line, row, start, samples, shares):
    """Add one line of luma to the samples that it contributes to along the other axis."""
    for k in range(start[row], start[row + 1]):
        share = shares[k]
        target = total[samples[k]]
        for column in range(line.size):
            target[column] += share * line[column]


@njit(inline="always", fastmath=True)
def _sum_across(total, first, weights):
    """Return the 64 x 64 samples of lines that are already folded along the other axis."""
    result = np.empty((64, 64), np.float32)
    width = total.shape[1]
    for line in range(64):
        for sample in range(64):
            begin = first[sample]
            value = np.float32(0.0)
            for k in range(min(weights.shape[1], width - begin)):
                value += weights[sample, k] * total[line, begin + k]
            result[line, sample] = value
    return result


@njit(_SAMPLES(_read_only(types.uint8, 2), *_AXIS, *_ACROSS), nogil=True, cache=True)
def fold_luma(luma, start, samples, shares, first, weights):
    """See `pdq.folded`: luma uint8 [H, W]."""
    height, width = luma.shape
    total = np.zeros((64, width), np.float32)
    line = np.empty(width, np.float32)
    for row in range(height):
        if start[row] < start[row + 1]:
            for column in range(width):
                line[column] = np.float32(luma[row, column])
            _add_row(total, line, row, start, samples, shares)
    return _sum_across(total, first, weights)


@njit(_SAMPLES(_read_only(types.uint8, 3), *_AXIS, *_ACROSS), nogil=True, cache=True)
def fold_colour(pixels, start, samples, shares, first, weights):
    """See `pdq.folded`: RGB uint8 [H, W, 3]; luma is computed line by line."""
    height, width = pixels.shape[0], pixels.shape[1]
    total = np.zeros((64, width), np.float32)
    line = np.empty(width, np.float32)
    for row in range(height):
        if start[row] < start[row + 1]:
            for column in range(width):
                red, green, blue = pixels[row, column, 0], pixels[row, column, 1], pixels[row, column, 2]
                line[column] = np.float32((red * 0.299 + green * 0.587) + blue * 0.114)
            _add_row(total, line, row, start, samples, shares)
    return _sum_across(total, first, weights)


@njit(inline="always")
def _tiger_block(state, block, boxes, x):
    """Compress one block [8] into the state [3]; `x` [8] is room to work in."""
    for k in range(8):
        x[k] = block[k]
    a, b, c = state[0], state[1], state[2]
    low = np.uint64(255)
    for multiplier in (np.uint64(5), np.uint64(7), np.uint64(9)):
        if multiplier != np.uint64(5):
            _tiger_keys(x)
        for k in range(8):
            c ^= x[k]
            a -= (
                boxes[0, c & low]
                ^ boxes[1, (c >> np.uint64(16)) & low]
                ^ boxes[2, (c >> np.uint64(32)) & low]
                ^ boxes[3, (c >> np.uint64(48)) & low]
            )
            b += (
                boxes[3, (c >> np.uint64(8)) & low]
                ^ boxes[2, (c >> np.uint64(24)) & low]
                ^ boxes[1, (c >> np.uint64(40)) & low]
                ^ boxes[0, (c >> np.uint64(56)) & low]
            )
            b *= multiplier
            a, b, c = b, c, a
    state[0] ^= a
    state[1] = b - state[1]
    state[2] += c


@njit(inline="always")
def _tiger_keys(x):
    left, right = np.uint64(19), np.uint64(23)
    x[0] -= x[7] ^ np.uint64(0xA5A5A5A5A5A5A5A5)
    x[1] ^= x[0]
    x[2] += x[1]
    x[3] -= x[2] ^ (~x[1] << left)
    x[4] ^= x[3]
    x[5] += x[4]
    x[6] -= x[5] ^ (~x[4] >> right)
    x[7] ^= x[6]
    x[0] += x[7]
    x[1] -= x[0] ^ (~x[7] << left)
    x[2] ^= x[1]
    x[3] += x[2]
    x[4] -= x[3] ^ (~x[2] >> right)
    x[5] ^= x[4]
    x[6] += x[5]
    x[7] -= x[6] ^ np.uint64(0x0123456789ABCDEF)


@njit(
    types.uint64[::1](_read_only(types.uint64, 1), _read_only(types.uint64, 1), _read_only(types.uint64, 2)),
    nogil=True,
    cache=True,
)
def tiger_compress(state, block, boxes):
    """Return the state [3] after one more block [8]."""
    after = state.copy()
    _tiger_block(after, block, boxes, np.empty(8, np.uint64))
    return after


@njit(types.uint64[:, ::1](_read_only(types.uint64, 3), _read_only(types.uint64, 2)), nogil=True, cache=True)
def tiger(words, boxes):
    """See `tiger.tiger`: padded messages [n, blocks, 8] to states [n, 3]."""
    states = np.empty((words.shape[0], 3), np.uint64)
    x = np.empty(8, np.uint64)
    for message in range(words.shape[0]):
        state = states[message]
        state[0] = np.uint64(0x0123456789ABCDEF)
        state[1] = np.uint64(0xFEDCBA9876543210)
        state[2] = np.uint64(0xF096A5B4C3B2E187)
        for block in range(words.shape[1]):
            _tiger_block(state, words[message, block], boxes, x)
    return states
