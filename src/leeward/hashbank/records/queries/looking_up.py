"""Look files up by their hashes. Everything is within the scope of the current hotline."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import batched
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from leeward.hashbank.models import Bank, Investigation, Membership, Quarantine, Record, RecordHash, VoteChange
from leeward.hashbank.numbers import among, by_number, numbered
from leeward.hashbank.records.licensed import hashers, near_by_own_distance
from leeward.hashbank.records.live import CODE_BYTES, index_here
from leeward.hashbank.records.rows import Known
from leeward.hashbank.records.votes import SourcedVote, rulings_of, sourced_votes_of
from leeward.hashbank.rules.answers import note_on
from leeward.hashbank.rules.kinds import (
    DIGESTS,
    DULL_BITS,
    KIND_NAMES,
    KINDS,
    LEAST_QUALITY,
    LIKENESS,
    Hash,
    is_dull,
    is_usable,
    key_of,
)
from leeward.hashbank.rules.standing import (
    CONFLICT,
    COUNTING,
    HARMLESS_STATE,
    ILLEGAL_STATES,
    Ruling,
    match_word,
    may_decide_unseen,
    standing,
)
from leeward.hashbank.scene import hotline_here
from leeward.laws.rules.facts import parse_facts
from leeward.laws.rules.schemes import derive

RADIUS = 31
_NO_LEVELS: Mapping[str, str] = MappingProxyType({})
_AT_ONCE = 800


def known(
    hashes: Iterable[Hash],
    *,
    radius: int = RADIUS,
    banks: Collection[str] | None = None,
    states: Collection[str] = COUNTING,
) -> list[Known]:
    """Look one file up by all its hashes; returns one row per record, the same file first, then the nearest."""
    return known_many([tuple(hashes)], radius=radius, banks=banks, states=states)[0]


def known_many(
    items: Sequence[Sequence[Hash]],
    *,
    radius: int = RADIUS,
    banks: Collection[str] | None = None,
    states: Collection[str] = COUNTING,
) -> list[list[Known]]:
    """Look many files up at once; returns a list of rows for each, in order.

    What is further from a file than the nearest harmless record is left out. `banks`: only records in one of these,
    though harmless ones are returned whatever their bank; `states`: which records count.
    """
    now = datetime.now(UTC)
    found: list[dict[int, _Match]] = [{} for _ in items]
    for one in (
        *_equal(items),
        *(_alike(items, radius) if radius >= 0 else ()),
        *(_near(items, radius) if radius >= 0 else ()),
    ):
        found[one.place].setdefault(one.record_id, _Match()).take(one)
    wanted = {record_id for matches in found for record_id in matches}
    if not wanted:
        return [[] for _ in items]
    _tell_files_apart(items, found)
    doubted = _doubted({hash_id for matches in found for match in matches.values() for hash_id in match.alike})
    open_banks = [
        row for row in Bank.objects.filter(hotline_id=hotline_here()).order_by("number") if not _is_paused(row, now)
    ]
    about = _records(wanted, states, open_banks, banks)
    return [
        _ordered([row for key, match in matches.items() if key in about and (row := about[key].row(match, doubted))])
        for matches in found
    ]


def _is_paused(bank: Bank, now: datetime) -> bool:
    return bank.paused_until is not None and bank.paused_until > now


def _doubted(hash_ids: Collection[int]) -> set[int]:
    """Return those of these hashes that wait for a person and whose answers mention the doubt."""
    if not hash_ids:
        return set()
    rows = Quarantine.objects.filter(hotline_id=hotline_here(), settled_at__isnull=True, is_noted=True)
    return set(rows.filter(hash_id__in=among(hash_ids)).values_list("hash_id", flat=True))


class _HashMatch(NamedTuple):
    """A hash of the bank that a file matches: the file's position, the hash, its record and the distance.

    `is_dull`: one of the two pictures has little detail.
    """

    place: int
    hash_id: int
    record_id: int
    kind: str
    distance: int
    is_dull: bool = False


class _Match:
    """How one file and one record match. `differs`: a digest of the file is not the record's."""

    def __init__(self) -> None:
        self.kinds: dict[str, int] = {}
        self.hash_ids: set[int] = set()
        self.dull: set[int] = set()
        self.differs = False

    @property
    def equal(self) -> tuple[str, ...]:
        """The kinds of equal digests."""
        return tuple(kind for kind in self.kinds if KINDS[kind].is_exact)

    @property
    def alike(self) -> set[int]:
        """The hashes by which a record looks like the file, where none proves it the same."""
        return set() if self.equal else self.hash_ids

    def take(self, found: _HashMatch) -> None:
        self.kinds[found.kind] = min(found.distance, self.kinds.get(found.kind, found.distance))
        self.hash_ids.add(found.hash_id)
        if found.is_dull:
            self.dull.add(found.hash_id)


