"""A list opened for comparing: exact digests by binary search, pictures by distance."""

import time
from base64 import b32decode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from leeward.matching.hashing import FileHashes, Frame, Pdq, Torrent
from leeward.matching.hashing.licensed import LicensedHasher
from leeward.matching.index import Hit, Index
from leeward.matching.index.soft import USUAL_RADIUS, SoftLimits
from leeward.matching.lists import Lookup, OpenedList, open_list
from leeward.matching.lists.altered import altered_hits
from leeward.matching.lists.answers import weighed
from leeward.matching.lists.digests import DULL_BITS, comparable_and_dull
from leeward.matching.lists.exact import LicensedTable
from leeward.matching.variants import Variant
from leeward.matching.variants.asking import questions
from leeward.scanning.entries import Match
from leeward.scanning.lists.compiled import ListFiles

MOST_MATCHES = 20
"""So many matches of one file with one list are told, the nearest ones."""
_OF_FILES = ("md5", "sha1", "sha256", "sha512", "ed2k", "ed2k_alt", "tth", "aich", "bt2")
_VISUAL = ("pdq", "pdq_nn512", "frames")
_ALTERED = ("variants",)
_BASE32 = ("tth", "aich")
NO_HASHERS: Mapping[str, LicensedHasher] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Digests:
    """Sorted digests of one kind, and the line of each."""

    keys: NDArray[Any]
    lines: NDArray[np.uint64]

    def lines_of(self, digest: bytes) -> list[int]:
        """Return the lines that hold a digest."""
        key = np.array([digest], self.keys.dtype)
        first, last = np.searchsorted(self.keys, key[0], "left"), np.searchsorted(self.keys, key[0], "right")
        found: list[int] = self.lines[first : min(last, first + MOST_MATCHES)].tolist()
        return found


class Known(Protocol):
    """A list opened for comparing; any thread may ask."""

    @property
    def fields(self) -> frozenset[str]:
        """The hashes of a file that this list needs, by the names of `hash_stream`."""
        ...

    @property
    def licensed_kinds(self) -> Collection[str]:
        """The licensed kinds of which it has codes."""
        ...

    def matches(self, hashes: FileHashes) -> list[Match]:
        """Return what a file meets in this list: the same file first, then pictures, the nearest first."""
        ...

    def matches_of_torrent(self, torrent: Torrent) -> list[Match]:
        """Return what a torrent meets: its infohashes, and the files whose content it names (v2)."""
        ...


def opened_list(
    files: ListFiles, radius: int, hashers: Mapping[str, LicensedHasher] = NO_HASHERS, *, altered: bool = True
) -> Known:
    """Map the files of a compiled list; `radius`: how many bits pictures may differ; `altered`: undo alterations too where nothing
    agrees. Raises OSError, LeewardError."""
    kind = SignedHashes if files.is_signed else PlainHashes
    return kind.open(files, radius, hashers, altered=altered)


