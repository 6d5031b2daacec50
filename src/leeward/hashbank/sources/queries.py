"""Read sources for the desk, the command line and the doctor. No row contains credentials."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from leeward.foundation.errors import NotFound
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.lazy_text import lazy_text_from
from leeward.hashbank.models import Import, LiveSource, SourceFeedback
from leeward.hashbank.records.queries.browsing import name_of_actor
from leeward.hashbank.rules.sources import Facts, State, is_old, reply_to, state_of
from leeward.hashbank.scene import hotline_here
from leeward.people.queries import staff_names
from leeward.people.rules.reading import mark_of


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source: its protocol, what was agreed and by whom, how the last pulls went.

    `problem` is translated when shown; `last_import`: the import of the last pull that brought anything, 0 for none; `held`: how
    much a pull would withdraw that waits for a person, of how much.
    """

    id: int
    hotline_id: int
    name: str
    source: str
    protocol: str
    url: str
    part: str
    bank: str
    state: State
    every_minutes: int
    terms: str
    agreed_on: date | None
    agreed_by: str
    second_by: str
    first_label: str
    mark: str
    last_at: datetime | None
    good_at: datetime | None
    next_at: datetime | None
    failures: int
    problem: object
    held: Mapping[str, int] | None
    alarm_at: datetime | None
    rows: int
    added: int
    joined: int
    withdrawn: int
    broken: int
    feeds_back: bool
    previewed_at: datetime | None
    waiting: int
    unsure: int
    last_import: int


@dataclass(frozen=True, slots=True)
class PendingFeedback:
    """One waiting item of feedback: its record and entry, what is to be said, and what was said before ("" for
    nothing), both in the source's words.
    """

    record_id: int
    entry: str
    reply: str
    previous_reply: str
    state: str


def mark_of_agreement(row: LiveSource) -> str:
    """Return a mark of the agreement that was recorded with a source, and of the key that signs its lists."""
    return mark_of(row.pk, row.terms, row.agreed_on, row.agreed_by, row.agreed_at, row.public_key)


def state_of_row(row: LiveSource) -> State:
    """Return the state of a source."""
    facts = Facts(
        is_removed=row.removed_at is not None,
        is_agreed=row.agreed_at is not None,
        has_second=row.second_at is not None,
        is_paused=row.paused_at is not None,
        failures=row.failures,
        good_at=row.good_at,
    )
    return state_of(facts)


def live_source(name: str) -> LiveSource:
    """Return the source of this short name unless it was removed; raises NotFound."""
    row = LiveSource.objects.filter(hotline_id=hotline_here(), name=name, removed_at=None).first()
    if row is None:
        raise NotFound(what=_("source"))
    return row


def source_by_id(live_id: int) -> SourceRow | None:
    """Return a source by id, or None."""
    row = LiveSource.objects.filter(hotline_id=hotline_here(), pk=live_id).first()
    return _row(row, {}) if row else None


def live_sources() -> list[SourceRow]:
    """Return every source that was not removed, by name."""
    rows = list(LiveSource.objects.filter(hotline_id=hotline_here(), removed_at=None).order_by("name"))
    names = staff_names(hotline_here())
    return [_row(row, names) for row in rows]


def old_sources(now: datetime) -> list[str]:
    """Return the name of each source of the hotline that is asked, and whose last good answer is a day older than it may be."""
    asked = LiveSource.objects.filter(hotline_id=hotline_here(), removed_at=None, paused_at=None).exclude(
        second_at=None
    )
    return [
        row.name
        for row in asked.order_by("name")
        if is_old(last_good=_last_good(row), every=timedelta(minutes=row.every_minutes), now=now)
    ]


def _last_good(row: LiveSource) -> datetime:
    """Return when a source last gave something, be it a part of what it has, or else when it was turned on."""
    gave_at = row.good_at if row.failures else row.last_at
    known: datetime = gave_at or row.good_at or row.second_at or row.added_at
    return known


def words_to(row: LiveSource) -> QuerySet[SourceFeedback]:
    """Return the feedback to a source that waits, and what may or may not have arrived, oldest first."""
    return SourceFeedback.objects.filter(live=row, state__in=("waiting", "unsure")).order_by("id")


def word_of(row: LiveSource, one: SourceFeedback) -> PendingFeedback:
    """Convert one item of `words_to` for display."""
    previous = reply_to(row.protocol, one.sent) if one.sent else ""
    return PendingFeedback(one.record_id, one.foreign_id, reply_to(row.protocol, one.wanted), previous, one.state)


def _row(row: LiveSource, names: Mapping[int, str]) -> SourceRow:
    feedback = SourceFeedback.objects.filter(live=row)
    runs = Import.objects.filter(hotline_id=row.hotline_id, format=row.protocol, file_name=row.name).order_by("-id")
    return SourceRow(
        id=row.pk,
        hotline_id=row.hotline_id,
        name=row.name,
        source=row.source,
        protocol=row.protocol,
        url=row.url,
        part=row.part,
        bank=row.bank,
        state=state_of_row(row),
        every_minutes=row.every_minutes,
        terms=row.terms,
        agreed_on=row.agreed_on,
        agreed_by=name_of_actor(row.agreed_by, names) if row.agreed_by else "",
        second_by=name_of_actor(row.second_by, names) if row.second_by else "",
        first_label=row.agreed_by,
        mark=mark_of_agreement(row),
        last_at=row.last_at,
        good_at=row.good_at,
        next_at=row.next_at,
        failures=row.failures,
        problem=lazy_text_from(row.problem),
        held=row.held,
        alarm_at=row.alarm_at,
        rows=row.rows,
        added=row.added,
        joined=row.joined,
        withdrawn=row.withdrawn,
        broken=row.broken,
        feeds_back=row.feeds_back,
        previewed_at=row.previewed_at,
        waiting=feedback.filter(state="waiting").count(),
        unsure=feedback.filter(state="unsure").count(),
        last_import=runs.values_list("id", flat=True).first() or 0,
    )
