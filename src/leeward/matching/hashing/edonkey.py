# ruff: noqa: S303 (the network names files by MD4; nothing is protected by it)
"""The hashes of the eDonkey network: ed2k (MD4 of 9.28 MB parts) and AICH (a tree of SHA-1 over 180 KiB blocks)."""

import hashlib

from Crypto.Hash import MD4

PART_BYTES = 9_728_000
BLOCK_BYTES = 184_320


class Ed2k:
    """Computes both conventions of the ed2k hash, which differ for sizes that are an exact multiple of a part."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._part = MD4.new()
        self._room = PART_BYTES
        self._size = 0

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        view = memoryview(data)
        self._size += len(view)
        while view.nbytes:
            piece, view = view[: self._room], view[self._room :]
            self._part.update(piece)
            self._room -= len(piece)
            if not self._room:
                self._parts.append(self._part.digest())
                self._part, self._room = MD4.new(), PART_BYTES

    def digests(self) -> tuple[bytes, bytes]:
        """Return eMule's hash, in which an exact multiple counts one more empty part, and the other one, in which it
        does not.
        """
        last = self._part.digest()
        if not self._parts:
            return last, last
        counted = MD4.new(b"".join([*self._parts, last])).digest()
        if self._size % PART_BYTES:
            return counted, counted
        alone = self._parts[0] if len(self._parts) == 1 else MD4.new(b"".join(self._parts)).digest()
        return counted, alone


class Aich:
    """Computes the AICH root hash: a tree of parts whose leaves are trees of blocks."""

    def __init__(self) -> None:
        self._parts: list[list[bytes]] = [[]]
        self._block = _sha1()
        self._room = BLOCK_BYTES
        self._part_room = PART_BYTES
        self._in_block = 0

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        view = memoryview(data)
        while view.nbytes:
            if not self._part_room:
                self._parts.append([])
                self._part_room = PART_BYTES
            piece = view[: min(self._room, self._part_room)]
            view = view[len(piece) :]
            self._block.update(piece)
            self._in_block += len(piece)
            self._room -= len(piece)
            self._part_room -= len(piece)
            if not self._room or not self._part_room:
                self._end_block()

    def digest(self) -> bytes:
        """Return the root of the data so far."""
        if self._in_block or not self._parts[0]:
            self._end_block()
        return _parts_root(self._parts, is_left=True)

    def _end_block(self) -> None:
        self._parts[-1].append(self._block.digest())
        self._block, self._room, self._in_block = _sha1(), BLOCK_BYTES, 0


def _sha1(data: bytes = b"") -> "hashlib._Hash":
    return hashlib.sha1(data, usedforsecurity=False)


def _parts_root(parts: list[list[bytes]], *, is_left: bool) -> bytes:
    if len(parts) == 1:
        return _blocks_root(parts[0], is_left=is_left)
    middle = (len(parts) + is_left) // 2
    left, right = _parts_root(parts[:middle], is_left=True), _parts_root(parts[middle:], is_left=False)
    return _sha1(left + right).digest()


def _blocks_root(blocks: list[bytes], *, is_left: bool) -> bytes:
    """Return the root over blocks; on a left branch the middle block goes to the left, on a right branch to the right."""
    if len(blocks) == 1:
        return blocks[0]
    middle = (len(blocks) + is_left) // 2
    left, right = _blocks_root(blocks[:middle], is_left=True), _blocks_root(blocks[middle:], is_left=False)
    return _sha1(left + right).digest()
