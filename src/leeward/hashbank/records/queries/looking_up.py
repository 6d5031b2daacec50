"""Is this known, and what is known of it. All within the open hotline's scope."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import batched
from types import MappingProxyType
from typing import Any

import numpy as np
from django.db.models import TextField
from django.db.models.functions import Cast

from leeward.hashbank.models import Bank, Investigation, Record, RecordHash, Vote
from leeward.hashbank.numbers import among, by_number
from leeward.hashbank.records.licensed import hashers, near_by_own_distance
from leeward.hashbank.records.live import CODE_BYTES, index_here
from leeward.hashbank.records.rows import Known
from leeward.hashbank.rules.kinds import KIND_NAMES, KINDS, LIKENESS, Hash, is_usable, key_of
from leeward.hashbank.rules.standing import CONFIRM, CONFIRMED, may_decide_unseen
from leeward.hashbank.scene import hotline_here
from leeward.laws.rules.facts import parse_facts
from leeward.laws.rules.schemes import derive
from leeward.people.queries import hotline

RADIUS = 31
_AT_ONCE = 800


def known(
    hashes: Iterable[Hash],
    *,
    radius: int = RADIUS,
    banks: Collection[str] | None = None,
    states: Collection[str] = (CONFIRMED,),
) -> list[Known]:
    """What is known of one file by all its hashes: a row a record, the same file first, then the nearest."""
    return known_many([tuple(hashes)], radius=radius, banks=banks, states=states)[0]


def known_many(
    items: Sequence[Sequence[Hash]],
    *,
    radius: int = RADIUS,
    banks: Collection[str] | None = None,
    states: Collection[str] = (CONFIRMED,),
) -> list[list[Known]]:
    """The same for many files at once, in their order. Records of harmless banks are told with `is_harmless`; what is
    further from a file than its nearest harmless record is left out. `states`: which records count."""
    now = datetime.now(UTC)
    chosen = {
        row.pk: row
        for row in Bank.objects.filter(hotline_id=hotline_here())
        if not (row.paused_until and row.paused_until > now) and (banks is None or row.name in banks or row.harmless)
    }
    found: list[dict[int, _Match]] = [{} for _ in items]
    for place, hash_id, record_id, kind, distance in (
        *_equal(items),
        *(_alike(items, radius, {row.number for row in chosen.values()}) if radius >= 0 else ()),
        *(_near(items, radius) if radius >= 0 else ()),
    ):
        found[place].setdefault(record_id, _Match()).take(hash_id, kind, distance)
    wanted = {record_id for matches in found for record_id in matches}
    about = _records(wanted, states, chosen)
    return [_ordered([about[key].row(match) for key, match in matches.items() if key in about]) for matches in found]


class _Match:
    """How one file and one record meet."""

    def __init__(self) -> None:
        self.kinds: dict[str, int] = {}
        self.hash_ids: set[int] = set()

    def take(self, hash_id: int, kind: str, distance: int) -> None:
        self.kinds[kind] = min(distance, self.kinds.get(kind, distance))
        self.hash_ids.add(hash_id)


def _equal(items: Sequence[Sequence[Hash]]) -> Iterator[tuple[int, int, int, str, int]]:
    """Every hash of the bank that is equal to one that was asked: place of the file, hash, record, kind, 0."""
    asked: dict[str, dict[bytes, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, hashes in enumerate(items):
        for one in hashes:
            if one.kind not in LIKENESS and is_usable(one):
                asked[one.kind][one.value].append(place)
    rows = RecordHash.objects.filter(hotline_id=hotline_here(), aside=False)
    for kind, places in asked.items():
        equal = rows.filter(key__in=among(map(key_of, places)), kind=KINDS[kind].number)
        for hash_id, record_id, value in equal.values_list("id", "record_id", "value"):
            for place in places.get(bytes(value), ()):
                yield place, hash_id, record_id, kind, 0


def _alike(items: Sequence[Sequence[Hash]], radius: int, banks: set[int]) -> Iterator[tuple[int, int, int, str, int]]:
    """Every picture hash of the bank within the radius: place of the file, hash, record, kind, bits."""
    asked = [
        (place, one.value)
        for place, hashes in enumerate(items)
        for one in hashes
        if one.kind in LIKENESS and is_usable(one)
    ]
    if not asked:
        return
    codes = np.frombuffer(b"".join(value for _, value in asked), np.uint8).reshape(-1, CODE_BYTES)
    hits = list(index_here().search(codes, radius, banks=banks))
    about: dict[int, tuple[int, int]] = {}
    for ids in batched({hit.id for hit in hits}, _AT_ONCE):
        rows = by_number(RecordHash, ids).filter(aside=False).values_list("id", "record_id", "kind")
        about |= {hash_id: (record_id, kind) for hash_id, record_id, kind in rows}
    for hit in hits:
        if hit.id in about:
            record_id, kind = about[hit.id]
            yield asked[hit.query][0], hit.id, record_id, KIND_NAMES[kind], hit.distance


def _near(items: Sequence[Sequence[Hash]], radius: int) -> Iterator[tuple[int, int, int, str, int]]:
    """Every licensed hash of the bank that its adapter calls near: place of the file, hash, record, kind, the distance on the scale of bits."""
    plugged = hashers()
    for kind, hasher in plugged.items():
        asked = [(place, one.value) for place, hashes in enumerate(items) for one in hashes if one.kind == kind]
        hits = list(near_by_own_distance(hasher, asked, radius)) if asked else []
        about: dict[int, tuple[int, bytes]] = {}
        for ids in batched({hit.hash_id for hit in hits}, _AT_ONCE):
            rows = by_number(RecordHash, ids).filter(aside=False).values_list("id", "record_id", "value")
            about |= {hash_id: (record_id, bytes(value)) for hash_id, record_id, value in rows}
        for hit in hits:
            if about.get(hit.hash_id, (0, b""))[1] == hit.code:
                yield hit.place, hit.hash_id, about[hit.hash_id][0], kind, hit.as_bits


class _About:
    """A record as it is kept, waiting for how it was met."""

    __slots__ = ("bank", "columns", "facts", "is_confirmed_here", "labels", "outcome")

    def __init__(
        self, columns: tuple[Any, ...], bank: Bank, votes: Sequence[Sequence[Any]], outcome: str, here: str
    ) -> None:
        self.columns, self.bank, self.outcome = columns, bank, outcome
        self.facts, self.is_confirmed_here = _facts_and_levels(columns[5]), False
        self.labels: tuple[str, ...] = ()
        for source, verdict, label, brought_by in votes:
            self.is_confirmed_here |= source == here and verdict == CONFIRM and not brought_by
            if label:
                self.labels = (*self.labels, f"{source}: {label}")
        if len(self.labels) > 1:
            self.labels = tuple(sorted(set(self.labels)))

    def row(self, match: _Match) -> Known:
        number, _bank, state, is_baseline, media, _facts, series, victim, offender, first_seen, last_seen = self.columns
        facts, levels = self.facts
        equal = tuple(kind for kind in match.kinds if KINDS[kind].is_exact)
        return Known(
            record_id=number,
            match="known" if equal else "near",
            distance_bits=0 if equal else min(match.kinds.values()),
            kinds=equal or tuple(match.kinds),
            hash_ids=tuple(sorted(match.hash_ids)),
            bank=self.bank.name,
            is_harmless=self.bank.harmless,
            state=state,
            is_baseline=is_baseline,
            media=media,
            facts=facts,
            classification=levels,
            labels=self.labels,
            series=series,
            victim_status=victim,
            offender_status=offender,
            outcome=self.outcome,
            first_seen=first_seen,
            last_seen=last_seen,
            may_decide=may_decide_unseen(
                state=state,
                is_harmless=self.bank.harmless,
                confirmed_here=self.is_confirmed_here,
                baseline=is_baseline,
                kinds=equal,
                facts=facts,
            ),
        )


_RECORD_COLUMNS = (
    "id", "bank_id", "state", "is_baseline", "media", "facts_text", "series", "victim_status", "offender_status", "first_seen",
    "last_seen",
)  # fmt: skip


def _records(ids: set[int], states: Collection[str], banks: dict[int, Bank]) -> dict[int, _About]:
    """What is kept of records, as plain columns: a seizure asks for a thousand at a time, a thousand times."""
    if not ids:
        return {}
    here = hotline(hotline_here()).name
    found: dict[int, _About] = {}
    votes: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    wanted = among(ids)
    said = Vote.objects.filter(record_id__in=wanted)
    for number, *vote in said.values_list("record_id", "source", "verdict", "label", "brought_by"):
        votes[number].append(tuple(vote))
    cases = Investigation.objects.filter(hotline_id=hotline_here(), restricted=False)
    is_any = cases.exists()
    outcomes = (
        dict(cases.filter(record_id__in=wanted).order_by("at").values_list("record_id", "outcome")) if is_any else {}
    )
    rows = by_number(Record, ids).filter(state__in=states, bank_id__in=banks)
    for columns in rows.annotate(facts_text=Cast("facts", TextField())).values_list(*_RECORD_COLUMNS):
        number = columns[0]
        found[number] = _About(columns, banks[columns[1]], votes[number], outcomes.get(number, ""), here)
    return found


@lru_cache(maxsize=4096)
def _facts_and_levels(text: str) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Facts as they are kept, and the level on every scheme: many records say the same, and deriving is what costs."""
    facts = json.loads(text or "{}")
    return MappingProxyType(facts), MappingProxyType(classification_of(facts))


def _ordered(rows: list[Known]) -> list[Known]:
    nearest_harmless = min((row.distance_bits for row in rows if row.is_harmless), default=None)
    if nearest_harmless is not None:
        rows = [row for row in rows if row.match == "known" or row.distance_bits <= nearest_harmless]
    return sorted(rows, key=lambda row: (row.match != "known", row.distance_bits, row.is_harmless, row.record_id))


def classification_of(facts: Any) -> dict[str, str]:
    """Scheme -> level, derived from a record's facts; what can't be told is left out."""
    if not facts:
        return {}
    levels = derive(parse_facts(facts))
    return {scheme: level for scheme, level in levels.items() if level != "undetermined"}
