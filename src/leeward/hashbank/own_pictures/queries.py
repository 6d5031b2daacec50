"""Look fingerprints of people's own pictures up, and list them; all in the hotline's scope."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leeward.hashbank.models import OwnPictureHash
from leeward.hashbank.numbers import among
from leeward.hashbank.rules.kinds import KIND_NAMES, KINDS, LIKENESS, key_of
from leeward.hashbank.scene import hotline_here
from leeward.matching.index import engine
from leeward.matching.index.reference import soft_of
from leeward.matching.index.soft import SoftLimits, in_word_order
from leeward.matching.lists import Lookup
from leeward.matching.variants import Variant
from leeward.matching.variants.asking import questions

RADIUS = 31
_LIMITS = SoftLimits()
_EXACT = ("sha256", "md5")


@dataclass(frozen=True, slots=True)
class Nearest:
    """The fingerprint that a file is most like, by its number, and how many bits they differ in: 0 for the same file and
    for a picture that is equally like it.
    """

    bits: int
    hash_id: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list holds of a report: how many fingerprints, and the most uploads that one of them matched on a day
    (`on`: the newest day with so many; None if there was none).
    """

    fingerprints: int = 0
    matches: int = 0
    on: date | None = None


def nearest_own(lookups: Sequence[Lookup]) -> list[Nearest | None]:
    """Return for each file the nearest fingerprint of somebody's own picture; None where it is like none. A picture counts
    as like one, too, once a border, a crop or something over it is undone.
    """
    numbers, codes = _codes()
    same = _same(lookups)
    return [same.get(place) or _alike(one, numbers, codes) for place, one in enumerate(lookups)]


def _codes() -> tuple[list[int], NDArray[np.uint64]]:
    rows = OwnPictureHash.objects.filter(hotline_id=hotline_here(), kind__in=[KINDS[name].number for name in LIKENESS])
    found = list(rows.values_list("id", "value"))
    values = b"".join(bytes(value) for _number, value in found)
    return [number for number, _value in found], np.frombuffer(values, np.uint64).reshape(-1, 4)


def _same(lookups: Sequence[Lookup]) -> dict[int, Nearest]:
    """Return for the positions of the files that are the same, byte for byte, what they are the same as."""
    wanted: dict[tuple[int, bytes], list[int]] = {}
    for place, one in enumerate(lookups):
        for kind, value in one.digests:
            if kind in _EXACT:
                wanted.setdefault((KINDS[kind].number, value), []).append(place)
    rows = OwnPictureHash.objects.filter(
        hotline_id=hotline_here(), key__in=among(key_of(value) for _kind, value in wanted)
    )
    found = (
        {(kind, bytes(value)): number for number, kind, value in rows.values_list("id", "kind", "value")}
        if wanted
        else {}
    )
    return {place: Nearest(0, found[pair]) for pair in found.keys() & wanted.keys() for place in wanted[pair]}


def _alike(lookup: Lookup, numbers: Sequence[int], codes: NDArray[np.uint64]) -> Nearest | None:
    if not len(codes):
        return None
    found: list[tuple[int, int]] = []
    if lookup.codes:
        own = np.frombuffer(b"".join(lookup.codes), np.uint64).reshape(-1, 4)
        _queries, rows, bits = engine.scan(np.ascontiguousarray(codes.T), own, RADIUS)
        found += zip(bits.tolist(), rows.tolist(), strict=True)
    best = min(found or _once_undone(lookup.variants, codes), default=None)
    return None if best is None else Nearest(best[0], numbers[best[1]])


def _once_undone(variants: Sequence[Variant], codes: NDArray[np.uint64]) -> list[tuple[int, int]]:
    """Return at how many bits a picture is like which of these codes once an alteration is undone."""
    if not variants:
        return []
    asking = questions(variants)
    weights, found = in_word_order(asking.weights), list[tuple[int, int]]()
    for number, query in enumerate(asking.codes.view(np.uint64)):
        differs = codes ^ query
        bits = np.bitwise_count(differs).sum(axis=1, dtype=np.uint16)
        places = np.flatnonzero(bits <= _LIMITS.max_bits)
        if len(places):
            soft = soft_of(differs[places], weights[number])
            places = places[(soft <= _LIMITS.max_soft) | (bits[places] <= _LIMITS.sure_bits)]
            found += zip(bits[places].tolist(), places.tolist(), strict=True)
    return found


def own_picture_rows() -> Iterator[dict[str, Any]]:
    """Yield the list for whoever may have it, a row a file as `leeward hash --json` prints it; nothing of the person."""
    rows = OwnPictureHash.objects.filter(hotline_id=hotline_here()).order_by("report_id", "file", "id")
    columns = ("report_id", "file", "kind", "value", "quality", "second")
    for _file, hashes in groupby(rows.values_list(*columns).iterator(), key=itemgetter(0, 1)):
        row: dict[str, Any] = {"frames": []}
        for _report_id, _number, kind, value, quality, second in hashes:
            name, digits = KIND_NAMES[kind], bytes(value).hex()
            if name == "vpdq":
                row["frames"].append({"second": second, "quality": quality, "pdq": digits})
            else:
                row[name] = digits
                row |= {} if quality is None else {"quality": quality}
        yield row


def own_pictures_of(report_id: int) -> Listed:
    """Return what the list holds of a report."""
    rows = OwnPictureHash.objects.filter(hotline_id=hotline_here(), report_id=report_id)
    found = list(rows.values_list("matches", "matched_on"))
    matches, on = max(((matches, on) for matches, on in found if on is not None), default=(0, None))
    return Listed(len(found), matches, on)
