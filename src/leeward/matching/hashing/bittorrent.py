"""The pieces root of BitTorrent v2 (BEP 52): the only name of a file in a swarm that depends on its content alone."""

import hashlib

BLOCK_BYTES = 16_384
_NOTHING = bytes(32)


class PieceRoot:
    """Computes a tree of SHA-256 over 16 KiB blocks, filled up with zeros to a power of two."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._rest = b""

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        if self._rest:
            data = self._rest + data
        whole = len(data) // BLOCK_BYTES * BLOCK_BYTES
        view = memoryview(data)
        self._blocks += [hashlib.sha256(view[at : at + BLOCK_BYTES]).digest() for at in range(0, whole, BLOCK_BYTES)]
        self._rest = bytes(view[whole:])

    def digest(self) -> bytes | None:
        """Return the root of the data so far; None for an empty file, which has none."""
        level = self._blocks + ([hashlib.sha256(self._rest).digest()] if self._rest else [])
        if not level:
            return None
        filler = _NOTHING
        while len(level) > 1:
            if len(level) % 2:
                level.append(filler)
            level = [hashlib.sha256(level[k] + level[k + 1]).digest() for k in range(0, len(level), 2)]
            filler = hashlib.sha256(filler + filler).digest()
        return level[0]
