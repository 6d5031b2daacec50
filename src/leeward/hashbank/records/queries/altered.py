"""What the bank knows of a picture once an alteration of it is undone; asked only where nothing is known of it as it is."""

from collections.abc import Collection, Iterator, Sequence
from itertools import batched

from leeward.hashbank.models import Record, RecordHash
from leeward.hashbank.numbers import by_number
from leeward.hashbank.records.live import index_here
from leeward.hashbank.records.queries.looking_up import known_many
from leeward.hashbank.records.rows import AlteredKnown, Known
from leeward.hashbank.records.windows import near_windows, picture_hashes_of
from leeward.hashbank.rules.kinds import KIND_NAMES, LEAST_QUALITY, Hash
from leeward.hashbank.rules.standing import ILLEGAL_STATES
from leeward.matching.index import Index
from leeward.matching.variants import Alteration, Variant
from leeward.matching.variants.asking import questions

_AT_ONCE, MOST = 800, 20


def altered_known(
    variants: Sequence[Variant], *, codes: Sequence[bytes] = (), windows: Index | None = None
) -> list[AlteredKnown]:
    """Return what the bank knows of these variants of one picture, and of which a stored window is near its own codes, the nearest first; what
    lies further off than a harmless record is left out. Where no codes are given they are those of the variant that undoes nothing.

    What each hash that was met stands for is asked of `known_many`, so that states, pauses and banks count here as they do there.
    """
    nearest = _by_variants(variants)
    for hash_id, reached in _by_windows(codes or _plain(variants), windows):
        nearest[hash_id] = min(reached, nearest.get(hash_id, reached))
    chosen = sorted(nearest, key=lambda number: (nearest[number], number))[:MOST]
    found: dict[int, AlteredKnown] = {}
    for hash_id, rows in _meant_by(chosen):
        soft, bits, alteration = nearest[hash_id]
        for row in rows:
            if row.record_id not in found:
                found[row.record_id] = AlteredKnown(row, alteration, bits, round(soft, 1))
    harmless = min((one.soft_distance for one in found.values() if one.known.is_harmless), default=None)
    return [
        one
        for one in found.values()
        if not one.known.is_harmless and (harmless is None or one.soft_distance <= harmless)
    ]


def called_illegal(record_ids: Collection[int]) -> set[int]:
    """Those of these records that somebody calls illegal now, where that was not settled otherwise."""
    return set(by_number(Record, record_ids).filter(state__in=ILLEGAL_STATES).values_list("id", flat=True))


type _Reached = tuple[float, int, Alteration]
"""How a hash was met: soft distance, bits, what was undone."""


def _by_variants(variants: Sequence[Variant]) -> dict[int, _Reached]:
    """Each hash of the bank that a variant meets, as it is nearest."""
    nearest: dict[int, _Reached] = {}
    if not variants:
        return nearest
    asking = questions(variants)
    hits = index_here().search_softly(asking.codes, asking.weights)
    assert hits.soft is not None
    for soft, hit in zip(hits.soft.tolist(), hits, strict=True):
        reached = (soft, hit.distance, variants[asking.variant[hit.query]].alteration)
        nearest[hit.id] = min(reached, nearest.get(hit.id, reached))
    return nearest


def _plain(variants: Sequence[Variant]) -> list[bytes]:
    """The codes of the picture as it is, turned and mirrored too."""
    return [looks.code for one in variants if one.alteration == "covered" for looks in one.looks.turned()]


def _by_windows(codes: Sequence[bytes], windows: Index | None) -> Iterator[tuple[int, _Reached]]:
    """A hash of each record of which a window is near one of these codes."""
    hits = near_windows(windows, codes) if windows is not None and codes else []
    counting = picture_hashes_of(hit.record_id for hit in hits) if hits else {}
    for hit in hits:
        if hit.record_id in counting:
            yield counting[hit.record_id], (float(hit.bits), hit.bits, "cropped_here")


def _meant_by(hash_ids: Sequence[int]) -> list[tuple[int, list[Known]]]:
    """For each hash of the bank, in this order, the records that it stands for."""
    values: dict[int, Hash] = {}
    for ids in batched(hash_ids, _AT_ONCE):
        rows = by_number(RecordHash, ids).filter(aside=False).exclude(quality__lt=LEAST_QUALITY)
        rows = rows.values_list("id", "kind", "value")  # a picture with little in it is like many once it is altered
        values |= {number: Hash(KIND_NAMES[kind], bytes(value)) for number, kind, value in rows}
    there = [number for number in hash_ids if number in values]
    return list(zip(there, known_many([[values[number]] for number in there], radius=0), strict=True))
