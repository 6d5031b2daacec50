"""Cuts a stream into pieces where its content says so, so that a change moves only the pieces that it touches."""

from collections.abc import Callable, Iterator

import numpy as np

LEAST, MOST = 64 * 1024, 1024 * 1024
_BITS = 18  # one position in 2**18 is a boundary: pieces of a quarter of a MiB
_WINDOW = 8
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MARK = np.uint64(1)  # never the hash of zeros, of which databases are full
_BUFFER = 8 * MOST


def pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield the pieces of what `read(size)` returns until it returns nothing: each of `LEAST` to `MOST` bytes, only the last may
    be smaller."""
    held, is_over = b"", False
    while True:
        while not is_over and len(held) < _BUFFER:
            more = read(_BUFFER)
            is_over = not more
            held += more
        start = 0
        for end in _ends(held):
            if not is_over and len(held) - start < MOST:
                break
            yield held[start:end]
            start = end
        held = held[start:]
        if is_over:
            return


def _ends(data: bytes) -> Iterator[int]:
    marks, start = _marks(data), 0
    while start < len(data):
        at = int(np.searchsorted(marks, start + LEAST))
        natural = int(marks[at]) if at < len(marks) else len(data)
        start = min(natural, start + MOST)
        yield start


def _marks(data: bytes) -> np.ndarray:
    """Return every position after a window of eight bytes whose hash is the mark."""
    single = np.frombuffer(data, dtype=np.uint8).astype(np.uint64)
    double = single[:-1] | single[1:] << np.uint64(8)
    fourfold = double[:-2] | double[2:] << np.uint64(16)
    window = fourfold[:-4] | fourfold[4:] << np.uint64(32)
    return np.flatnonzero((window * _FACTOR) >> np.uint64(64 - _BITS) == _MARK) + _WINDOW
