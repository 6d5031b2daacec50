"""The journal beside an output file: which items are finished, and how much of the output is theirs.

A record is written only after the rows it stands for, so that after a crash the output is cut back to the last record and
every item is there once and whole.
"""

import fcntl
import json
import os
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from leeward.scanning.errors import ScanUnfinished

MAGIC = b"LWSCAN1\n"
_HEAD = struct.Struct("<II")
RECORD = struct.Struct("<16sQI")
"""key of the item (zeros: the scan has ended), bytes of the output up to here, CRC-32 of both"""
_ENDED = bytes(16)
SYNC_SECONDS = 1.0
_MOST_HEADER_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class Past:
    """What a journal says: what kind of scan it was, the finished items, the bytes of output that are theirs, did it end."""

    settings: dict[str, Any]
    keys: frozenset[bytes]
    output_bytes: int
    has_ended: bool
    valid_bytes: int


def read_journal(data: bytes) -> Past | None:
    """Read a journal up to its first torn or altered record; None if even its header is not whole."""
    start = len(MAGIC) + _HEAD.size
    if not data.startswith(MAGIC) or len(data) < start:
        return None
    size, check = _HEAD.unpack_from(data, len(MAGIC))
    header = data[start : start + size]
    if size > _MOST_HEADER_BYTES or len(header) != size or zlib.crc32(header) != check:
        return None
    try:
        settings = json.loads(header)
    except ValueError:
        return None
    if not isinstance(settings, dict):
        return None
    keys, output_bytes, has_ended, at = set(), 0, False, start + size
    while at + RECORD.size <= len(data):
        key, end, check = RECORD.unpack_from(data, at)
        if zlib.crc32(data[at : at + RECORD.size - 4]) != check or end < output_bytes:
            break
        has_ended = key == _ENDED
        if not has_ended:
            keys.add(key)
        output_bytes, at = end, at + RECORD.size
    return Past(settings, frozenset(keys), output_bytes, has_ended, at)


def record(key: bytes, output_bytes: int) -> bytes:
    """Return one record."""
    body = RECORD.pack(key, output_bytes, 0)[:-4]
    return body + struct.pack("<I", zlib.crc32(body))


def header(settings: dict[str, Any]) -> bytes:
    """Return the beginning of a journal."""
    text = json.dumps(settings, sort_keys=True).encode()
    return MAGIC + _HEAD.pack(len(text), zlib.crc32(text)) + text


def journal_of(out: Path) -> Path:
    """Return where the journal of an output file is."""
    return out.with_name(out.name + ".journal")


class Output:
    """An output file with its journal. `finished`: keys of the items that are in it already."""

    def __init__(
        self, path: Path, out: IO[bytes], journal: IO[bytes], past: Past | None, clock: Callable[[], float]
    ) -> None:
        self._path = path
        self._out = out
        self._journal = journal
        self._clock = clock
        self._waiting: list[bytes] = []
        self._synced = clock()
        self._bytes = past.output_bytes if past else 0
        self.finished = past.keys if past else frozenset()

    @classmethod
    def open(
        cls, path: Path, settings: dict[str, Any], *, resume: bool, clock: Callable[[], float] = time.monotonic
    ) -> Self:
        """Open an output file, to go on where it ends if `resume`; raises ScanUnfinished rather than lose something, OSError."""
        journal = open(os.open(journal_of(path), os.O_RDWR | os.O_CREAT, 0o600), "r+b")  # noqa: SIM115 - open as long as the scan
        try:
            fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ScanUnfinished(path, "it is being written right now") from error
        past = read_journal(journal.read())
        if past is not None and not resume and not past.has_ended:
            raise ScanUnfinished(path, "it has not ended")
        if not resume:
            past = None
        elif past is None and path.exists() and path.stat().st_size:
            raise ScanUnfinished(path, f"{journal_of(path).name}, which tells what is finished, is missing or damaged")
        elif past is not None and past.settings != settings:
            raise ScanUnfinished(path, "it was started with other sources, lists or options")
        out = open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")  # noqa: SIM115 - open as long as the scan
        if past is not None and out.seek(0, 2) < past.output_bytes:
            raise ScanUnfinished(path, "rows that were written are missing")
        out.truncate(past.output_bytes if past else 0)
        out.seek(0, 2)
        journal.seek(past.valid_bytes if past else 0)
        journal.truncate()
        if past is None:
            journal.write(header(settings))
            journal.flush()
        return cls(path, out, journal, past, clock)

    @property
    def is_new(self) -> bool:
        """Whether nothing has been written yet."""
        return not self._bytes

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows that are there already."""
        self._out.flush()
        with self._path.open("rb") as stream:
            left = self._bytes
            while left > 0 and (line := stream.readline(left)):
                left -= len(line)
                yield json.loads(line)

    def write(self, key: bytes | None, lines: bytes) -> None:
        """Write the rows of a finished item (None: rows that belong to none)."""
        self._out.write(lines)
        self._bytes += len(lines)
        if key is not None:
            self._waiting.append(record(key, self._bytes))
        if self._clock() - self._synced > SYNC_SECONDS:
            self._sync()

    def end(self, *, complete: bool) -> None:
        """Make everything durable and close; `complete`: nothing is left to do."""
        if complete:
            self._waiting.append(record(_ENDED, self._bytes))
        self._sync()
        self._out.close()
        self._journal.close()

    def _sync(self) -> None:
        self._out.flush()
        os.fsync(self._out.fileno())
        self._journal.write(b"".join(self._waiting))
        self._journal.flush()
        os.fsync(self._journal.fileno())
        self._waiting.clear()
        self._synced = self._clock()
