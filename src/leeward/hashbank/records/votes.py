"""Votes in the form that the rules use: sources after merging, rulings, and the resulting standing of each record."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from leeward.hashbank.models import Ruling as RulingRow
from leeward.hashbank.models import Source
from leeward.hashbank.models import Vote as VoteRow
from leeward.hashbank.numbers import among
from leeward.hashbank.rules.standing import Ruling, Standing, Vote, standing
from leeward.hashbank.scene import hotline_here

_COLUMNS = ("record_id", "source_id", "via_id", "verdict", "facts_text", "at", "brought_by", "label", "share")


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source by id: its name, and the source it was merged into."""

    id: int
    name: str
    root: int
    is_ours: bool
    vouches: bool


def source_facts(numbers: Collection[int] | None = None) -> dict[int, SourceFacts]:
    """Return the hotline's sources with these ids, or all. Aliases refer to the source that they were merged into."""
    rows = Source.objects.filter(hotline_id=hotline_here())
    if numbers is not None:
        if not numbers:
            return {}
        rows = rows.filter(id__in=among(numbers))
    columns = ("id", "name", "is_ours", "vouches", "merged_into_id", "merged_into__is_ours", "merged_into__vouches")
    return {
        number: SourceFacts(
            number, name, root or number, bool(root_ours if root else ours), bool(root_vouches if root else vouches)
        )
        for number, name, ours, vouches, root, root_ours, root_vouches in rows.values_list(*columns)
    }


@dataclass(frozen=True, slots=True)
class SourcedVote:
    """A vote with what the rules don't need: the displayed source, its own label, and how far it may be passed on."""

    vote: Vote
    by: str
    label: str
    share: str


def vote_of(columns: Sequence[Any], sources: Mapping[int, SourceFacts]) -> Vote:
    """Convert the columns above (without the record's) to a Vote. Members for whom a list vouches count as sources of
    their own.
    """
    source_id, via_id, verdict, facts, at, brought_by = columns
    source, via = sources[source_id], sources[via_id]
    return Vote(
        source=source.root,
        via=source.root if via.vouches else via.root,
        verdict=verdict,
        at=at.timestamp(),
        voter=source_id,
        is_ours=source.is_ours and source_id == via_id and not brought_by,
        is_listed=bool(brought_by),
        is_echo=source.is_ours and bool(brought_by),
        is_unconfirmed=source_id != via_id and not brought_by,  # see hma/services.py
        facts=facts_in(facts),
    )


@lru_cache(maxsize=4096)
def facts_in(text: str) -> Mapping[str, Any]:
    """Parse facts as stored; cached, because many rows hold the same."""
    return MappingProxyType(json.loads(text or "{}"))


def name_of(source: str, via: str) -> str:
    """Return the displayed name of a source, with the list that passed its vote on, if it was another's."""
    return source if source == via else f"{via}: {source}"


def sourced_votes_of(record_ids: Collection[int]) -> dict[int, list[SourcedVote]]:
    """Return the votes on records that were not withdrawn, with their source's details."""
    rows = list(
        VoteRow.objects.filter(record_id__in=among(record_ids), withdrawn_at__isnull=True)
        .annotate(facts_text=Cast("facts", TextField()))
        .values_list(*_COLUMNS)
    )
    sources = source_facts({number for row in rows for number in row[1:3]})
    found: dict[int, list[SourcedVote]] = defaultdict(list)
    for record_id, *columns, label, share in rows:
        by = name_of(sources[columns[0]].name, sources[columns[1]].name)
        found[record_id].append(SourcedVote(vote_of(columns, sources), by, label, share))
    return found


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a vote of this hotline would change: the record's state before and after it, what the hotline says now, and
    what the record was settled as. `is_voted_on`: somebody says something of it now; `is_unconfirmed`:
    only keys whose holder nobody has confirmed call it illegal.
    """

    before: str
    after: str
    ours: str | None
    ruling: str | None
    is_voted_on: bool
    is_unconfirmed: bool


def prospect(record_id: int, verdict: str, *, facts: Mapping[str, Any]) -> Prospect:
    """Return what this vote of the hotline would change about a record. A ruling that says otherwise would end."""
    votes = votes_of([record_id]).get(record_id, [])
    row = RulingRow.objects.filter(record_id=record_id, ended_at__isnull=True).exclude(
        needs_second=True, second_at__isnull=True
    )
    settled = row.values_list("verdict", "covers").first()
    ruling = ruling_of(*settled) if settled else None
    number = Source.objects.filter(hotline_id=hotline_here(), is_ours=True).values_list("id", flat=True).first() or 0
    mine = Vote(
        number, number, verdict, datetime.now(UTC).timestamp(), number, is_ours=True, is_listed=False, facts=facts
    )
    others = [one for one in votes if not (one.is_ours and one.voter == number)]
    kept = ruling if ruling is not None and ruling.verdict == verdict else None
    now = standing(votes, ruling)
    return Prospect(
        before=now.state,
        after=standing([*others, mine], kept).state,
        ours=verdict_here(votes),
        ruling=ruling.verdict if ruling else None,
        is_voted_on=bool(votes),
        is_unconfirmed=now.is_unconfirmed,
    )


def verdict_here(votes: Iterable[Vote]) -> str | None:
    """Return what this hotline itself says last, among these votes; None for nothing."""
    own = [one for one in votes if one.is_ours]
    return max(own, key=lambda one: one.at).verdict if own else None


def votes_of(record_ids: Collection[int]) -> dict[int, list[Vote]]:
    """Return the votes on records that were not withdrawn."""
    return {number: [one.vote for one in sourced] for number, sourced in sourced_votes_of(record_ids).items()}


def rulings_of(votes: Mapping[int, Iterable[Vote]]) -> dict[int, Ruling]:
    """Return the rulings that apply to records with these votes. Only records with differing votes, or votes with
    keys whose holder nobody confirmed, can have one.
    """
    ids = [
        number
        for number, given in votes.items()
        if len({one.verdict for one in given}) > 1 or any(one.is_unconfirmed for one in given)
    ]
    if not ids:
        return {}
    rows = RulingRow.objects.filter(hotline_id=hotline_here(), record_id__in=among(ids), ended_at__isnull=True)
    found = rows.values_list("record_id", "verdict", "covers", "needs_second", "second_at")
    return {
        record_id: ruling_of(verdict, covers)
        for record_id, verdict, covers, needs_second, second_at in found
        if not needs_second or second_at is not None
    }


def ruling_of(verdict: str, covers: Iterable[Sequence[Any]]) -> Ruling:
    """Convert a ruling to the form that the rules use."""
    return Ruling(verdict, frozenset((int(source), str(given)) for source, given in covers))


def standings_of(record_ids: Collection[int]) -> dict[int, Standing]:
    """Return the standing of each record from its current votes."""
    votes = votes_of(record_ids)
    rulings = rulings_of(votes)
    return {number: standing(votes.get(number, ()), rulings.get(number)) for number in record_ids}