def _equal(items: Sequence[Sequence[Hash]]) -> Iterator[_HashMatch]:
    """Yield every hash of the bank that is equal to a queried one."""
    places_by_kind: dict[str, dict[bytes, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, hashes in enumerate(items):
        for one in hashes:
            if one.kind not in LIKENESS and is_usable(one):
                places_by_kind[one.kind][one.value].append(place)
    rows = RecordHash.objects.filter(hotline_id=hotline_here(), aside=False)
    for kind, places in places_by_kind.items():
        equal = rows.filter(key__in=among(map(key_of, places)), kind=KINDS[kind].number)
        for hash_id, record_id, value in equal.values_list("id", "record_id", "value"):
            for place in places.get(bytes(value), ()):
                yield _HashMatch(place, hash_id, record_id, kind, 0)


def _tell_files_apart(items: Sequence[Sequence[Hash]], found: Sequence[Mapping[int, _Match]]) -> None:
    """Mark matches by an equal digest where another digest of the file is not the record's: one of them is of another
    file, whoever says that they belong together.
    """
    digests = [{one.kind: one.value for one in hashes if one.kind in DIGESTS} for hashes in items]
    record_ids = {
        record_id
        for mine, matches in zip(digests, found, strict=True)
        for record_id, match in matches.items()
        if match.equal and mine.keys() - match.equal
    }
    if not record_ids:
        return
    there: dict[int, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    rows = RecordHash.objects.filter(hotline_id=hotline_here(), record_id__in=among(record_ids), aside=False)
    for record_id, kind, value in rows.values_list("record_id", "kind", "value"):
        there[record_id][KIND_NAMES[kind]].add(bytes(value))
    for mine, matches in zip(digests, found, strict=True):
        for record_id, match in matches.items():
            match.differs = bool(match.equal) and any(
                value not in there[record_id].get(kind, {value}) for kind, value in mine.items()
            )


def _alike(items: Sequence[Sequence[Hash]], radius: int) -> Iterator[_HashMatch]:
    """Yield every picture hash within the radius, or within 8 bits where one of the two pictures has little detail."""
    likeness = [(place, one) for place, hashes in enumerate(items) for one in hashes if one.kind in LIKENESS]
    detailed = [(place, one.value) for place, one in likeness if is_usable(one)]
    dull = [(place, one.value) for place, one in likeness if is_dull(one)]
    for wanted, reach, is_wanted_dull in ((detailed, radius, False), (dull, min(radius, DULL_BITS), True)):
        if wanted:
            for found in _within(wanted, reach):
                if is_wanted_dull:
                    yield found._replace(is_dull=True)
                elif not found.is_dull or found.distance <= DULL_BITS:
                    yield found


def _within(wanted: Sequence[tuple[int, bytes]], radius: int) -> Iterator[_HashMatch]:
    """Yield every picture hash within the radius of one of these (position of the file, code)."""
    codes = np.frombuffer(b"".join(value for _, value in wanted), np.uint8).reshape(-1, CODE_BYTES)
    hits = list(index_here().search(codes, radius))
    about: dict[int, tuple[int, int, int | None]] = {}
    for ids in batched({hit.id for hit in hits}, _AT_ONCE):
        rows = by_number(RecordHash, ids).filter(aside=False).values_list("id", "record_id", "kind", "quality")
        about |= {hash_id: (record_id, kind, quality) for hash_id, record_id, kind, quality in rows}
    for hit in hits:
        if hit.id in about:
            record_id, kind, quality = about[hit.id]
            is_dull_there = quality is not None and quality < LEAST_QUALITY
            yield _HashMatch(wanted[hit.query][0], hit.id, record_id, KIND_NAMES[kind], hit.distance, is_dull_there)


def _near(items: Sequence[Sequence[Hash]], radius: int) -> Iterator[_HashMatch]:
    """Yield every licensed hash that its adapter calls near; the distance is converted to bits."""
    plugged = hashers()
    for kind, hasher in plugged.items():
        wanted = [(place, one.value) for place, hashes in enumerate(items) for one in hashes if one.kind == kind]
        hits = list(near_by_own_distance(hasher, wanted, radius)) if wanted else []
        about: dict[int, tuple[int, bytes]] = {}
        for ids in batched({hit.hash_id for hit in hits}, _AT_ONCE):
            rows = by_number(RecordHash, ids).filter(aside=False).values_list("id", "record_id", "value")
            about |= {hash_id: (record_id, bytes(value)) for hash_id, record_id, value in rows}
        for hit in hits:
            if about.get(hit.hash_id, (0, b""))[1] == hit.code:
                yield _HashMatch(hit.place, hit.hash_id, about[hit.hash_id][0], kind, hit.as_bits)


class _About:
    """A stored record, before it is combined with how it was matched. `is_contested`: a vote of this hotline against it
    waits for a second person, so it decides nothing.
    """

    __slots__ = ("banks", "columns", "is_contested", "labels", "levels", "outcome", "says", "standing")

    def __init__(
        self,
        columns: tuple[Any, ...],
        banks: Sequence[Bank],
        sourced_votes: Sequence[SourcedVote],
        ruling: Ruling | None,
        outcome: str,
        *,
        is_contested: bool,
    ) -> None:
        self.columns, self.banks, self.outcome = columns, banks, outcome
        self.is_contested = is_contested
        self.standing = standing([one.vote for one in sourced_votes], ruling)
        self.levels = (
            _levels(json.dumps(dict(self.standing.facts), sort_keys=True)) if self.standing.facts else _NO_LEVELS
        )
        verdicts = Counter(
            verdict for _source, verdict in {(one.vote.source, one.vote.verdict) for one in sourced_votes}
        )
        self.says = dict(sorted(verdicts.items()))
        self.labels = tuple(sorted({f"{one.by}: {one.label}" for one in sourced_votes if one.label}))

    def row(self, match: _Match, doubted: set[int]) -> Known | None:
        """Return the row for this match; None where it is beyond the radius of the record's banks, or of no meaning."""
        number, _state, media, series, victim, offender, first_seen, last_seen = self.columns
        given = self.standing
        equal, kinds = match.equal, match.kinds
        if match.differs:
            equal = ()
            if (
                given.state == HARMLESS_STATE
            ):  # nobody called this file harmless: it counts only as far as it looks alike
                kinds = {kind: bits for kind, bits in kinds.items() if not KINDS[kind].is_exact}
        if not kinds or min(kinds.values()) > max(bank.radius for bank in self.banks):
            return None
        distance = min(kinds.values())
        return Known(
            record_id=number,
            match=match_word(given.state, is_equal=bool(equal)),
            distance_bits=distance,
            kinds=equal or tuple(kinds),
            hash_ids=tuple(sorted(match.hash_ids)),
            bank=self.banks[0].name,
            banks=tuple(bank.name for bank in self.banks),
            is_harmless=given.state == HARMLESS_STATE,
            is_same_file=bool(equal),
            state=given.state,
            is_baseline=given.is_baseline,
            media=media,
            facts=given.facts,
            classification=self.levels,
            labels=self.labels,
            series=series,
            victim_status=victim,
            offender_status=offender,
            outcome=self.outcome,
            first_seen=first_seen,
            last_seen=last_seen,
            may_decide=not self.is_contested and may_decide_unseen(given, equal),
            note=note_on(
                given.state,
                is_doubted=not equal and match.hash_ids <= doubted,
                is_dull=not equal and match.hash_ids <= match.dull,
                is_mixed=match.differs,
                is_unconfirmed=given.is_unconfirmed,
            ),
            says=self.says,
        )


_RECORD_COLUMNS = (
    "id", "state", "media", "series", "victim_status", "offender_status", "first_seen", "last_seen",
)  # fmt: skip


def _records(
    ids: set[int], states: Collection[str], open_banks: Sequence[Bank], names: Collection[str] | None
) -> dict[int, _About]:
    """Read records as plain columns: a seizure asks for a thousand records at a time, a thousand times."""
    votes, banks_of = sourced_votes_of(ids), _banks_of(ids, open_banks)
    rulings = rulings_of({number: [one.vote for one in given] for number, given in votes.items()})
    open_votes = numbered(VoteChange, hotline_here()).filter(record_id__in=among(ids), answered_at__isnull=True)
    contested = set(open_votes.values_list("record_id", flat=True))
    cases = Investigation.objects.filter(hotline_id=hotline_here(), restricted=False)
    outcomes = (
        dict(cases.filter(record_id__in=among(ids)).order_by("at").values_list("record_id", "outcome"))
        if cases.exists()
        else {}
    )
    found: dict[int, _About] = {}
    for columns in by_number(Record, ids).filter(state__in=states).values_list(*_RECORD_COLUMNS):
        number = columns[0]
        mine = banks_of[number]
        if names is not None and columns[1] != HARMLESS_STATE:
            mine = [bank for bank in mine if bank.name in names]
        if mine:
            found[number] = _About(
                columns,
                mine,
                votes[number],
                rulings.get(number),
                outcomes.get(number, ""),
                is_contested=number in contested,
            )
    return found


def _banks_of(ids: Collection[int], open_banks: Sequence[Bank]) -> dict[int, list[Bank]]:
    """Return the banks of each record that are not paused, by number."""
    places = {bank.pk: place for place, bank in enumerate(open_banks)}
    members: dict[int, list[int]] = defaultdict(list)
    for record_id, bank_id in Membership.objects.filter(record_id__in=among(ids)).values_list("record_id", "bank_id"):
        if bank_id in places:
            members[record_id].append(places[bank_id])
    return defaultdict(
        list, {number: [open_banks[place] for place in sorted(found)] for number, found in members.items()}
    )


@lru_cache(maxsize=4096)
def _levels(facts: str) -> Mapping[str, str]:
    """Return the level on every scheme; cached, because many records have the same facts and deriving is expensive."""
    return MappingProxyType(classification_of(json.loads(facts)))


def _ordered(rows: list[Known]) -> list[Known]:
    """Sort the rows, strongest first, and drop those further off than the nearest harmless record.

    A file that equals both a harmless and an illegal record is a conflict, whichever of its hashes the two records
    hold.
    """
    same = [row for row in rows if row.is_same_file]
    if any(row.is_harmless for row in same) and any(row.state in ILLEGAL_STATES for row in same):
        note = note_on(CONFLICT, is_doubted=False)
        rows = [replace(row, match=CONFLICT, may_decide=False, note=note) if row.is_same_file else row for row in rows]
    nearest_harmless = min((row.distance_bits for row in rows if row.is_harmless), default=None)
    if nearest_harmless is not None:
        rows = [row for row in rows if row.is_same_file or row.distance_bits <= nearest_harmless]
        if not all(row.is_harmless for row in rows):
            rows = [row for row in rows if row.is_same_file or not row.is_harmless]
    return sorted(rows, key=lambda row: (row.is_harmless, not row.is_same_file, row.distance_bits, row.record_id))


def classification_of(facts: Any) -> dict[str, str]:
    """Return scheme -> level, derived from a record's facts; undetermined schemes are left out."""
    if not facts:
        return {}
    levels = derive(parse_facts(facts))
    return {scheme: level for scheme, level in levels.items() if level != "undetermined"}
