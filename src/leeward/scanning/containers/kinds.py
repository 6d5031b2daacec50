"""Detects containers by their first and last bytes; names matter only for torrents and messages."""

import tarfile
from typing import IO

from leeward.foundation.patterns import Pattern

START_BYTES = 4096
TAIL_BYTES = 65_557  # the end record of a zip archive and its longest comment
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
ZIP_END = b"PK\x05\x06"
_PACKED = ((b"\x1f\x8b\x08", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"))
_UNOPENED = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"MSCF", "CAB"),
)
_HEADER = Pattern(
    rb"(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|Date|From|To|Subject|Content-Type|X-[\w-]+):",
    ignore_case=True,
)
_FROM_LINE = Pattern(rb"From [^\n]*\r?\n(?:[!-9;-~]+:|>)")
_TORRENT = Pattern(rb"d\d+:")
UNOPENED = frozenset(name for _, name in _UNOPENED)
LARGEST_TORRENT_BYTES = 10_000_000


def container_kind(stream: IO[bytes], name: str) -> str | None:
    """Return zip, tar, gzip, bzip2, xz, mailbox, message, torrent, a kind that is not opened (UNOPENED), or None.

    The stream is seekable; it is left anywhere.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    start = stream.read(START_BYTES)
    suffix = name.lower().rpartition(".")[2]
    signed = next((kind for sign, kind in (*_PACKED, *_UNOPENED) if start.startswith(sign)), None)
    if signed is not None:
        return signed
    is_torrent = suffix == "torrent" or (_TORRENT.match(start) and b"4:info" in start)
    found = (
        ("zip", start.startswith(_ZIP_STARTS) or _has_zip_end(stream, size)),
        ("tar", is_tar(start)),
        ("mailbox", _FROM_LINE.match(start)),
        ("message", _HEADER.match(start) or suffix == "eml"),
        ("torrent", is_torrent and size <= LARGEST_TORRENT_BYTES),
    )
    return next((kind for kind, is_so in found if is_so), None)


def is_tar(start: bytes) -> bool:
    """Return whether bytes begin with a tar header with a valid checksum."""
    if len(start) < tarfile.BLOCKSIZE or not start[0]:
        return False
    try:
        tarfile.TarInfo.frombuf(start[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


def _has_zip_end(stream: IO[bytes], size: int) -> bool:
    """Return whether a file that begins as something else ends as a zip archive with a consistent end record."""
    stream.seek(max(0, size - TAIL_BYTES))
    tail = stream.read(TAIL_BYTES)
    at = tail.rfind(ZIP_END)
    if at < 0 or len(tail) - at < 22:
        return False
    end_record = max(0, size - TAIL_BYTES) + at
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return directory <= end_record and len(tail) - at >= 22 + comment