@dataclass(frozen=True, slots=True)
class PlainHashes:
    """Digests as sorted arrays, pictures as an index. `radius`: how many bits pictures may differ."""

    name: str
    radius: int
    digests: dict[str, _Digests]
    index: Index | None
    banks: dict[int, str]
    licensed: dict[str, LicensedTable]
    hashers: Mapping[str, LicensedHasher]
    altered: bool

    @classmethod
    def open(
        cls, files: ListFiles, radius: int, hashers: Mapping[str, LicensedHasher] = NO_HASHERS, *, altered: bool
    ) -> Self:
        """Map the files of a compiled list; raises OSError, IndexRefused."""
        digests = {}
        for kind in files.digests:
            assert files.folder is not None
            digests[kind] = _Digests(*_arrays(files.folder, kind))
        licensed = {}
        for kind in files.licensed:
            assert files.folder is not None
            licensed[kind] = LicensedTable(*_arrays(files.folder, kind))
        index = None if files.index is None else Index.open(files.index, verify=False)
        banks = {bank.number: bank.name for bank in index.banks} if index is not None and files.has_banks else {}
        return cls(files.name, radius, digests, index, banks, licensed, hashers, altered)

    @property
    def licensed_kinds(self) -> Collection[str]:
        """See Known."""
        return self.licensed.keys()

    @property
    def fields(self) -> frozenset[str]:
        """The hashes of a file that this list needs, by the names of `hash_stream`."""
        wanted = {kind for kind in self.digests if kind in _OF_FILES}
        wanted |= {"ed2k_alt"} if "ed2k" in wanted else set()
        return frozenset(wanted | _visual_fields(self.altered) if self.index is not None else wanted)

    def matches(self, hashes: FileHashes) -> list[Match]:
        """Return what a file meets in this list: digests first, then pictures, the nearest first."""
        found = []
        for kind in _OF_FILES:
            value = getattr(hashes.digests, kind, None)
            if value is not None:
                found += self._exact("ed2k" if kind == "ed2k_alt" else kind, _bytes(kind, value), kind)
        if self.index is not None:
            found += self._near(self.index, hashes)
        for kind, code in hashes.licensed:
            found += self._near_by_own_distance(kind, code)
        if not found and self.index is not None and hashes.variants and not self._is_near_harmless(self.index, hashes):
            found = self._altered(self.index, hashes.variants)
        return list(dict.fromkeys(found))

    def matches_of_torrent(self, torrent: Torrent) -> list[Match]:
        """Return what a torrent meets: its infohashes, and the files whose content it names (v2)."""
        found = []
        for kind, value in (("btih", torrent.v1), ("btmh", torrent.v2)):
            if value is not None:
                found += self._exact(kind, bytes.fromhex(value), kind)
        for file in torrent.files:
            if file.bt2 is not None and len(found) < MOST_MATCHES:
                found += self._exact("bt2", bytes.fromhex(file.bt2), "bt2", file=file.path)
        return found

    def _exact(self, kind: str, digest: bytes, shown: str, **more: Any) -> list[Match]:
        digests = self.digests.get(kind)
        if digests is None:
            return []
        return [Match(self.name, shown, line, **more) for line in digests.lines_of(digest)]

    def _near(self, index: Index, hashes: FileHashes) -> list[Match]:
        if len(hashes.frames) > 1 or (hashes.frames and hashes.pdq is None):
            return self._near_frames(index, hashes.frames)
        comparable, dull, _ = comparable_and_dull(one for one in (hashes.pdq, hashes.pdq_nn512) if one is not None)
        best: dict[tuple[int, int], tuple[int, bool]] = {}
        for group, radius in ((comparable, self.radius), (dull, min(self.radius, DULL_BITS))):
            turns = list(dict.fromkeys(turn for one in group for turn in _turns(one)))
            for hit in self._hits(index, [code for code, _ in turns], radius):
                reached = (hit.distance, turns[hit.query][1])
                best[hit.bank, hit.id] = min(reached, best.get((hit.bank, hit.id), reached))
        rows = sorted((distance, turned, bank, entry) for (bank, entry), (distance, turned) in best.items())
        return [
            Match(self.name, "pdq", entry, distance, self.banks.get(bank), turned=turned)
            for distance, turned, bank, entry in rows[:MOST_MATCHES]
        ]

    def _near_frames(self, index: Index, frames: Sequence[Frame]) -> list[Match]:
        """Return the entries that frames of a video or animation meet: the nearest frame of each, and how many meet it."""
        usable = [frame for frame in frames if frame.pdq.is_usable]
        turns = [(code, turned, at) for at, frame in enumerate(usable) for code, turned in _turns(frame.pdq)]
        best: dict[tuple[int, int], tuple[int, bool, int]] = {}
        meeting: dict[tuple[int, int], set[int]] = {}
        for hit in self._hits(index, [code for code, _, _ in turns], self.radius):
            _, turned, at = turns[hit.query]
            key, reached = (hit.bank, hit.id), (hit.distance, turned, at)
            best[key] = min(reached, best.get(key, reached))
            meeting.setdefault(key, set()).add(at)
        rows = sorted((reached, key) for key, reached in best.items())[:MOST_MATCHES]
        return [
            Match(
                self.name, "pdq", entry, distance, self.banks.get(bank),
                turned=turned, frames=len(meeting[bank, entry]), percent=_percent(meeting[bank, entry], usable),
                second=usable[at].second,
            )
            for (distance, turned, at), (bank, entry) in rows
        ]  # fmt: skip

    def _near_by_own_distance(self, kind: str, code: bytes) -> list[Match]:
        table = self.licensed.get(kind)
        hits = table.find([code], self.hashers.get(kind)) if table is not None else []
        rows = sorted((bits, entry) for _, entry, bits in hits if bits <= self.radius)
        return [Match(self.name, kind, entry, bits) for bits, entry in rows[:MOST_MATCHES]]

    def _hits(self, index: Index, codes: list[bytes], radius: int) -> Iterable[Hit]:
        if not codes:
            return ()
        return index.search(np.frombuffer(b"".join(codes), np.uint8).reshape(len(codes), -1), radius)

    def _is_near_harmless(self, index: Index, hashes: FileHashes) -> bool:
        """Whether the picture as it is lies near anything: then that is a known look-alike, and no alteration needs to be undone."""
        codes = [code for one in (hashes.pdq, hashes.pdq_nn512) if one is not None for code, _ in _turns(one)]
        array = np.frombuffer(b"".join(codes), np.uint8).reshape(len(codes), -1)
        return len(codes) > 0 and len(index.search(array, self.radius, harmless="report")) > 0

    def _altered(self, index: Index, variants: Sequence[Variant]) -> list[Match]:
        """Return the entries that a picture meets once an alteration is undone, each once, the nearest first."""
        asking = questions(variants)
        share = min(1.0, self.radius / USUAL_RADIUS)
        limits = SoftLimits(SoftLimits().max_soft * share, min(USUAL_RADIUS, self.radius))
        hits = index.search_softly(asking.codes, asking.weights, limits)
        assert hits.soft is not None
        best: dict[tuple[int, int], tuple[float, int, int]] = {}
        for soft, hit in zip(hits.soft.tolist(), hits, strict=True):
            reached = (soft, hit.distance, hit.query)
            best[hit.bank, hit.id] = min(reached, best.get((hit.bank, hit.id), reached))
        rows = sorted((reached, key) for key, reached in best.items())[:MOST_MATCHES]
        return [
            Match(
                self.name, "pdq", entry, distance, self.banks.get(bank),
                turned=asking.turned[query], alteration=variants[asking.variant[query]].alteration,
            )
            for (_, distance, query), (bank, entry) in rows
        ]  # fmt: skip


