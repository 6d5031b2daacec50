"""Unpacking what came over HTTP, in small steps, never beyond a size or a ratio."""

import zlib
from collections.abc import Iterator, Sequence

_STEP_BYTES = 65_536
_FREE_BYTES = 1_000_000
_MOST_LAYERS = 2
_AUTO_WINDOW = 47  # zlib's "gzip or zlib, look at the header"


class TooLarge(Exception):
    """More bytes than allowed."""


class PackedTooWell(Exception):
    """So small for what is in it that it was made to exhaust us."""


class NotUnpackable(Exception):
    """An encoding we don't know, or not what it says."""


class Unpacker:
    """Collects a body piece by piece; `body` holds what was unpacked so far, also after one of the exceptions."""

    def __init__(self, encodings: Sequence[str], *, max_bytes: int, max_ratio: int) -> None:
        self.body = bytearray()
        self._max_bytes = max_bytes
        self._max_ratio = max_ratio
        self._packed_bytes = 0
        wanted = [name.strip().lower() for name in encodings]
        wanted = [name for name in wanted if name not in ("", "identity")]
        if len(wanted) > _MOST_LAYERS or any(name not in ("gzip", "x-gzip", "deflate") for name in wanted):
            raise NotUnpackable(", ".join(wanted))
        self._layers = [_Layer(max_bytes) for _ in wanted]

    def feed(self, piece: bytes) -> None:
        """Unpack one piece as it came over the wire."""
        self._packed_bytes += len(piece)
        if self._packed_bytes > self._max_bytes:
            raise TooLarge
        for part in self._through(piece, len(self._layers)):
            self._keep(part)

    def finish(self) -> None:
        """Say that nothing more comes; raises NotUnpackable when the packed data are not complete."""
        if self._packed_bytes and any(not layer.is_complete for layer in self._layers):
            raise NotUnpackable("cut short")

    def _through(self, piece: bytes, layers: int) -> Iterator[bytes]:
        if not layers:
            yield piece
            return
        for part in self._through(piece, layers - 1):
            yield from self._layers[layers - 1].unpack(part)

    def _keep(self, part: bytes) -> None:
        if len(self.body) + len(part) > self._max_bytes:
            raise TooLarge
        self.body += part
        if len(self.body) > max(_FREE_BYTES, self._max_ratio * self._packed_bytes):
            raise PackedTooWell


class _Layer:
    """One gzip or deflate layer; deflate without its zlib header, as some servers send it, is understood."""

    def __init__(self, max_bytes: int) -> None:
        self._machine = zlib.decompressobj(_AUTO_WINDOW)
        self._has_begun = False
        self._left_bytes = max_bytes

    @property
    def is_complete(self) -> bool:
        return self._machine.eof

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        waiting, part = piece, b""
        while (waiting or len(part) == _STEP_BYTES) and not self._machine.eof:
            part = self._step(waiting)
            waiting = self._machine.unconsumed_tail
            self._left_bytes -= len(part)
            if self._left_bytes < 0:
                raise TooLarge
            if part:
                yield part

    def _step(self, waiting: bytes) -> bytes:
        try:
            part = self._machine.decompress(waiting, _STEP_BYTES)
        except zlib.error as error:
            if self._has_begun:
                raise NotUnpackable(str(error)) from error
            self._machine = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                part = self._machine.decompress(waiting, _STEP_BYTES)
            except zlib.error as second:
                raise NotUnpackable(str(second)) from second
        self._has_begun = True
        return part
