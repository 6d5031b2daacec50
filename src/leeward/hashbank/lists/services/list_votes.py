"""Turn the entries of one sender's list into votes, independent of the order in which they arrive."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import batched
from typing import Any

from leeward.hashbank.formats import Entry
from leeward.hashbank.lists.services.bulk import as_json, kept_moment
from leeward.hashbank.models import Source, Vote
from leeward.hashbank.numbers import among
from leeward.hashbank.records.services.voting import name_key, source_named
from leeward.hashbank.rules.categories import KEPT_HERE, STRICTER
from leeward.hashbank.rules.standing import combined, moment_before
from leeward.hashbank.scene import hotline_here

_AT_ONCE = 800
_ABOUT = "+"
"""Prefix to the list's number of an entry, for the votes of others within it: they are withdrawn with the entry."""


@dataclass(frozen=True, slots=True)
class ListedVote:
    """What a source says about a record through one list. `facts` is JSON text."""

    source_id: int
    via_id: int
    verdict: str
    label: str
    facts: str
    share: str
    foreign_id: str
    at: datetime

    def row(self, record_id: int) -> tuple[Any, ...]:
        """Return the vote as VOTE_COLUMNS."""
        moment = kept_moment(self.at)
        who = (record_id, self.source_id, self.via_id)
        return (*who, self.verdict, self.label, self.facts, self.share, self.foreign_id, moment)

    def columns(self, import_id: int) -> tuple[Any, ...]:
        """Return the vote as the columns that `vote_of` reads."""
        return (self.source_id, self.via_id, self.verdict, self.facts, self.at, import_id)


@dataclass(frozen=True, slots=True)
class _Before:
    """An existing vote, and when it was withdrawn."""

    vote: ListedVote
    withdrawn_at: datetime | None


type There = Mapping[tuple[int, int], _Before]


def is_newer(voted_at: datetime, withdrawn_at: datetime, now: datetime) -> bool:
    """Return whether a vote was cast after a withdrawal and so outlives it. A vote dated later than now was dated by a
    clock that was ahead: nobody knows when it was cast, and the withdrawal counts.
    """
    return withdrawn_at < voted_at <= now