def _percent(meeting: Collection[int], usable: Sequence[Frame]) -> float:
    return round(100 * len(meeting) / len(usable), 1)


def _visual_fields(altered: bool) -> set[str]:  # noqa: FBT001 - a list's own switch
    return {*_VISUAL, *(_ALTERED if altered else ())}


def _turns(pdq: Pdq) -> list[tuple[bytes, bool]]:
    """Return the codes of a picture as it is, then turned and mirrored, and which of both."""
    return [(pdq.code, False), *((code, True) for code in pdq.dihedral[1:])]


def _arrays(folder: Path, kind: str) -> tuple[NDArray[Any], NDArray[Any]]:
    return np.load(folder / f"{kind}.npy", mmap_mode="r"), np.load(folder / f"{kind}.lines.npy", mmap_mode="r")


def _bytes(kind: str, value: str) -> bytes:
    return b32decode(value + "=" * (-len(value) % 8)) if kind in _BASE32 else bytes.fromhex(value)


@dataclass(frozen=True, slots=True)
class SignedHashes:
    """A signed list; its banks have radii of their own, `radius` can only narrow them."""

    name: str
    radius: int
    signed: OpenedList
    hashers: Mapping[str, LicensedHasher]
    altered: bool

    @classmethod
    def open(
        cls, files: ListFiles, radius: int, hashers: Mapping[str, LicensedHasher] = NO_HASHERS, *, altered: bool
    ) -> Self:
        """Map a list that was verified before."""
        assert files.folder is not None
        return cls(files.name, radius, open_list(files.folder, key=files.key, verify=False), hashers, altered)

    @property
    def licensed_kinds(self) -> Collection[str]:
        """See Known."""
        return self.signed.licensed.keys()

    @property
    def fields(self) -> frozenset[str]:
        """See Known."""
        wanted = set(self.signed.tables) | ({"ed2k_alt"} if "ed2k" in self.signed.tables else set())
        return frozenset(wanted | _visual_fields(self.altered) if len(self.signed.index) else wanted)

    def matches(self, hashes: FileHashes) -> list[Match]:
        """See Known."""
        digests = [
            ("ed2k" if kind == "ed2k_alt" else kind, _bytes(kind, value))
            for kind in _OF_FILES
            if (value := getattr(hashes.digests, kind, None)) is not None
        ]
        visual = [
            one for one in (hashes.pdq, hashes.pdq_nn512, *(frame.pdq for frame in hashes.frames)) if one is not None
        ]
        comparable, few, _ = comparable_and_dull(visual)
        codes, dull = (
            tuple(dict.fromkeys(code for one in some for code in one.dihedral)) for some in (comparable, few)
        )
        variants = hashes.variants if self.altered else ()
        found = self._matches_of(Lookup(tuple(digests), codes, licensed=hashes.licensed, variants=variants, dull=dull))
        return self._with_frames(found, hashes.frames) if len(hashes.frames) > 1 or not hashes.pdq else found

    def _with_frames(self, found: list[Match], frames: Sequence[Frame]) -> list[Match]:
        """Add to the matches of a video or animation how many of its frames meet each entry."""
        usable = [frame for frame in frames if frame.pdq.is_usable]
        if not usable or not any(one.kind == "pdq" for one in found):
            return found
        meeting: dict[int, set[int]] = {}
        for hit in self.signed.hits([Lookup(codes=frame.pdq.dihedral) for frame in usable], time.time()):
            if hit.measure <= self.radius:
                meeting.setdefault(hit.record, set()).add(hit.query)
        return [
            replace(one, frames=len(at), percent=_percent(at, usable))
            if one.kind == "pdq" and (at := meeting.get(one.id))
            else one
            for one in found
        ]

    def matches_of_torrent(self, torrent: Torrent) -> list[Match]:
        """See Known."""
        found: list[Match] = []
        for file in torrent.files:
            if file.bt2 is not None and len(found) < MOST_MATCHES:
                found += self._matches_of(Lookup((("bt2", bytes.fromhex(file.bt2)),)), file=file.path)
        return found

    def _matches_of(self, lookup: Lookup, file: str | None = None) -> list[Match]:
        now = time.time()
        found = self.signed.hits([lookup], now, self.hashers)
        if not found and self.altered:
            found = altered_hits(self.signed, lookup, 0, now)
        hits = weighed(found)
        return [
            Match(
                self.name,
                hit.kind,
                hit.record,
                hit.distance,
                hit.bank.name,
                hit.classification or None,
                file=file,
                alteration=None if hit.altered is None else hit.altered.alteration,
            )
            for hit in hits
            if hit.is_same or hit.measure <= self.radius
        ][:MOST_MATCHES]
