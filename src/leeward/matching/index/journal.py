"""The journal beside a segment: additions, removals, pauses and banks, appended one record at a time.

An incomplete record (a writer is busy, or was killed) ends the journal for readers and is cut off by the next writer.
The head of a record has its own checksum, so that a damaged length is not mistaken for an incomplete record: any damage
is refused. Journals of version 1 lacked it; they can be read, and the first change rewrites them.
"""

import fcntl
import json
import os
import secrets
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from leeward.matching.index.banks import Bank, bank_from
from leeward.matching.index.errors import IndexRefused
from leeward.matching.index.layout import BYTE_ORDER
from leeward.matching.index.leftovers import fresh_file

MAGIC = b"\x89LWJRN\r\n"
HEAD = struct.Struct("<8sIII16s16sI")
"""magic, version, byte order, code bits, generation of its segment, its own id, CRC-32 of what stands before"""
JOURNAL_VERSION = 2
RECORD = struct.Struct("<4sIqQ")
"""kind, count of ids, number (bank of an addition; second at which a pause ends), bytes of the payload; then, since version 2, their CRC-32"""
CHECK = struct.Struct("<I")
ADD, REMOVE, PAUSE, BANK = b"ADD ", b"REM ", b"PAUS", b"BANK"


@dataclass(frozen=True, slots=True)
class Record:
    """One change to the index: ids [n], codes [n, bytes] of an addition; `number` is its bank, or the end of a pause."""

    kind: bytes
    number: int
    ids: NDArray[np.uint64]
    codes: NDArray[np.uint8] | None = None
    bank: Bank | None = None

    def pack(self) -> bytes:
        """Return the bytes of this record."""
        if self.bank is not None:
            payload = json.dumps(self.bank.as_dict()).encode()
        else:
            payload = self.ids.astype("<u8").tobytes() + (b"" if self.codes is None else self.codes.tobytes())
        head = RECORD.pack(self.kind, len(self.ids), self.number, len(payload))
        body = head + CHECK.pack(zlib.crc32(head)) + payload
        return body + CHECK.pack(zlib.crc32(body))


@dataclass(frozen=True, slots=True)
class Journal:
    """The header of a journal, and its inode."""

    id: str
    generation: str
    code_bits: int
    inode: int
    version: int = JOURNAL_VERSION


def journal_path(segment: Path) -> Path:
    """Return the path of a segment's journal."""
    return segment.with_name(segment.name + ".changes")


def new_header(generation: str, code_bits: int) -> bytes:
    """Return the header of an empty journal for a segment."""
    head = HEAD.pack(
        MAGIC, JOURNAL_VERSION, BYTE_ORDER, code_bits, bytes.fromhex(generation), secrets.token_bytes(16), 0
    )
    body = head[: -CHECK.size]
    return body + CHECK.pack(zlib.crc32(body))


def read_journal_header(path: Path, stream: IO[bytes]) -> Journal:
    """Read the header of a journal; raises IndexRefused naming the field."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        raise IndexRefused(path, "length", f"is {len(head)} bytes, less than a header")
    magic, version, order, code_bits, generation, own, crc = HEAD.unpack(head)
    if magic != MAGIC:
        raise IndexRefused(path, "magic", "is not that of a journal")
    if version not in (1, JOURNAL_VERSION):
        raise IndexRefused(path, "version", f"is {version}; this program reads version {JOURNAL_VERSION}")
    if order != BYTE_ORDER:
        raise IndexRefused(path, "byte order", f"mark is {order:#010x}, not {BYTE_ORDER:#010x}")
    if zlib.crc32(head[: -CHECK.size]) != crc:
        raise IndexRefused(path, "header checksum", "does not fit")
    return Journal(own.hex(), generation.hex(), code_bits, os.fstat(stream.fileno()).st_ino, version)


def read_records(path: Path, stream: IO[bytes], header: Journal, start: int) -> Iterator[tuple[Record, int]]:
    """Yield the complete records from byte `start` on, each with the byte after it; raises IndexRefused if damaged."""
    stream.seek(start)
    end = start
    head_bytes = RECORD.size + (CHECK.size if header.version > 1 else 0)
    while True:
        head = stream.read(head_bytes)
        if len(head) < head_bytes:
            return
        if header.version > 1 and zlib.crc32(head[: RECORD.size]) != CHECK.unpack(head[RECORD.size :])[0]:
            raise IndexRefused(path, f"record at {end}", "has a wrong checksum in its head")
        kind, count, number, size = RECORD.unpack_from(head)
        if kind not in (ADD, REMOVE, PAUSE, BANK):
            raise IndexRefused(path, f"record at {end}", f"is of an unknown kind {kind!r}")
        if size > os.fstat(stream.fileno()).st_size:
            return
        payload = stream.read(size)
        check = stream.read(CHECK.size)
        if len(payload) < size or len(check) < CHECK.size:
            return
        if zlib.crc32(payload, zlib.crc32(head)) != CHECK.unpack(check)[0]:
            raise IndexRefused(path, f"record at {end}", "has a wrong checksum")
        end += head_bytes + size + CHECK.size
        yield _record(path, (kind, count, number), payload, header.code_bits // 8), end


def _record(path: Path, head: tuple[bytes, int, int], payload: bytes, code_bytes: int) -> Record:
    kind, count, number = head
    try:
        if kind == BANK:
            return Record(kind, 0, np.empty(0, np.uint64), bank=bank_from(json.loads(payload)))
        if len(payload) != count * (8 + (code_bytes if kind == ADD else 0)):
            raise ValueError(f"has {len(payload)} bytes for {count} ids")
        ids = np.frombuffer(payload, "<u8", count).astype(np.uint64)
        codes = np.frombuffer(payload, np.uint8, offset=8 * count).reshape(count, -1) if kind == ADD and count else None
        return Record(kind, number, ids, codes)
    except ValueError as error:
        raise IndexRefused(path, "record", str(error)) from error


def ensure_journal(path: Path, generation: str, code_bits: int) -> None:
    """Create a segment's journal atomically unless there is one."""
    if path.exists():
        return
    with fresh_file(path) as (stream, temporary):
        stream.write(new_header(generation, code_bits))
        stream.flush()
        with suppress(FileExistsError):
            os.link(temporary, path)


@contextmanager
def locked(path: Path, mode: str) -> Iterator[IO[bytes]]:
    """Open a file and hold its write lock; the opened file is guaranteed to have this name while the lock is held."""
    while True:
        with path.open(mode) as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            try:
                same = path.stat().st_ino == os.fstat(stream.fileno()).st_ino
            except FileNotFoundError:
                same = False
            if same:
                yield stream
                return
