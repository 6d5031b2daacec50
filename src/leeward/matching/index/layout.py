"""The segment file: its layout (FORMAT.md), and reading it without trusting it."""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leeward.matching.index.banks import Bank, bank_from
from leeward.matching.index.codes import is_code_length
from leeward.matching.index.errors import IndexRefused
from leeward.matching.index.plan import WORDS, bands_of

MAGIC = b"\x89LWIDX\r\n"
VERSION = 1
BYTE_ORDER = 0x01020304
ALIGNMENT = 4096
PADDING = 32
FIXED = struct.Struct("<8sIIIIQ")
"""magic, version, byte order, bytes of the JSON header, its CRC-32, bytes of the whole file"""
ALWAYS_VERIFIED_BYTES = 64 << 20
CHECKED_BYTES = 16 << 20
MAX_HEADER_BYTES = 64 << 20
TYPES: dict[str, np.dtype[Any]] = {
    "u8": np.dtype("<u1"),
    "u16": np.dtype("<u2"),
    "u32": np.dtype("<u4"),
    "u64": np.dtype("<u8"),
    "i64": np.dtype("<i8"),
}
OPTIONAL = ("ids", "banks")
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Absorbed:
    """How much of which journal a segment already includes."""

    journal: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A mapped segment: codes [n, w] as 64-bit words, ids and banks (None: row numbers, bank 0), and the bands."""

    path: Path
    generation: str
    code_bits: int
    next_id: int
    banks: dict[int, Bank]
    absorbed: Absorbed | None
    codes: NDArray[np.uint64]
    ids: NDArray[np.uint64] | None
    bank_of: NDArray[np.uint16] | None
    offsets: NDArray[np.uint32] | None
    rows: NDArray[np.uint32]
    following: NDArray[np.uint16]
    disabled_ids: NDArray[np.uint64]
    disabled_until: NDArray[np.int64]
    bytes: int
    inode: int
    sections: dict[str, Any]
    mapped: mmap.mmap
    is_verified: bool = False

    def __len__(self) -> int:
        return len(self.codes)


def expected_shapes(code_bits: int, entries: int, bands: int) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Return the type and shape of the sections whose size follows from the header."""
    shapes: dict[str, tuple[str, tuple[int, ...]]] = {
        "codes": ("u8", (entries, code_bits // 8)),
        "ids": ("u64", (entries,)),
        "banks": ("u16", (entries,)),
    }
    if bands:
        shapes["offsets"] = ("u32", (bands, WORDS + 1))
        shapes["rows"] = ("u32", (bands, padded(entries)))
        shapes["following"] = ("u16", (bands, padded(entries)))
    return shapes


def padded(entries: int) -> int:
    """Return the padded length of a band: a multiple of 32, plus 32 that a kernel may read past the end."""
    return -(-entries // PADDING) * PADDING + PADDING


def read_header(path: Path, start: bytes, file_bytes: int) -> dict[str, Any]:
    """Check the fixed fields and the JSON header of a segment; raises IndexRefused naming the field."""
    if len(start) < FIXED.size:
        raise IndexRefused(path, "length", f"is {file_bytes} bytes, less than a header")
    magic, version, order, header_bytes, header_crc, total = FIXED.unpack_from(start)
    if magic != MAGIC:
        raise IndexRefused(path, "magic", "is not that of an index")
    if version != VERSION:
        raise IndexRefused(path, "version", f"is {version}; this program reads version {VERSION}")
    if order != BYTE_ORDER:
        raise IndexRefused(path, "byte order", f"mark is {order:#010x}, not {BYTE_ORDER:#010x}")
    if header_bytes > MAX_HEADER_BYTES or FIXED.size + header_bytes > file_bytes:
        raise IndexRefused(path, "header length", f"is {header_bytes} bytes, more than the file has")
    text = start[FIXED.size : FIXED.size + header_bytes]
    if zlib.crc32(text) != header_crc:
        raise IndexRefused(path, "header checksum", "does not fit")
    if total != file_bytes:
        raise IndexRefused(path, "length", f"is {file_bytes} bytes; the header says {total}")
    try:
        header = json.loads(text)
    except ValueError as error:
        raise IndexRefused(path, "header", "is not JSON") from error
    if not isinstance(header, dict):
        raise IndexRefused(path, "header", "is not an object")
    return header


def open_segment(path: Path, *, verify: bool | None = None) -> Segment:
    """Map a segment file for reading; every number in it is checked before it is used.

    `verify`: also compute the checksum of each section; by default for files up to 64 MB (larger ones are verified
    later by `checking.py`). Raises IndexRefused naming the wrong field, OSError when the file can't be read.
    """
    with path.open("rb") as stream:
        inode = os.fstat(stream.fileno()).st_ino
        file_bytes = stream.seek(0, 2)
        if file_bytes < FIXED.size:
            raise IndexRefused(path, "length", f"is {file_bytes} bytes, less than a header")
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    header_bytes = FIXED.unpack_from(mapped)[3]
    header = read_header(path, mapped[: FIXED.size + min(header_bytes, MAX_HEADER_BYTES)], file_bytes)
    if verify is None:
        verify = file_bytes <= ALWAYS_VERIFIED_BYTES
    try:
        segment = _segment(path, header, mapped, inode)
        if verify:
            check_sums(segment)
            segment = replace(segment, is_verified=True)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise IndexRefused(path, "header", f"is not as it should be ({error!r})") from error
    _check_bands(segment)
    return segment


def _segment(path: Path, header: dict[str, Any], mapped: mmap.mmap, inode: int) -> Segment:
    code_bits, entries, bands = int(header["code_bits"]), int(header["entries"]), int(header["bands"])
    if not is_code_length(code_bits):
        raise IndexRefused(path, "code_bits", f"is {code_bits}")
    if not 0 <= entries < 1 << 32:
        raise IndexRefused(path, "entries", f"is {entries}")
    if bands not in (0, bands_of(code_bits)):
        raise IndexRefused(path, "bands", f"is {bands}")
    expected = expected_shapes(code_bits, entries, bands)
    sections = {
        name: _section(path, f"section {name}", row, mapped, expected.get(name))
        for name, row in header["sections"].items()
    }
    for name in expected:
        if name not in sections and name not in OPTIONAL:
            raise IndexRefused(path, f"section {name}", "is missing")
    banks = {bank.number: bank for bank in map(bank_from, header["banks"])}
    absorbed = header["absorbed"] and Absorbed(str(header["absorbed"]["journal"]), int(header["absorbed"]["bytes"]))
    disabled_ids = sections.get("disabled_ids", np.empty(0, np.uint64))
    disabled_until = sections.get("disabled_until", np.empty(0, np.int64))
    if disabled_ids.shape != disabled_until.shape:
        raise IndexRefused(path, "section disabled_until", "has another length than disabled_ids")
    return Segment(
        path=path,
        generation=str(header["generation"]),
        code_bits=code_bits,
        next_id=int(header["next_id"]),
        banks=banks,
        absorbed=absorbed or None,
        codes=sections["codes"].view(np.uint64),
        ids=sections.get("ids"),
        bank_of=sections.get("banks"),
        offsets=sections.get("offsets"),
        rows=sections.get("rows", np.empty((0, 0), np.uint32)),
        following=sections.get("following", np.empty((0, 0), np.uint16)),
        disabled_ids=disabled_ids,
        disabled_until=disabled_until,
        bytes=len(mapped),
        inode=inode,
        sections=header["sections"],
        mapped=mapped,
    )


def _section(
    path: Path, field: str, row: dict[str, Any], mapped: mmap.mmap, expected: tuple[str, tuple[int, ...]] | None
) -> Array:
    offset, size, kind, shape = int(row["offset"]), int(row["bytes"]), str(row["type"]), tuple(map(int, row["shape"]))
    if kind not in TYPES or min(shape, default=0) < 0 or prod(shape) * TYPES[kind].itemsize != size:
        raise IndexRefused(path, field, f"has type {kind} and shape {list(shape)}, which do not make {size} bytes")
    if expected is not None and expected != (kind, shape):
        raise IndexRefused(path, field, f"has shape {list(shape)}, not {list(expected[1])}")
    if offset % 64 or offset < 0 or offset + size > len(mapped):
        raise IndexRefused(path, field, f"lies at {offset}, outside the file")
    view = memoryview(mapped)[offset : offset + size]
    section: Array = np.frombuffer(view, TYPES[kind]).reshape(shape)
    return section


def check_sums(segment: Segment, *, is_wanted: Callable[[], bool] = lambda: True) -> None:
    """Refuse a section with a wrong checksum, and anything but zeros between sections, so that every byte is checked.

    Reads 16 MB at a time without holding the GIL, and stops once `is_wanted` returns False.
    """
    path, sections, mapped = segment.path, segment.sections, segment.mapped
    end = FIXED.size + FIXED.unpack_from(mapped)[3]
    for name, row in sorted(sections.items(), key=lambda item: int(item[1]["offset"])):
        start = int(row["offset"])
        if mapped[end:start].strip(b"\0"):
            raise IndexRefused(path, f"padding before section {name}", "is not zero")
        end = start + int(row["bytes"])
        total = 0
        for place in range(start, end, CHECKED_BYTES):
            if not is_wanted():
                return
            total = zlib.crc32(memoryview(mapped)[place : min(end, place + CHECKED_BYTES)], total)
        if total != row["crc32"]:
            raise IndexRefused(path, f"section {name}", "has a wrong checksum")
    if mapped[end:].strip(b"\0"):
        raise IndexRefused(path, "padding at the end", "is not zero")


def _check_bands(segment: Segment) -> None:
    """Refuse bucket starts that would lead a search outside its band."""
    offsets = segment.offsets
    if offsets is None:
        return
    if (offsets[:, 0] != 0).any() or (offsets[:, -1] != len(segment)).any() or (offsets[:, 1:] < offsets[:, :-1]).any():
        raise IndexRefused(segment.path, "section offsets", "does not rise from 0 to the number of entries")
