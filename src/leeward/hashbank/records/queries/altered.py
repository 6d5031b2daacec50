"""Look a picture up once possible alterations are undone; only where nothing is known of it as it is."""

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
    """Return the records that match these variants of one picture, or that have a stored window near its own codes,
    nearest first.

    Anything further off than a harmless record is left out. If no codes are given, those of the unaltered variant are
    used. Hits are passed to `known_many`, so that states, pauses and banks count here as they do there.
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


def knows_pictures() -> bool:
    """Return whether the bank holds any picture hash that counts; without one, no altered picture can be found."""
    return len(index_here()) > 0


def called_illegal(record_ids: Collection[int]) -> set[int]:
    """Return those of these records that somebody calls illegal now, unless that was settled otherwise."""
    return set(by_number(Record, record_ids).filter(state__in=ILLEGAL_STATES).values_list("id", flat=True))


type _Reached = tuple[float, int, Alteration]
"""How a hash was matched: soft distance, bits, the alteration undone."""


def _by_variants(variants: Sequence[Variant]) -> dict[int, _Reached]:
    """Return each hash of the bank that a variant matches, with its nearest match."""
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
    """Return the codes of the unaltered picture, including turned and mirrored ones."""
    return [turn.code for one in variants if one.alteration == "covered" for turn in one.soft_hash.turned()]


def _by_windows(codes: Sequence[bytes], windows: Index | None) -> Iterator[tuple[int, _Reached]]:
    """Yield a hash of each record that has a window near one of these codes."""
    hits = near_windows(windows, codes) if windows is not None and codes else []
    counting = picture_hashes_of(hit.record_id for hit in hits) if hits else {}
    for hit in hits:
        if hit.record_id in counting:
            yield counting[hit.record_id], (float(hit.bits), hit.bits, "cropped_here")


def _meant_by(hash_ids: Sequence[int]) -> list[tuple[int, list[Known]]]:
    """For each of these hashes, in order, return the records that it stands for."""
    values: dict[int, Hash] = {}
    for ids in batched(hash_ids, _AT_ONCE):
        rows = by_number(RecordHash, ids).filter(aside=False).exclude(quality__lt=LEAST_QUALITY)
        rows = rows.values_list("id", "kind", "value")  # a picture with little in it is like many once it is altered
        values |= {number: Hash(KIND_NAMES[kind], bytes(value)) for number, kind, value in rows}
    there = [number for number in hash_ids if number in values]
    return list(zip(there, known_many([[values[number]] for number in there], radius=0), strict=True))
