"""Requests to lift an entry, for the desk's register of appeals: times and outcomes, no texts, no addresses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from leeward.blocklist.models import OPEN, BlockAppeal, Entry


@dataclass(frozen=True, slots=True)
class BlockAppealRow:
    """A request about an entry; `reference` is that of the entry's case, empty if it came from a partner's list."""

    id: int
    entry_id: int
    list: str
    reference: str
    relation: str
    state: str
    asked_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    decided_by_id: int | None
    decided_by: str


def block_appeals(
    *,
    state: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
    late_at: datetime | None = None,
) -> QuerySet[BlockAppeal]:
    """Return the current hotline's requests, newest first: in one state, made from `start` until before `end`.

    With `late_at`, only those that were answered too late or are late at that time.
    """
    rows = BlockAppeal.objects.order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if start:
        rows = rows.filter(asked_at__gte=start)
    if end:
        rows = rows.filter(asked_at__lt=end)
    if late_at:
        is_late = Q(decided_at__gt=F("due_at")) | Q(decided_at__isnull=True, due_at__lt=late_at)
        rows = rows.exclude(state="withdrawn").filter(is_late)
    return rows


def block_appeal_rows(numbers: Iterable[int]) -> dict[int, BlockAppealRow]:
    """Return id -> request with its entry; one query."""
    rows = BlockAppeal.objects.select_related("entry__list", "decided_by").filter(pk__in=list(numbers))
    return {
        row.pk: BlockAppealRow(
            id=row.pk,
            entry_id=row.entry_id,
            list=row.entry.list.name,
            reference=row.entry.case_reference,
            relation=row.relation,
            state=row.state,
            asked_at=row.asked_at,
            due_at=row.due_at,
            decided_at=row.decided_at,
            decided_by_id=row.decided_by_id,
            decided_by=row.decided_by.name if row.decided_by else "",
        )
        for row in rows
    }


def block_appeal_times() -> Iterator[tuple[int, datetime, str, datetime | None]]:
    """Return portal, time, state and time of the answer of every request that was made at a portal, oldest first."""
    rows = BlockAppeal.objects.exclude(portal=None).order_by("id")
    return rows.values_list("portal_id", "asked_at", "state", "decided_at").iterator(1_000)


def entry_times() -> Iterator[tuple[str, datetime, str, datetime | None]]:
    """Return of every entry of our own lists that was ever approved, oldest first: the list’s country, when it was approved, how
    it stands (`approved`, `suspended`, or why it ended), and when it ended."""
    rows = Entry.objects.exclude(approved_at=None).exclude(list__kind="partner").order_by("id")
    found = rows.values_list("list__country", "approved_at", "state", "ending", "state_at")
    for country, approved_at, state, ending, state_at in found.iterator(1_000):
        assert approved_at is not None
        is_over = state not in OPEN
        yield country, approved_at, ending if is_over and ending else state, state_at if is_over else None
