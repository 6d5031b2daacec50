"""Write a list: first its files under new names, then MANIFEST with one rename, so that readers never see a partial
state.
"""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leeward.matching.hashing.licensed import LICENSED_BYTES
from leeward.matching.index.writing import BANDED_FROM, Content, sync_folder, write_segment
from leeward.matching.lists.banks import ListBank
from leeward.matching.lists.digests import CODE_BYTES, DIGEST_BYTES
from leeward.matching.lists.exact import exact_table
from leeward.matching.lists.manifest import MANIFEST, Manifest, Part, Signer, signed_manifest

Digests = tuple[NDArray[np.uint8], NDArray[np.uint32]]


@dataclass(slots=True)
class ListContent:
    """The rows of a list as columns of n rows, and the hashes of each row.

    records u64 [n]: the numbers that answers return; bank_of u16 [n]: numbers of `banks`; classification_of u16 [n]:
    indices into `classifications`. digests: kind -> (u8 [m, bytes], rows u32 [m]); codes u8 [m, 32] of PDQ with rows
    u32 [m]; licensed: kind -> (u8 [m, bytes], rows u32 [m]) of hashes such as PhotoDNA; windows u8 [m, 32], window_rows
    u32 [m]: codes of parts of known pictures, used to find crops. A row may have any number of hashes. disabled: row ->
    second since 1970 until which it does not count (-1: for good).
    """

    records: NDArray[np.uint64]
    bank_of: NDArray[np.uint16]
    classification_of: NDArray[np.uint16]
    banks: Sequence[ListBank]
    classifications: Sequence[str] = ("",)
    digests: Mapping[str, Digests] = field(default_factory=dict)
    codes: NDArray[np.uint8] = field(default_factory=lambda: np.empty((0, CODE_BYTES), np.uint8))
    code_rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    licensed: Mapping[str, Digests] = field(default_factory=dict)
    windows: NDArray[np.uint8] = field(default_factory=lambda: np.empty((0, CODE_BYTES), np.uint8))
    window_rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    disabled: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = len(self.records)
        _demand(len(self.bank_of) == rows and len(self.classification_of) == rows, "the columns differ in length")
        _demand(
            set(np.unique(self.bank_of).tolist()) <= {bank.number for bank in self.banks}, "a row's bank is missing"
        )
        _demand(int(self.classification_of.max(initial=0)) < len(self.classifications), "a classification is missing")
        pairs = [
            (kind, hashes, rows_of, sizes.get(kind, 0))
            for given, sizes in ((self.digests, DIGEST_BYTES), (self.licensed, LICENSED_BYTES))
            for kind, (hashes, rows_of) in given.items()
        ]
        pairs += [
            ("pdq", self.codes, self.code_rows, CODE_BYTES),
            ("windows", self.windows, self.window_rows, CODE_BYTES),
        ]
        for kind, hashes, rows_of, size in pairs:
            _demand(
                hashes.ndim == 2 and hashes.shape[1] == size and hashes.dtype == np.uint8, f"{kind} has another shape"
            )
            _demand(
                len(hashes) == len(rows_of) and int(rows_of.max(initial=0)) < max(rows, 1), f"{kind} has other rows"
            )


def _demand(good: bool, why: str) -> None:  # noqa: FBT001 - what is demanded
    if not good:
        raise ValueError(why)


def write_list(
    folder: Path,
    content: ListContent,
    *,
    name: str,
    serial: int,
    made_at: datetime,
    signer: Signer,
    banded_from: int = BANDED_FROM,
) -> Manifest:
    """Write a list into `folder`, replacing the existing one; return its manifest.

    Readers that have the old one open continue with it until they refresh; its files are removed from the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamp = secrets.token_hex(6)
    parts: dict[str, Part] = {}
    try:
        for part, array in _arrays(content):
            parts[part] = _write_array(folder, f"{part}-{stamp}.npy", array)
        code_table = (content.codes, content.code_rows)
        parts["pdq"] = _write_codes(folder, f"pdq-{stamp}.index", content, code_table, banded_from)
        if len(content.windows):
            code_table = (content.windows, content.window_rows)
            parts["windows"] = _write_codes(folder, f"windows-{stamp}.index", content, code_table, banded_from)
        manifest = Manifest(
            name,
            serial,
            made_at.isoformat(),
            len(content.records),
            tuple(content.banks),
            tuple(content.classifications),
            parts,
        )
        _put(folder, signed_manifest(manifest, signer), stamp)
    except BaseException:
        for left in folder.glob(f"*-{stamp}.*"):
            left.unlink()
        raise
    _sweep(folder, keep={part.file for part in parts.values()})
    return manifest


def _arrays(content: ListContent) -> list[tuple[str, NDArray[Any]]]:
    disabled = sorted(content.disabled.items())
    arrays: list[tuple[str, NDArray[Any]]] = [
        ("records", content.records.astype("<u8")),
        ("banks", content.bank_of.astype("<u2")),
        ("classifications", content.classification_of.astype("<u2")),
        ("disabled-rows", np.array([row for row, _ in disabled], "<u4")),
        ("disabled-until", np.array([until for _, until in disabled], "<i8")),
    ]
    for kind, (digests, rows) in sorted(content.digests.items()):
        table = exact_table(digests, rows.astype("<u4"))
        arrays += [(f"{kind}-keys", table.keys.astype("<u8")), (kind, table.digests), (f"{kind}-rows", table.rows)]
    for kind, (codes, rows) in sorted(content.licensed.items()):
        arrays += [(kind, codes), (f"{kind}-rows", rows.astype("<u4"))]
    return arrays


def _write_array(folder: Path, file: str, array: NDArray[Any]) -> Part:
    with (folder / file).open("xb") as stream:
        np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
        stream.flush()
        os.fsync(stream.fileno())
    return _part(folder / file)


def _write_codes(folder: Path, file: str, content: ListContent, code_table: Digests, banded_from: int) -> Part:
    """Write an index of looks (codes and rows); its ids are rows, so one row may have several codes."""
    codes, rows = code_table
    index = Content(
        np.ascontiguousarray(codes),
        ids=rows.astype(np.uint64),
        bank_of=content.bank_of[rows] if len(codes) else None,
        banks={bank.number: bank.as_index_bank() for bank in content.banks},
        next_id=len(content.records),
    )
    write_segment(folder / file, index, banded_from=banded_from)
    return _part(folder / file)


def _part(path: Path) -> Part:
    with path.open("rb") as stream:
        return Part(path.name, path.stat().st_size, file_digest(stream, "sha256").hexdigest())


def _put(folder: Path, text: bytes, stamp: str) -> None:
    fresh = folder / f"manifest-{stamp}.new"
    with fresh.open("xb") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(folder / MANIFEST)
    sync_folder(folder)


def _sweep(folder: Path, keep: set[str]) -> None:
    """Remove the files of older states; processes that have them mapped keep them until they unmap them."""
    for pattern in ("*.npy", "*.index"):
        for path in folder.glob(pattern):
            if path.name not in keep:
                path.unlink(missing_ok=True)
