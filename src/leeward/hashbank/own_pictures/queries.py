"""Look fingerprints of people's own pictures up, and list them; all in the hotline's scope."""

from collections.abc import Collection, Iterator, Sequence
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


def nearest_own(lookups: Sequence[Lookup]) -> list[int | None]:
    """Return for each file how many bits it is from the nearest fingerprint of somebody's own picture, 0 for the same
    file and for a picture that is equally like one; None where it is like none. A picture counts as like one, too, once
    a border, a crop or something over it is undone.
    """
    codes = _codes()
    same = _same(lookups)
    return [0 if number in same else _alike(one, codes) for number, one in enumerate(lookups)]


def _codes() -> NDArray[np.uint64]:
    rows = OwnPictureHash.objects.filter(hotline_id=hotline_here(), kind__in=[KINDS[name].number for name in LIKENESS])
    values = b"".join(bytes(value) for value in rows.values_list("value", flat=True))
    return np.frombuffer(values, np.uint64).reshape(-1, 4)


def _same(lookups: Sequence[Lookup]) -> set[int]:
    """Return the positions of the files that are the same, byte for byte."""
    wanted: dict[tuple[int, bytes], list[int]] = {}
    for place, one in enumerate(lookups):
        for kind, value in one.digests:
            if kind in _EXACT:
                wanted.setdefault((KINDS[kind].number, value), []).append(place)
    rows = OwnPictureHash.objects.filter(
        hotline_id=hotline_here(), key__in=among(key_of(value) for _kind, value in wanted)
    )
    found = {(kind, bytes(value)) for kind, value in rows.values_list("kind", "value")} if wanted else set()
    return {place for pair in found & wanted.keys() for place in wanted[pair]}


def _alike(lookup: Lookup, codes: NDArray[np.uint64]) -> int | None:
    if not len(codes):
        return None
    found = []
    if lookup.codes:
        own = np.frombuffer(b"".join(lookup.codes), np.uint64).reshape(-1, 4)
        _queries, _rows, bits = engine.scan(np.ascontiguousarray(codes.T), own, RADIUS)
        found += bits.tolist()
    return min(found or _once_undone(lookup.variants, codes), default=None)


def _once_undone(variants: Sequence[Variant], codes: NDArray[np.uint64]) -> list[int]:
    """Return the distances at which a picture is like one of these codes once an alteration is undone."""
    if not variants:
        return []
    asking = questions(variants)
    weights, found = in_word_order(asking.weights), []
    for number, query in enumerate(asking.codes.view(np.uint64)):
        differs = codes ^ query
        bits = np.bitwise_count(differs).sum(axis=1, dtype=np.uint16)
        places = np.flatnonzero(bits <= _LIMITS.max_bits)
        if len(places):
            soft = soft_of(differs[places], weights[number])
            found += bits[places][(soft <= _LIMITS.max_soft) | (bits[places] <= _LIMITS.sure_bits)].tolist()
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


def own_pictures_of(report_ids: Collection[int]) -> dict[int, int]:
    """Return how many fingerprints each of these reports has in the list; those with none are left out."""
    rows = OwnPictureHash.objects.filter(hotline_id=hotline_here(), report_id__in=among(report_ids))
    counts: dict[int, int] = {}
    for number in rows.values_list("report_id", flat=True):
        counts[number] = counts.get(number, 0) + 1
    return counts