class ListVotes:
    """The sources of one list, by name. Use it within a bank transaction unless `is_dry`."""

    def __init__(
        self, sender: str, *, facts: Mapping[str, Any], verdict: str, now: datetime, is_dry: bool = False
    ) -> None:
        self._sender, self._facts, self._verdict, self._now, self._is_dry = sender, facts, verdict, now, is_dry
        self._numbers: dict[str, int] = {}

    def moment(self, entry: Entry) -> datetime:
        """Return when an entry was made according to the list, but never later than now."""
        return self._now if entry.at is None else min(entry.at, self._now)

    def votes_from(self, entries: Iterable[Entry]) -> list[ListedVote]:
        """Return the votes in the entries of one record, one per source; a source that says two things at once
        disputes.
        """
        found: dict[int, ListedVote] = {}
        for entry in entries:
            for one in self._votes_in(entry):
                before = found.get(one.source_id)
                found[one.source_id] = one if before is None else _later(before, one)
        return list(found.values())

    def changed(self, there: There, entries: Iterable[Entry]) -> list[tuple[ListedVote, bool]]:
        """Return the votes that must be written, each with whether it says anything new beyond its time.

        What the same source said or withdrew later is kept.
        """
        changes = []
        for one in self.votes_from(entries):
            before = there.get((one.source_id, one.via_id))
            if before is None:
                changes.append((one, True))
            elif before.withdrawn_at is not None:
                changes += [(one, True)] if one.at > before.withdrawn_at else []
            else:
                after = _later(before.vote, one)
                is_new = replace(after, at=before.vote.at) != before.vote
                if is_new or (after.at != before.vote.at and one.at != self._now):
                    changes.append((after, is_new))
        return changes

    def is_tightened(self, there: There, entry: Entry) -> bool:
        """Return whether this entry stops something from being passed on that the list allowed before."""
        key = (self._number(entry.source or self._sender), self._number(self._sender))
        before = there.get(key)
        return (
            entry.share in KEPT_HERE
            and before is not None
            and before.vote.share not in KEPT_HERE
            and before.vote.at <= self.moment(entry)
        )

    def there(self, record_ids: Sequence[int]) -> dict[int, dict[tuple[int, int], _Before]]:
        """Return the existing votes on these records from lists of this sender."""
        found: dict[int, dict[tuple[int, int], _Before]] = defaultdict(dict)
        rows = Vote.objects.filter(record_id__in=among(record_ids), via_id=self._number(self._sender))
        names = (
            "record_id",
            "source_id",
            "via_id",
            "verdict",
            "label",
            "facts",
            "share",
            "foreign_id",
            "at",
            "withdrawn_at",
        )
        for record_id, source, via, verdict, label, facts, share, foreign, at, gone_at in rows.values_list(*names):
            when = moment_before(at, self._now)
            vote = ListedVote(source, via, verdict, label, as_json(facts), share, foreign, when)
            found[record_id][source, via] = _Before(vote, gone_at and moment_before(gone_at, self._now))
        return found

    def withdrawn_by(self, entries: Iterable[Entry]) -> dict[tuple[int, int], datetime]:
        """Return the votes that entries withdraw, as (vote, record) with the time; newer votes stay.

        The votes of others within a withdrawn entry are withdrawn with it.
        """
        via = self._number(self._sender)
        wanted: dict[tuple[int, str], datetime] = {}
        for entry in entries:
            if entry.foreign_id:
                key = (self._number(entry.source or self._sender), entry.foreign_id)
                wanted[key] = max(self.moment(entry), wanted.get(key, datetime.min.replace(tzinfo=UTC)))
        found: dict[tuple[int, int], datetime] = {}
        going: dict[tuple[int, str], datetime] = {}
        for some in batched(sorted({foreign for _source, foreign in wanted}), _AT_ONCE):
            for number, record_id, source, foreign, at in self._standing_votes(via, some):
                moment = wanted.get((source, foreign))
                if moment is not None and not is_newer(at, moment, self._now):
                    found[number, record_id] = going[record_id, _about(foreign)] = moment
        return found | self._votes_about(via, going)

    def _votes_about(self, via: int, going: Mapping[tuple[int, str], datetime]) -> dict[tuple[int, int], datetime]:
        """Return the votes of others within withdrawn entries, as (vote, record) with the time."""
        found: dict[tuple[int, int], datetime] = {}
        for some in batched(sorted({foreign for _record, foreign in going}), _AT_ONCE):
            for number, record_id, _source, foreign, at in self._standing_votes(via, some):
                moment = going.get((record_id, foreign))
                if moment is not None and not is_newer(at, moment, self._now):
                    found[number, record_id] = moment
        return found

    @staticmethod
    def _standing_votes(via: int, foreign_ids: Sequence[str]) -> Iterator[tuple[int, int, int, str, datetime]]:
        """Yield the votes of this list under these numbers that are not withdrawn."""
        rows = Vote.objects.filter(hotline_id=hotline_here(), foreign_id__in=foreign_ids, via_id=via, withdrawn_at=None)
        yield from rows.values_list("id", "record_id", "source_id", "foreign_id", "at")

    def left_out(self, found: Iterable[tuple[Entry, int]]) -> dict[tuple[int, int], datetime]:
        """Return this list's votes on records that its entries are about but no longer vote on, as (vote, record) with
        the time.
        """
        via = self._number(self._sender)
        wanted = {
            (record_id, self._number(entry.source or self._sender)): self.moment(entry) for entry, record_id in found
        }
        behind: dict[tuple[int, int], datetime] = {}
        going: dict[tuple[int, str], datetime] = {}
        for some in batched(sorted({record_id for record_id, _source in wanted}), _AT_ONCE):
            votes = Vote.objects.filter(record_id__in=among(some), via_id=via, withdrawn_at=None)
            columns = votes.values_list("id", "record_id", "source_id", "foreign_id", "at")
            for number, record_id, source, foreign, at in columns:
                moment = wanted.get((record_id, source))
                if moment is not None and not is_newer(at, moment, self._now):
                    behind[number, record_id] = going[record_id, _about(foreign)] = moment
        return behind | self._votes_about(via, going)

    def _votes_in(self, entry: Entry) -> list[ListedVote]:
        """Return the votes in an entry, one for each source."""
        via = self._number(self._sender)
        at = self.moment(entry)
        words = []
        if entry.verdict or not entry.votes:
            facts = as_json(entry.facts or self._facts)
            source = self._number(entry.source or self._sender)
            verdict = entry.verdict or self._verdict
            words.append(
                ListedVote(source, via, verdict, entry.label[:40], facts, entry.share, entry.foreign_id[:60], at)
            )
        for name, verdict in entry.votes:
            about = _about(entry.foreign_id)
            words.append(ListedVote(self._number(name), via, verdict, "", "{}", entry.share, about, at))
        return words

    def _number(self, name: str) -> int:
        key = name_key(name)
        if key not in self._numbers:
            self._numbers[key] = self._there(key) if self._is_dry else source_named(name)
        return self._numbers[key]

    def _there(self, key: str) -> int:
        """Return the id of a source; for one that the import would create, a negative number of its own."""
        row = Source.objects.filter(hotline_id=hotline_here(), name_key=key).values_list("id", flat=True).first()
        return row or -1 - len(self._numbers)


def _about(foreign_id: str) -> str:
    """Return the id under which the votes of others within this entry are kept."""
    return f"{_ABOUT}{foreign_id}"[:60]


def _later(before: ListedVote, after: ListedVote) -> ListedVote:
    """Combine two votes of a source: the newer one, or a dispute where they are of the same time and differ.

    The result does not depend on their order. A source with an entry of its own keeps its own number for it, by which
    it can withdraw the vote.
    """
    if before.at != after.at:
        last = max(before, after, key=lambda one: one.at)
        own = [one.foreign_id for one in (before, after) if not one.foreign_id.startswith(_ABOUT)]
        return replace(last, foreign_id=own[0]) if len(own) == 1 else last
    _at, verdict = combined((0, before.verdict), (0, after.verdict))
    last = max(before, after, key=_order)
    last = replace(last, share=max(before.share, after.share, key=STRICTER.index))
    return last if last.verdict == verdict else replace(last, verdict=verdict, facts="{}")


def _order(one: ListedVote) -> tuple[bool, str, str, str, str]:
    """A sort key for votes of the same time that does not depend on which came first."""
    return not one.foreign_id.startswith(_ABOUT), one.facts, one.label, one.foreign_id, one.verdict
