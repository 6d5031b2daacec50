"""TTH: the Tiger tree hash (THEX) of Direct Connect and Gnutella, over 1 KiB leaves.

Tiger and the rule that makes its four tables: Anderson and Biham, "Tiger: A Fast New Hash Function" (FSE 1996).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from leeward.matching.engine import compiled

LEAF_BYTES = 1024
BATCH_LEAVES = 1024
Words = NDArray[np.uint64]
_MASK = (1 << 64) - 1
_START = (0x0123456789ABCDEF, 0xFEDCBA9876543210, 0xF096A5B4C3B2E187)
_TABLE_SEED = b"Tiger - A Fast New Hash Function, by Ross Anderson and Eli Biham"
_TABLE_PASSES = 5


class TigerTree:
    """Computes the root of the tree: whole batches of leaves are reduced at once, their roots joined as they come."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._roots: list[tuple[int, Words]] = []

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        self._rest += data
        batch = LEAF_BYTES * BATCH_LEAVES
        while len(self._rest) >= batch:
            self._push(_root_of(bytes(self._rest[:batch])))
            del self._rest[:batch]

    def digest(self) -> bytes:
        """Return the root of what was taken."""
        root = _root_of(bytes(self._rest)) if self._rest or not self._roots else self._roots.pop()[1]
        while self._roots:
            root = _parent(self._roots.pop()[1], root)
        return root.astype("<u8").tobytes()

    def _push(self, root: Words) -> None:
        height = 0
        while self._roots and self._roots[-1][0] == height:
            root = _parent(self._roots.pop()[1], root)
            height += 1
        self._roots.append((height, root))


def _root_of(data: bytes) -> Words:
    """Return the root [3] over the leaves of some data."""
    whole = len(data) // LEAF_BYTES
    parts = []
    if whole:
        parts.append(_hashed(b"\0", np.frombuffer(data, np.uint8, whole * LEAF_BYTES).reshape(whole, LEAF_BYTES)))
    if len(data) % LEAF_BYTES or not data:
        parts.append(_hashed(b"\0", np.frombuffer(data, np.uint8, offset=whole * LEAF_BYTES)[None, :]))
    level = np.concatenate(parts)
    while len(level) > 1:
        pairs = len(level) // 2
        joined = _hashed(b"\1", level[: 2 * pairs].view(np.uint8).reshape(pairs, 48))
        level = np.concatenate([joined, level[2 * pairs :]])
    return level.reshape(3)


def _parent(left: Words, right: Words) -> Words:
    return _hashed(b"\1", np.concatenate([left, right]).view(np.uint8)[None, :]).reshape(3)


def _hashed(prefix: bytes, messages: NDArray[np.uint8]) -> Words:
    """Return the Tiger digests [n, 3] of messages [n, bytes], each with a prefix of one byte."""
    count, length = messages.shape
    blocks = (1 + length + 1 + 8 + 63) // 64
    padded = np.zeros((count, blocks * 64), np.uint8)
    padded[:, 0] = prefix[0]
    padded[:, 1 : 1 + length] = messages
    padded[:, 1 + length] = 1
    words = padded.view(np.uint64).reshape(count, blocks, 8)
    words[:, -1, 7] = 8 * (1 + length)
    fast = compiled("leeward.matching.hashing.kernels")
    return tiger(words, tables()) if fast is None else fast.tiger(words, tables())


def tiger(words: Words, boxes: Words) -> Words:
    """Return the Tiger states [n, 3] after padded messages [n, blocks, 8], all messages at once."""
    state = [np.full(len(words), value, np.uint64) for value in _START]
    for block in range(words.shape[1]):
        state = _compressed(state, [words[:, block, k].copy() for k in range(8)], boxes)
    return np.stack(state, axis=1)


def _compressed(state: list[Words], x: list[Words], boxes: Words) -> list[Words]:
    a, b, c = (value.copy() for value in state)
    for multiplier in (5, 7, 9):
        if multiplier > 5:
            _next_keys(x)
        for k in range(8):
            c = c ^ x[k]
            part = [(c >> np.uint64(8 * k)) & np.uint64(255) for k in range(8)]
            a = a - (boxes[0][part[0]] ^ boxes[1][part[2]] ^ boxes[2][part[4]] ^ boxes[3][part[6]])
            b = b + (boxes[3][part[1]] ^ boxes[2][part[3]] ^ boxes[1][part[5]] ^ boxes[0][part[7]])
            b = b * np.uint64(multiplier)
            a, b, c = b, c, a
    return [a ^ state[0], b - state[1], c + state[2]]


def _next_keys(x: list[Words]) -> None:
    left, right = np.uint64(19), np.uint64(23)
    x[0] = x[0] - (x[7] ^ np.uint64(0xA5A5A5A5A5A5A5A5))
    x[1] = x[1] ^ x[0]
    x[2] = x[2] + x[1]
    x[3] = x[3] - (x[2] ^ (~x[1] << left))
    x[4] = x[4] ^ x[3]
    x[5] = x[5] + x[4]
    x[6] = x[6] - (x[5] ^ (~x[4] >> right))
    x[7] = x[7] ^ x[6]
    x[0] = x[0] + x[7]
    x[1] = x[1] - (x[0] ^ (~x[7] << left))
    x[2] = x[2] ^ x[1]
    x[3] = x[3] + x[2]
    x[4] = x[4] - (x[3] ^ (~x[2] >> right))
    x[5] = x[5] ^ x[4]
    x[6] = x[6] + x[5]
    x[7] = x[7] - (x[6] ^ np.uint64(0x0123456789ABCDEF))


@cache
def tables() -> Words:
    """Make the four tables [4, 256]: bytes 0-255 in every column, shuffled by Tiger itself over five passes."""
    columns = np.tile((np.arange(1024) & 255).astype(np.uint8)[:, None], (1, 8))
    boxes = columns.view(np.uint64).reshape(4, 256)
    fast = compiled("leeward.matching.hashing.kernels")
    compress = _compress_one if fast is None else fast.tiger_compress
    seed = np.frombuffer(_TABLE_SEED, np.uint64).reshape(1, 1, 8)
    state = np.array(_START, np.uint64)
    turn = 2
    for _ in range(_TABLE_PASSES):
        for entry in range(256):
            for start in range(0, 1024, 256):
                turn += 1
                if turn == 3:
                    turn = 0
                    state = compress(state, seed[0, 0], boxes)
                choice = state[turn : turn + 1].view(np.uint8)
                for column, other in enumerate(choice.tolist()):
                    here, there = columns[start + entry, column], columns[start + other, column]
                    columns[start + entry, column], columns[start + other, column] = there, here
    boxes.flags.writeable = False
    return boxes


def _compress_one(state: Words, block: Words, boxes: Words) -> Words:
    return np.stack(
        _compressed([state[k : k + 1] for k in range(3)], [block[k : k + 1].copy() for k in range(8)], boxes)
    )[:, 0]
