"""What the bank knows of a picture once an alteration of it is undone; asked only where nothing is known of it as it is."""

from collections.abc import Collection, Sequence
from itertools import batched

from leeward.hashbank.models import Record, RecordHash
from leeward.hashbank.numbers import by_number
from leeward.hashbank.records.live import index_here
from leeward.hashbank.records.queries.looking_up import known_many
from leeward.hashbank.records.rows import AlteredKnown, Known
from leeward.hashbank.rules.kinds import KIND_NAMES, LEAST_QUALITY, Hash
from leeward.hashbank.rules.standing import ILLEGAL_STATES
from leeward.matching.variants import Variant
from leeward.matching.variants.asking import questions

_AT_ONCE, MOST = 800, 20


def altered_known(variants: Sequence[Variant]) -> list[AlteredKnown]:
    """Return what the bank knows of these variants of one picture, the nearest first; what lies further off than a harmless record is left
    out.

    What each hash that was met stands for is asked of `known_many`, so that states, pauses and banks count here as they do there.
    """
    if not variants:
        return []
    asking = questions(variants)
    hits = index_here().search_softly(asking.codes, asking.weights)
    assert hits.soft is not None
    nearest: dict[int, tuple[float, int, int]] = {}
    for soft, hit in zip(hits.soft.tolist(), hits, strict=True):
        reached = (soft, hit.distance, hit.query)
        nearest[hit.id] = min(reached, nearest.get(hit.id, reached))
    chosen = sorted(nearest, key=lambda number: (nearest[number], number))[:MOST]
    found: dict[int, AlteredKnown] = {}
    for hash_id, rows in _meant_by(chosen):
        soft, bits, query = nearest[hash_id]
        for row in rows:
            if row.record_id not in found:
                alteration = variants[asking.variant[query]].alteration
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


def _meant_by(hash_ids: Sequence[int]) -> list[tuple[int, list[Known]]]:
    """For each hash of the bank, in this order, the records that it stands for."""
    values: dict[int, Hash] = {}
    for ids in batched(hash_ids, _AT_ONCE):
        rows = by_number(RecordHash, ids).filter(aside=False).exclude(quality__lt=LEAST_QUALITY)
        rows = rows.values_list("id", "kind", "value")  # a picture with little in it is like many once it is altered
        values |= {number: Hash(KIND_NAMES[kind], bytes(value)) for number, kind, value in rows}
    there = [number for number in hash_ids if number in values]
    return list(zip(there, known_many([[values[number]] for number in there], radius=0), strict=True))
