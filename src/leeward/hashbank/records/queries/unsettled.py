"""Read the records that wait for a person, and the sources. Everything is within the scope of the current hotline."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from django.db.models import QuerySet

from leeward.hashbank.models import Quarantine, Record, Ruling, Source, SourceChange, VoteChange
from leeward.hashbank.records.marks import mark_of_aside
from leeward.hashbank.records.queries.browsing import name_of_actor
from leeward.hashbank.records.rows import DoubtRow
from leeward.hashbank.records.votes import sourced_votes_of
from leeward.hashbank.rules.standing import CONFIRMED, UNSETTLED
from leeward.hashbank.scene import hotline_here
from leeward.people.queries import staff_names
from leeward.people.rules.reading import mark_of


@dataclass(frozen=True, slots=True)
class UnsettledRow:
    """A record on which sources disagree: how many say what, and whether it waits for a second person."""

    id: int
    state: str
    media: str
    verdict_counts: tuple[tuple[str, int], ...]
    last_seen: datetime
    waits_for_second: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A proposed change to a source that waits for a second person. `into_name`: the source that it would be merged
    into.
    """

    act: str
    into_name: str
    by: str
    by_name: str
    at: datetime
    mark: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, the source it was merged into, and any proposal about it."""

    id: int
    name: str
    is_ours: bool
    vouches: bool
    first_at: datetime
    merged_into: int | None
    merged_name: str
    merged_by: str
    merged_at: datetime | None
    change: ChangeRow | None


def unsettled() -> QuerySet[Record]:
    """Return the records on which sources disagree, oldest first."""
    rows = Record.objects.filter(hotline_id=hotline_here(), state__in=UNSETTLED)
    return rows.exclude(state=CONFIRMED).order_by("id")  # excluded for the sake of the index


def waiting_for_second() -> list[Record]:
    """Return the records on which this hotline's own vote waits for a second person, or a hash that is to be used again,
    but no sources disagree; at most a hundred, oldest first.
    """
    votes = VoteChange.objects.filter(hotline_id=hotline_here(), answered_at__isnull=True)
    returns = Quarantine.objects.filter(hotline_id=hotline_here(), kept=False).exclude(back_by="")
    found = [
        *((one.at, one.record) for one in votes.select_related("record").order_by("at")[:100]),
        *((one.back_at, one.hash.record) for one in returns.select_related("hash__record").order_by("back_at")[:100]),
    ]
    rows = {row.pk: row for _at, row in sorted(found, key=itemgetter(0)) if row.state not in UNSETTLED}
    return list(rows.values())[:100]


def unsettled_rows(records: Iterable[Record]) -> list[UnsettledRow]:
    """Convert `unsettled()` records to rows for display."""
    rows = list(records)
    ids = [row.pk for row in rows]
    verdict_counts = verdict_counts_of(ids)
    open_rulings = Ruling.objects.filter(record_id__in=ids, ended_at__isnull=True, needs_second=True, second_at=None)
    open_votes = VoteChange.objects.filter(record_id__in=ids, answered_at__isnull=True)
    returns = Quarantine.objects.filter(hash__record_id__in=ids, kept=False).exclude(back_by="")
    waiting = {
        *open_rulings.values_list("record_id", flat=True),
        *open_votes.values_list("record_id", flat=True),
        *returns.values_list("hash__record_id", flat=True),
    }
    return [
        UnsettledRow(row.pk, row.state, row.media, verdict_counts[row.pk], row.last_seen, row.pk in waiting)
        for row in rows
    ]


def doubt_rows(found: Iterable[Quarantine]) -> list[DoubtRow]:
    """Convert `open_quarantines()` to rows for display."""
    names = staff_names(hotline_here())
    return [
        DoubtRow(
            row.pk,
            row.hash.record_id,
            row.why,
            row.matches,
            row.subscribers,
            row.is_noted,
            row.at,
            row.aside_by,
            name_of_actor(row.aside_by, names),
            row.aside_at,
            row.aside_why,
            mark_of_aside(row),
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision about a record that takes two people; `mark` tells it from every other."""

    hotline_id: int
    mark: str


def newest_decision(record_id: int, *, waits: bool) -> DecisionRow | None:
    """Return the newest decision about a record that waits for a second person (`waits`) or that one has confirmed."""
    votes = VoteChange.objects.filter(record_id=record_id, answered_at__isnull=waits, agreed=not waits)
    rulings = Ruling.objects.filter(record_id=record_id, needs_second=True, second_at__isnull=waits)
    doubted = Quarantine.objects.filter(hash__record_id=record_id)
    asides = doubted.filter(settled_at__isnull=waits).exclude(aside_by="")
    returns = doubted.filter(kept=not waits).exclude(back_by="")
    found = [
        *(("vote", one.pk, one.answered_at or one.at, one.hotline_id) for one in votes),
        *(
            ("ruling", one.pk, one.second_at or one.at, one.hotline_id)
            for one in (rulings.filter(ended_at__isnull=True) if waits else rulings)
        ),
        *(
            ("hash", one.pk, one.settled_at or one.aside_at or one.at, one.hotline_id)
            for one in (asides if waits else asides.filter(kept=False))
        ),
        *(("return", one.pk, (one.back_at if waits else one.settled_at) or one.at, one.hotline_id) for one in returns),
    ]
    if not found:
        return None
    kind, number, at, hotline_id = max(found, key=lambda one: one[2])
    return DecisionRow(hotline_id, f"{kind} {number} {at.isoformat()}")


def verdict_counts_of(ids: Collection[int]) -> dict[int, tuple[tuple[str, int], ...]]:
    """For each record, return how many sources say what."""
    votes = sourced_votes_of(ids) if ids else {}
    counted = {
        number: Counter(
            verdict for _source, verdict in {(one.vote.source, one.vote.verdict) for one in votes.get(number, ())}
        )
        for number in ids
    }
    return {number: tuple(sorted(found.items())) for number, found in counted.items()}


def sources() -> QuerySet[Source]:
    """Return the sources by name."""
    return Source.objects.filter(hotline_id=hotline_here()).select_related("merged_into").order_by("name_key")


def source_rows(found: Iterable[Source]) -> list[SourceRow]:
    """Convert sources to rows for display."""
    rows = list(found)
    names = staff_names(hotline_here())
    open_now = SourceChange.objects.filter(source__in=rows, answered_at__isnull=True).select_related("into")
    changes = {
        one.source_id: ChangeRow(
            one.act, one.into.name if one.into else "", one.by, name_of_actor(one.by, names), one.at, mark_of(one.pk)
        )
        for one in open_now
    }
    return [
        SourceRow(
            row.pk,
            row.name,
            row.is_ours,
            row.vouches,
            row.first_at,
            row.merged_into_id,
            row.merged_into.name if row.merged_into else "",
            name_of_actor(row.merged_by, names),
            row.merged_at,
            changes.get(row.pk),
        )
        for row in rows
    ]


def merge_targets() -> list[tuple[int, str]]:
    """Return the first thousand sources that others can be merged into, by name."""
    rows = Source.objects.filter(hotline_id=hotline_here(), merged_into__isnull=True).order_by("name_key")
    return list(rows.values_list("id", "name")[:1000])
