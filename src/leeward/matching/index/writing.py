"""Write a segment file: section by section, then the header, then one rename."""

import json
import os
import secrets
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from leeward.matching.index import engine
from leeward.matching.index.banks import Bank
from leeward.matching.index.layout import (
    ALIGNMENT,
    BYTE_ORDER,
    FIXED,
    MAGIC,
    TYPES,
    VERSION,
    Absorbed,
    Array,
    padded,
)
from leeward.matching.index.leftovers import fresh_file
from leeward.matching.index.plan import WORDS, bands_of

BANDED_FROM = 1 << 15
"""A segment with at least this many entries gets bands; below, reading every code is faster and the file is smaller."""
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Content:
    """The content of a segment: codes [n, bytes], ids [n] (None: row numbers), bank_of [n] (None: 0), and more."""

    codes: NDArray[np.uint8]
    ids: NDArray[np.uint64] | None = None
    bank_of: NDArray[np.uint16] | None = None
    banks: dict[int, Bank] = field(default_factory=dict)
    disabled: dict[int, int] = field(default_factory=dict)
    next_id: int = 0
    absorbed: Absorbed | None = None


def write_segment(
    path: Path, content: Content, *, banded_from: int = BANDED_FROM, progress: Progress | None = None
) -> str:
    """Write a segment beside `path`, sync it, and rename it to `path`; return its generation."""
    with prepared_segment(path, content, banded_from=banded_from, progress=progress) as (temporary, generation):
        temporary.replace(path)
        sync_folder(path.parent)
    return generation


@contextmanager
def prepared_segment(
    path: Path, content: Content, *, banded_from: int = BANDED_FROM, progress: Progress | None = None
) -> Iterator[tuple[Path, str]]:
    """Write a segment under a temporary name beside `path` and yield that name; it is removed unless renamed."""
    generation = secrets.token_hex(16)
    with fresh_file(path) as (stream, temporary):
        _write(stream, content, generation, banded_from, progress or (lambda done, total: None))
        stream.flush()
        os.fsync(stream.fileno())
        yield temporary, generation


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(stream: BinaryIO, content: Content, generation: str, banded_from: int, progress: Progress) -> None:
    entries, code_bits = len(content.codes), content.codes.shape[1] * 8
    bands = bands_of(code_bits) if entries >= banded_from else 0
    banks = [bank.as_dict() for _, bank in sorted(content.banks.items())]
    out = _Sections(stream, room=2 * ALIGNMENT + len(json.dumps(banks)))
    out.add("codes", "u8", content.codes)
    if content.ids is not None:
        out.add("ids", "u64", content.ids)
    if content.bank_of is not None and content.bank_of.any():
        out.add("banks", "u16", content.bank_of)
    if content.disabled:
        out.add("disabled_ids", "u64", np.array(sorted(content.disabled), np.uint64))
        out.add(
            "disabled_until", "i64", np.array([content.disabled[key] for key in sorted(content.disabled)], np.int64)
        )
    if bands:
        _write_bands(out, content.codes, bands, progress)
    header = {
        "code_bits": code_bits,
        "entries": entries,
        "bands": bands,
        "generation": generation,
        "next_id": content.next_id,
        "banks": banks,
        "absorbed": content.absorbed and {"journal": content.absorbed.journal, "bytes": content.absorbed.bytes},
        "sections": out.table,
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    end = stream.seek(0, 2)
    stream.seek(0)
    stream.write(FIXED.pack(MAGIC, VERSION, BYTE_ORDER, len(text), zlib.crc32(text), end))
    stream.write(text)


def _write_bands(out: "_Sections", codes: NDArray[np.uint8], bands: int, progress: Progress) -> None:
    entries = len(codes)
    out.reserve("offsets", "u32", (bands, WORDS + 1))
    out.reserve("rows", "u32", (bands, padded(entries)))
    out.reserve("following", "u16", (bands, padded(entries)))
    padding = padded(entries) - entries
    words = codes.view("<u2")
    for band in range(bands):
        offsets, rows, following = engine.order_band(words, band)
        out.fill("offsets", offsets)
        out.fill("rows", np.pad(rows, (0, padding)))
        out.fill("following", np.pad(following, (0, padding)))
        progress(band + 1, bands)


class _Sections:
    """Writes sections one after another, each aligned to the page size, and keeps their table."""

    def __init__(self, stream: BinaryIO, room: int) -> None:
        self.stream = stream
        self.table: dict[str, dict[str, Any]] = {}
        self._end = -(-room // ALIGNMENT) * ALIGNMENT
        self._filled: dict[str, int] = {}
        stream.truncate(self._end)

    def add(self, name: str, kind: str, array: Array) -> None:
        self.reserve(name, kind, array.shape)
        self.fill(name, array)

    def reserve(self, name: str, kind: str, shape: tuple[int, ...]) -> None:
        size = int(np.prod(shape, dtype=np.int64)) * TYPES[kind].itemsize
        self.table[name] = {"offset": self._end, "bytes": size, "type": kind, "shape": list(shape), "crc32": 0}
        self._filled[name] = 0
        self._end = -(-(self._end + size) // ALIGNMENT) * ALIGNMENT
        self.stream.truncate(self._end)

    def fill(self, name: str, array: Array) -> None:
        row = self.table[name]
        data = np.ascontiguousarray(array, TYPES[row["type"]]).reshape(-1).view(np.uint8)
        self.stream.seek(row["offset"] + self._filled[name])
        self.stream.write(data.data)
        self._filled[name] += data.size
        row["crc32"] = zlib.crc32(data.data, row["crc32"])
