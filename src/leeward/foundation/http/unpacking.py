"""Decompresses HTTP bodies in small steps, never beyond a size or a ratio."""

import zlib
from collections.abc import Iterator, Sequence
from typing import Protocol

import brotli
import zstandard

_STEP_BYTES = 65_536
_FREE_BYTES = 1_000_000
_MOST_LAYERS = 2
_KNOWN = ("gzip", "x-gzip", "deflate", "br", "zstd")
# Zstandard decompresses a whole chunk at once: a few bytes yield at most some blocks of 128 KB. Browsers accept windows
# up to 8 MB.
_ZSTD_STEP_BYTES = 64
_ZSTD_WINDOW_BYTES = 8 << 20
_AUTO_WINDOW = 47  # zlib's mode for "gzip or zlib, by the header"


class TooLarge(Exception):
    """More bytes than allowed."""


class PackedTooWell(Exception):
    """A compression ratio that only an attack would have."""


class NotUnpackable(Exception):
    """An unknown encoding, or data that doesn't match it."""


class Unpacker:
    """Collects a body piece by piece; `body` holds what was unpacked so far, also after one of the exceptions."""

    def __init__(self, encodings: Sequence[str], *, max_bytes: int, max_ratio: int) -> None:
        self.body = bytearray()
        self._max_bytes = max_bytes
        self._max_ratio = max_ratio
        self._packed_bytes = 0
        wanted = [name.strip().lower() for name in encodings]
        wanted = [name for name in wanted if name not in ("", "identity")]
        if len(wanted) > _MOST_LAYERS or any(name not in _KNOWN for name in wanted):
            raise NotUnpackable(", ".join(wanted))
        self._layers: list[_Layered] = [_layer(name, max_bytes) for name in wanted]

    def feed(self, piece: bytes) -> None:
        """Unpack one piece as received."""
        self._packed_bytes += len(piece)
        if self._packed_bytes > self._max_bytes:
            raise TooLarge
        for part in self._through(piece, len(self._layers)):
            self._keep(part)

    def finish(self) -> None:
        """Finish; raises NotUnpackable if the compressed data are incomplete."""
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


class _Layered(Protocol):
    """One layer of compression."""

    @property
    def is_complete(self) -> bool: ...

    def unpack(self, piece: bytes) -> Iterator[bytes]: ...


def _layer(name: str, max_bytes: int) -> _Layered:
    if name == "br":
        return _Brotli(max_bytes)
    return _Zstandard(max_bytes) if name == "zstd" else _Layer(max_bytes)


class _Brotli:
    """One Brotli layer."""

    def __init__(self, max_bytes: int) -> None:
        self._machine = brotli.Decompressor()
        self._left_bytes = max_bytes

    @property
    def is_complete(self) -> bool:
        return bool(self._machine.is_finished())

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        waiting = piece
        while not self._machine.is_finished():
            try:
                part = self._machine.process(waiting, output_buffer_limit=_STEP_BYTES)
            except brotli.error as error:
                raise NotUnpackable(str(error)) from error
            waiting = b""
            self._left_bytes -= len(part)
            if self._left_bytes < 0:
                raise TooLarge
            if part:
                yield part
            if len(part) < _STEP_BYTES and self._machine.can_accept_more_data():
                return


class _Zstandard:
    """One Zstandard layer."""

    def __init__(self, max_bytes: int) -> None:
        self._machine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES).decompressobj()
        self._left_bytes = max_bytes

    @property
    def is_complete(self) -> bool:
        return bool(self._machine.eof)

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        for start in range(0, len(piece), _ZSTD_STEP_BYTES):
            if self._machine.eof:
                return
            try:
                part = self._machine.decompress(piece[start : start + _ZSTD_STEP_BYTES])
            except zstandard.ZstdError as error:
                raise NotUnpackable(str(error)) from error
            self._left_bytes -= len(part)
            if self._left_bytes < 0:
                raise TooLarge
            if part:
                yield part


class _Layer:
    """One gzip or deflate layer; deflate without its zlib header, as some servers send it, is accepted."""

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
