"""Process a batch of a list's entries: which are new, which belong to existing records, and what follows for those."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched
from operator import itemgetter
from typing import Any, Self

from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.errors import ImportTakesTwo
from leeward.hashbank.formats import Broken, Entry
from leeward.hashbank.lists.services.bulk import (
    as_json,
    insert_hashes,
    insert_memberships,
    insert_records,
    insert_votes,
    kept_moment,
    reserve_ids,
)
from leeward.hashbank.lists.services.effects import HASHES, LOOK_ALIKES, SHARING, UNITED, Effects, effects_of
from leeward.hashbank.lists.services.list_votes import ListedVote, ListVotes
from leeward.hashbank.lists.services.sorting import EXACT, New, Sorter, identifying, usable_of
from leeward.hashbank.models import IndexChange, Record, RecordHash, Vote
from leeward.hashbank.numbers import among, by_number
from leeward.hashbank.records.services.settling import follow_votes
from leeward.hashbank.records.services.uniting import Print, unite
from leeward.hashbank.records.votes import source_facts, vote_of
from leeward.hashbank.rules.categories import KEPT_HERE
from leeward.hashbank.rules.kinds import KIND_NAMES, KINDS, LIKENESS, Hash, key_of
from leeward.hashbank.rules.standing import CONFIRM, HARMLESS, standing
from leeward.hashbank.scene import hashes_changed, hotline_here

_AT_ONCE = 800
_LIKENESS = frozenset(KINDS[name].number for name in LIKENESS)


@dataclass(slots=True)
class _Marks:
    """Existing hashes that may be passed on from now on, and those that no longer may."""

    shared: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)
    records: set[int] = field(default_factory=set)

    def share(self, record_id: int, hash_ids: Iterable[int]) -> None:
        """Allow these hashes to be passed on, which were kept here."""
        if numbers := set(hash_ids):
            self.shared |= numbers
            self.records.add(record_id)

    def keep(self, record_id: int, hash_ids: Iterable[int]) -> None:
        """Stop passing these hashes on."""
        self.kept.update(hash_ids)
        self.records.add(record_id)

    def write(self) -> None:
        """Write the changes. A hash may be passed on if anybody who brought it allows that."""
        for numbers, is_kept in ((self.shared, False), (self.kept - self.shared, True)):
            if numbers:
                RecordHash.objects.filter(id__in=among(numbers)).update(kept_here=is_kept)


@dataclass(slots=True)
class _Joined:
    """What entries add to records that are there: hashes (with whether they are kept here), votes by record, and the
    records to which the votes are news.
    """

    missing: dict[tuple[int, Print], tuple[Hash, bool]] = field(default_factory=dict)
    marks: _Marks = field(default_factory=_Marks)
    votes: dict[int, list[ListedVote]] = field(default_factory=dict)
    revoted: set[int] = field(default_factory=set)

    @property
    def gaining(self) -> set[int]:
        """The records that gain hashes."""
        return {record_id for record_id, _print in self.missing}


class Batch:
    """Entries of one source that are written together; `is_dry` only counts. Use it within a bank transaction.

    `is_strict`: for somebody who may add votes but change nothing alone. `effects`: what the entries do to records that
    were there before this import; counted if `is_dry` or `is_strict`.
    """

    def __init__(
        self,
        *,
        source: str,
        bank_id: int,
        revision: int,
        import_id: int,
        facts: Mapping[str, Any],
        verdict: str = CONFIRM,
        is_dry: bool = False,
        is_strict: bool = False,
    ) -> None:
        self._bank, self._revision, self._import = bank_id, revision, import_id
        self._is_dry, self._is_strict, self._verdict = is_dry, is_strict, verdict
        self._now = datetime.now(UTC)
        self._votes = ListVotes(source, facts=facts, verdict=verdict, now=self._now, is_dry=is_dry)
        self.added = self.joined = self.withdrawn = 0
        self.refused: list[Broken] = []
        self.effects = Effects()

    def take(self, entries: Sequence[Entry]) -> Self:
        """Write (or count) the entries; return the counts of this batch.

        Raises ImportTakesTwo where a strict batch would do more than add; then the transaction has to be rolled back.
        """
        self.added = self.joined = self.withdrawn = 0
        self.refused, self.effects = [], Effects()
        usable = [(entry, usable_of(entry)) for entry in entries if not entry.gone]
        left = [(entry, usable_of(entry)) for entry in entries if entry.gone and entry.hashes and not entry.foreign_id]
        there = _there(prints for _entry, prints in (*usable, *left))
        sorter = Sorter((prints for _entry, prints in usable), there, unite=self._unite)
        for entry, prints in usable:
            sorter.take(entry, prints)
        self.refused += sorter.refused
        self.added, self.joined = len(sorter.fresh), sorter.joined
        gone = [entry for entry in entries if entry.gone and entry.foreign_id]
        matched = [(entry, there[one]) for entry, prints in left for one in identifying(prints) if one in there]
        if self._is_dry or self._is_strict:
            self.effects.note_new(LOOK_ALIKES, sum(map(self._lets_pass, sorter.fresh)))
        if not self._is_dry:
            self._add(sorter.fresh)
        self._join(sorter.joining)
        self._withdraw(self._votes.withdrawn_by(gone) | self._votes.left_out(matched))
        if self._is_strict and (self.withdrawn or self.effects.counts):
            raise ImportTakesTwo
        return self

    def _lets_pass(self, new: New) -> bool:
        """Return whether anybody calls a new record harmless."""
        verdicts = {one.verdict or self._verdict for one in new.entries}
        return HARMLESS in verdicts or any(verdict == HARMLESS for one in new.entries for _name, verdict in one.votes)

    def _unite(self, record_ids: Collection[int]) -> int:
        self._note(UNITED, record_ids)
        return min(record_ids) if self._is_dry else unite(record_ids, revision=self._revision)

    def _note(self, effect: str, record_ids: Iterable[int]) -> None:
        """Count an effect on records, but not on those that this import itself brought."""
        ids = set(record_ids)
        if self._import and ids:
            ids -= set(by_number(Record, ids).filter(brought_by=self._import).values_list("id", flat=True))
        self.effects.note(effect, sorted(ids))

    def _note_all(self, cast: Mapping[int, list[ListedVote]], leaving: Mapping[int, set[int]]) -> None:
        if (self._is_dry or self._is_strict) and (cast or leaving):
            for effect, record_ids in effects_of(cast, leaving).items():
                self._note(effect, record_ids)

    def _add(self, fresh: list[New]) -> None:
        if not fresh:
            return
        numbers = list(reserve_ids(Record, len(fresh)))
        records: list[tuple[Any, ...]] = []
        hashes: list[tuple[Any, ...]] = []
        votes: list[tuple[Any, ...]] = []
        new_votes = [self._votes.votes_from(new.entries) for new in fresh]
        sources = source_facts()
        for number, new, words in zip(numbers, fresh, new_votes, strict=True):
            entry = new.entries[0]
            at = kept_moment(min(self._votes.moment(one) for one in new.entries))
            follows = standing([vote_of(one.columns(self._import), sources) for one in words])
            records.append(
                (
                    number,
                    entry.media or "image",
                    follows.state,
                    follows.is_baseline,
                    as_json(follows.facts),
                    entry.series[:120],
                    entry.victim_status or "unknown",
                    entry.offender_status or "unknown",
                    at,
                    at,
                )
            )
            votes.extend(one.row(number) for one in words)
            for (kind, value), one in new.prints.items():
                is_kept = (kind, value) not in new.shared
                hashes.append((number, kind, key_of(value), value, one.quality, one.second, is_kept))
        hashes.sort(key=itemgetter(2))  # in index order, so that each page is written once
        hash_numbers = reserve_ids(RecordHash, len(hashes))
        insert_records(records, revision=self._revision, brought_by=self._import)
        insert_memberships(numbers, bank_id=self._bank, brought_by=self._import)
        insert_hashes((own, *row) for own, row in zip(hash_numbers, hashes, strict=True))
        insert_votes(votes, brought_by=self._import, is_first=True)
        if any(row[1] in _LIKENESS for row in hashes):
            IndexChange.objects.create(hotline_id=hotline_here(), first=hash_numbers[0], last=hash_numbers[-1])

    def _join(self, joining: Mapping[int, list[tuple[Entry, dict[Print, Hash]]]]) -> None:
        for ids in batched(joining, _AT_ONCE):
            found = self._joined(ids, joining)
            if self._is_dry or self._is_strict:
                self._note(HASHES, found.gaining)
                self._note(SHARING, found.marks.records)
                self._note_all({number: words for number, words in found.votes.items() if number in found.revoted}, {})
            if not self._is_dry:
                self._write(ids, found)

    def _joined(self, ids: Sequence[int], joining: Mapping[int, list[tuple[Entry, dict[Print, Hash]]]]) -> _Joined:
        """Return what the entries about these records add to them, and refuse those that are about another file."""
        (there, kept), existing = _hashes_of(ids), self._votes.there(ids)
        found = _Joined()
        missing, marks = found.missing, found.marks
        for record_id in ids:
            good: list[Entry] = []
            for entry, prints in joining[record_id]:
                if differs := _differs(there[record_id], prints):
                    self.joined -= 1
                    why = _(
                        "its %(kind)s is not that of record %(record)s, though another hash is equal",
                        kind=differs,
                        record=record_id,
                    )
                    self.refused.append(Broken(entry.place, why))
                    continue
                is_kept = entry.share in KEPT_HERE
                mine = there[record_id]
                for key, one in prints.items():
                    if key not in mine:
                        mine[key] = 0
                        missing[record_id, key] = (one, is_kept)
                    elif missing and (record_id, key) in missing:
                        missing[record_id, key] = (one, is_kept and missing[record_id, key][1])
                if is_kept and self._votes.is_tightened(existing[record_id], entry):
                    marks.keep(record_id, (mine[key] for key in prints))
                elif not is_kept and record_id in kept:
                    marks.share(record_id, kept[record_id].intersection(mine[key] for key in prints))
                good.append(entry)
            if good:
                words = self._votes.changed(existing[record_id], good)
                found.votes[record_id] = [one for one, _is_new in words]
                found.revoted |= {record_id} if any(is_new for _one, is_new in words) else set()
        return found

    def _write(self, ids: Sequence[int], found: _Joined) -> None:
        numbers = reserve_ids(RecordHash, len(found.missing)) if found.missing else []
        added = [
            _hash_row(number, record_id, *one)
            for number, ((record_id, _key), one) in zip(numbers, found.missing.items(), strict=True)
        ]
        insert_hashes(added)
        found.marks.write()
        votes = [one.row(record_id) for record_id, words in found.votes.items() for one in words]
        insert_votes(votes, brought_by=self._import, is_first=False)
        moved = insert_memberships(ids, bank_id=self._bank, brought_by=self._import)
        hashes_changed([row[0] for row in added if row[2] in _LIKENESS] + _likeness_of(moved))
        changed = found.revoted | found.marks.records | found.gaining | set(moved)
        follow_votes(changed, revision=self._revision, now=self._now)

    def _withdraw(self, behind: Mapping[tuple[int, int], datetime]) -> None:
        self.withdrawn = len(behind)
        leaving: dict[int, set[int]] = defaultdict(set)
        for vote_id, record_id in behind:
            leaving[record_id].add(vote_id)
        self._note_all({}, leaving)
        if self._is_dry:
            return
        for at in sorted(set(behind.values())):
            Vote.objects.filter(id__in=[vote_id for (vote_id, _), when in behind.items() if when == at]).update(
                withdrawn_at=at
            )
        follow_votes({record_id for _, record_id in behind}, revision=self._revision, now=self._now)


def _likeness_of(record_ids: Sequence[int]) -> list[int]:
    if not record_ids:
        return []
    rows = RecordHash.objects.filter(record_id__in=among(record_ids), kind__in=_LIKENESS)
    return list(rows.values_list("id", flat=True))


def _hashes_of(ids: Iterable[int]) -> tuple[dict[int, dict[Print, int]], dict[int, set[int]]]:
    """Return the hashes of records with their ids, and the ids of those that must not be passed on."""
    there: dict[int, dict[Print, int]] = defaultdict(dict)
    kept: dict[int, set[int]] = defaultdict(set)
    rows = RecordHash.objects.filter(record_id__in=ids).values_list("record_id", "kind", "value", "id", "kept_here")
    for record_id, kind, value, number, is_kept in rows:
        there[record_id][kind, bytes(value)] = number
        if is_kept:
            kept[record_id].add(number)
    return there, kept


def _hash_row(number: int, record_id: int, one: Hash, is_kept: bool) -> tuple[Any, ...]:  # noqa: FBT001 - a column
    kind, key = KINDS[one.kind].number, key_of(one.value)
    return (number, record_id, kind, key, one.value, one.quality, one.second, is_kept)


def _differs(there: Iterable[Print], prints: Mapping[Print, Hash]) -> str:
    """Return the kind of hash that shows these to be two different files, or ""."""
    kinds = {kind: value for kind, value in there if KINDS[KIND_NAMES[kind]].is_exact}
    for kind, value in prints:
        if kinds.get(kind, value) != value:
            return KIND_NAMES[kind]
    return ""


def _there(entries: Iterable[Mapping[Print, Hash]]) -> dict[Print, int]:
    """Return the record of every hash that the bank holds: digests, and picture hashes of entries without a digest. Of
    several with a digest, the newest was added by somebody who had the file.
    """
    if not RecordHash.objects.filter(hotline_id=hotline_here()).exists():
        return {}
    prints_wanted: set[Print] = set()
    for prints in entries:
        prints_wanted.update(identifying(prints))
    keys = among(key_of(value) for _record, value in prints_wanted)
    rows = RecordHash.objects.filter(hotline_id=hotline_here(), key__in=keys)
    found: dict[Print, int] = {}
    for kind, value, record_id in rows.values_list("kind", "value", "record_id"):
        one = (kind, bytes(value))
        if one in prints_wanted:
            found[one] = max(record_id, found.get(one, 0))
    return _without_digests(found)


def _without_digests(found: dict[Print, int]) -> dict[Print, int]:
    """Drop records that have digests but were matched only by a picture hash: another file may look the same."""
    alike = {record_id for (kind, _value), record_id in found.items() if kind not in EXACT}
    with_digests: set[int] = set()
    for some in batched(alike, _AT_ONCE):
        rows = RecordHash.objects.filter(record_id__in=some, kind__in=EXACT)
        with_digests |= set(rows.values_list("record_id", flat=True))
    return {one: number for one, number in found.items() if one[0] in EXACT or number not in with_digests}
