"""Unpack compressed files, gzip or the members of a zip archive, in memory and within limits. Pure."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

MOST_BYTES = 1 << 28  # a million entries are 60 MB
MOST_MEMBERS = 100
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"


def unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the members of a packed file, or else the file itself. A damaged or oversized one is yielded as far as it
    goes.
    """
    if content.startswith(_GZIP):
        yield _part(gzip.GzipFile(fileobj=io.BytesIO(content)), MOST_BYTES)
    elif content.startswith(_ZIP):
        yield from _members(content)
    else:
        yield content


def _members(content: bytes) -> Iterator[bytes]:
    room = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist()[:MOST_MEMBERS]:
                with archive.open(member) as stream:
                    part = _part(stream, room)
                room -= len(part)
                yield part
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, OSError):
        return  # not an archive after all, or password-protected


def _part(stream: IO[bytes] | gzip.GzipFile, room: int) -> bytes:
    found = bytearray()
    try:
        while len(found) < room and (chunk := stream.read(min(1 << 16, room - len(found)))):
            found += chunk
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
        pass
    return bytes(found)
