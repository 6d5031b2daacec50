"""One state of a list, mapped for look-ups. It never changes; any thread may use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leeward.matching.hashing.licensed import LICENSED_BYTES, LicensedHasher
from leeward.matching.index import Index, IndexRefused
from leeward.matching.index.plan import MAX_RADIUS
from leeward.matching.lists.banks import FOREVER, ListBank
from leeward.matching.lists.digests import DIGEST_BYTES, DULL_BITS, Lookup
from leeward.matching.lists.errors import HashListRefused
from leeward.matching.lists.exact import ExactTable, LicensedTable
from leeward.matching.lists.manifest import MANIFEST, Manifest, Part, read_manifest
from leeward.matching.variants import Alteration
from leeward.matching.variants.windows import Window

_TRIES = 5
DULL = "dull"


@dataclass(frozen=True, slots=True)
class Altered:
    """The alteration that was undone: by which window (shares of height and width) and degrees, and the remaining
    distance.
    """

    alteration: Alteration
    soft: float
    window: Window
    degrees: float = 0.0


@dataclass(frozen=True, slots=True)
class ListHit:
    """A row of the list that one query matches: the same file (`is_same`), or `distance` bits off visually.

    kind: what matched: "file", "pdq" or a licensed kind. `altered` names the alteration where the match was found only
    by undoing one, and `soft` is its soft distance. `is_weak`: found by undoing an alteration, or by a picture with
    little detail; a person has to look.
    """

    query: int
    row: int
    record: int
    bank: ListBank
    classification: str
    is_same: bool
    distance: int
    kind: str = "pdq"
    altered: Altered | None = None
    is_weak: bool = False

    @property
    def measure(self) -> float:
        """Its distance: bits, or the soft distance where an alteration was undone."""
        return self.distance if self.altered is None else self.altered.soft


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A mapped list: columns of n rows, a table for each kind of digest, the index of PDQ codes."""

    manifest: Manifest
    signed_by: str
    inode: int
    records: NDArray[np.uint64]
    bank_of: NDArray[np.uint16]
    classification_of: NDArray[np.uint16]
    banks: dict[int, ListBank]
    tables: dict[str, ExactTable]
    index: Index
    windows: Index | None
    licensed: dict[str, LicensedTable]
    disabled: dict[int, int]

    def __len__(self) -> int:
        return len(self.records)

    def hits(
        self, lookups: Sequence[Lookup], now: float, hashers: Mapping[str, LicensedHasher] | None = None
    ) -> list[ListHit]:
        """Return every row that counts at a moment and matches a query; `query` is its number.

        Rows of harmless banks are included; `answers.judge` weighs them. hashers: adapters for licensed codes, by kind;
        codes of a kind without one match only if equal.
        """
        found: dict[tuple[int, int], tuple[int, str]] = dict.fromkeys(self._same(lookups), (-1, "file"))
        for pair, near in (*self._near(lookups).items(), *self._near_by_own_distance(lookups, hashers or {}).items()):
            found[pair] = min(near, found.get(pair, near))
        return [
            hit
            for (query, row), (distance, kind) in found.items()
            if (hit := self.hit(query, row, distance, kind, now=now)) is not None
        ]

    def _same(self, lookups: Sequence[Lookup]) -> set[tuple[int, int]]:
        """Return (query, row) of the same files."""
        found: set[tuple[int, int]] = set()
        for kind, table in self.tables.items():
            wanted = [(number, raw) for number, one in enumerate(lookups) for name, raw in one.digests if name == kind]
            for place, row in table.find([raw for _, raw in wanted]):
                found.add((wanted[place][0], row))
        return found

    def _near(self, lookups: Sequence[Lookup]) -> dict[tuple[int, int], tuple[int, str]]:
        """Return the least distance of every (query, row) within its bank's radius, or within 8 bits for pictures with
        little detail.
        """
        found: dict[tuple[int, int], tuple[int, str]] = {}
        for kind, radius, codes_of in (("pdq", MAX_RADIUS, _codes), (DULL, DULL_BITS, _dull)):
            asking = [(number, code) for number, one in enumerate(lookups) for code in codes_of(one)]
            if not asking or not len(self.index):
                continue
            codes = np.frombuffer(b"".join(code for _, code in asking), np.uint8).reshape(len(asking), -1)
            for hit in self.index.search(codes, radius, harmless="report", now=0):
                pair, near = (asking[hit.query][0], hit.id), (hit.distance, kind)
                found[pair] = min(near, found.get(pair, near))
        return found

    def _near_by_own_distance(
        self, lookups: Sequence[Lookup], hashers: Mapping[str, LicensedHasher]
    ) -> dict[tuple[int, int], tuple[int, str]]:
        """Return the least distance of every (query, row) by a licensed kind, on the scale of 31 bits, within its bank's radius."""
        found: dict[tuple[int, int], tuple[int, str]] = {}
        for kind, table in self.licensed.items():
            wanted = [
                (number, code) for number, one in enumerate(lookups) for name, code in one.licensed if name == kind
            ]
            for place, row, bits in table.find([code for _, code in wanted], hashers.get(kind)):
                pair = wanted[place][0], row
                if bits <= self.banks[int(self.bank_of[row])].radius:
                    found[pair] = min((bits, kind), found.get(pair, (bits, kind)))
        return found

    def hit(
        self, query: int, row: int, distance: int, kind: str, *, now: float, altered: Altered | None = None
    ) -> ListHit | None:
        """Return the hit for a row if it counts at this moment; a negative distance means the same file."""
        bank = self.banks[int(self.bank_of[row])]
        until = self.disabled.get(row, 0)
        if not bank.counts(now) or until == FOREVER or until > now:
            return None
        classification = self.manifest.classifications[int(self.classification_of[row])]
        return ListHit(
            query,
            row,
            int(self.records[row]),
            bank,
            classification,
            distance < 0,
            max(distance, 0),
            "pdq" if kind == DULL else kind,
            altered,
            is_weak=kind == DULL or altered is not None,
        )


def _codes(lookup: Lookup) -> tuple[bytes, ...]:
    return lookup.codes


def _dull(lookup: Lookup) -> tuple[bytes, ...]:
    return lookup.dull


def open_list(path: Path, *, key: str | None, verify: bool) -> OpenedList:
    """Map the list in the folder `path`. `verify`: read every file once and compare its checksum with the signed one.

    Raises HashListRefused; OSError where there is nothing to read.
    """
    for _ in range(_TRIES):
        manifest, signed_by = read_manifest(path, key)
        try:
            return _opened(path, manifest, signed_by, verify=verify)
        except FileNotFoundError as error:
            missing = error
        if read_manifest(path, key)[0] == manifest:  # otherwise another state has replaced it meanwhile
            break
    raise HashListRefused(path, "a file", "is missing") from missing


def _opened(path: Path, manifest: Manifest, signed_by: str, *, verify: bool) -> OpenedList:
    inode = (path / MANIFEST).stat().st_ino
    for name, part in manifest.parts.items():
        _check(path, name, part, verify=verify)
    rows = manifest.entries
    kinds = [kind for kind in DIGEST_BYTES if kind in manifest.parts]
    tables = {kind: _table(path, manifest, kind) for kind in kinds}
    disabled_rows = _array(path, manifest, "disabled-rows", "<u4")
    disabled_until = _array(path, manifest, "disabled-until", "<i8", (len(disabled_rows),))
    banks = {bank.number: bank for bank in manifest.banks}
    bank_of = _array(path, manifest, "banks", "<u2", (rows,))
    classification_of = _array(path, manifest, "classifications", "<u2", (rows,))
    if rows and not set(np.unique(bank_of).tolist()) <= set(banks):
        raise HashListRefused(path, "banks", "name one that the list does not have")
    if rows and int(classification_of.max()) >= len(manifest.classifications):
        raise HashListRefused(path, "classifications", "name one that the list does not have")
    return OpenedList(
        manifest=manifest,
        signed_by=signed_by,
        inode=inode,
        records=_array(path, manifest, "records", "<u8", (rows,)),
        bank_of=bank_of,
        classification_of=classification_of,
        banks=banks,
        tables=tables,
        index=_index(path, manifest, "pdq"),
        windows=_index(path, manifest, "windows") if "windows" in manifest.parts else None,
        licensed={kind: _licensed(path, manifest, kind) for kind in LICENSED_BYTES if kind in manifest.parts},
        disabled=dict(zip(disabled_rows.tolist(), disabled_until.tolist(), strict=True)),
    )


def _check(path: Path, name: str, part: Part, *, verify: bool) -> None:
    file = path / part.file
    if file.stat().st_size != part.bytes:
        raise HashListRefused(path, name, f"has {file.stat().st_size} bytes, not {part.bytes}")
    if verify:
        with file.open("rb") as stream:
            if file_digest(stream, "sha256").hexdigest() != part.sha256:
                raise HashListRefused(path, name, "has another checksum than the signed one")


def _array(path: Path, manifest: Manifest, name: str, kind: str, shape: tuple[int, ...] | None = None) -> NDArray[Any]:
    part = manifest.parts.get(name)
    if part is None:
        raise HashListRefused(path, name, "is missing")
    try:
        array: NDArray[Any] = np.load(
            path / part.file, mmap_mode="r" if part.bytes > 4096 else None, allow_pickle=False
        )
    except (ValueError, EOFError) as error:
        raise HashListRefused(path, name, "is no array") from error
    if array.dtype != np.dtype(kind) or (shape is not None and array.shape != shape):
        raise HashListRefused(path, name, f"has shape {array.shape} of {array.dtype}")
    return array


def _table(path: Path, manifest: Manifest, kind: str) -> ExactTable:
    keys = _array(path, manifest, f"{kind}-keys", "<u8")
    digests = _array(path, manifest, kind, "|u1", (len(keys), DIGEST_BYTES[kind]))
    rows = _array(path, manifest, f"{kind}-rows", "<u4", (len(keys),))
    if len(rows) and int(rows.max()) >= manifest.entries:
        raise HashListRefused(path, f"{kind}-rows", "name one that the list does not have")
    return ExactTable(keys, digests, rows)


def _licensed(path: Path, manifest: Manifest, kind: str) -> LicensedTable:
    rows = _array(path, manifest, f"{kind}-rows", "<u4")
    if len(rows) and int(rows.max()) >= manifest.entries:
        raise HashListRefused(path, f"{kind}-rows", "name one that the list does not have")
    return LicensedTable(_array(path, manifest, kind, "|u1", (len(rows), LICENSED_BYTES[kind])), rows)


def _index(path: Path, manifest: Manifest, name: str) -> Index:
    part = manifest.parts.get(name)
    if part is None:
        raise HashListRefused(path, name, "is missing")
    try:
        index = Index.open(path / part.file, verify=False)
    except IndexRefused as error:
        raise HashListRefused(path, name, f"is refused: {error.text}") from error
    if index.code_bits != 256 or index.next_id > manifest.entries:
        raise HashListRefused(path, name, "does not belong to these rows")
    return index
