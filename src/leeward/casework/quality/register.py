"""The register of requests for review: who asked when, when the answer was due, the result and the time it took. Covers
requests about cases, and about blocks on lists, which are read from the blocklist slice.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.queries import BlockAppealRow
from leeward.casework.models import Appeal
from leeward.casework.queue.rules.cells import cell
from leeward.web_security.paging import Page, page_of_several

STATES = ("open", "upheld", "rejected", "withdrawn")
ORIGINS = ("reporter", "host", "outside")
CASES, BLOCKS = ABOUT = ("case", "block")
# Results of a request about a block, as the register names them.
_LIFTED = {"lifted": "upheld", "kept": "rejected"}
_LIFTED_OF = {word: state for state, word in _LIFTED.items()}
MOST_LINES = 100_000
_AT_ONCE = 1000
COLUMNS = (
    *("case", "who asks", "asked", "due", "answered", "days", "in time", "outcome", "answered by account"),
    *("about", "block entry"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the register; empty fields don't filter."""

    state: str = ""
    origin: str = ""
    about: str = ""
    start: date | None = None
    end: date | None = None
    only_late: bool = False

    @property
    def named(self) -> list[str]:
        """Return the names of the filters that are set."""
        values = {
            "state": self.state,
            "origin": self.origin,
            "about": self.about,
            "from": self.start,
            "to": self.end,
            "late": self.only_late,
        }
        return [name for name, value in values.items() if value]

    @property
    def takes_cases(self) -> bool:
        """Return whether requests about cases can match."""
        return self.about != BLOCKS

    @property
    def takes_blocks(self) -> bool:
        """Return whether requests about blocks can match: they all come from outside."""
        return self.about != CASES and self.origin in ("", "outside")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register: a request about a case, or about a block (`entry_id`; `reference` is then that of its
    case, or empty). `due_at` is None if no time was set.
    """

    about: str
    id: int
    entry_id: int | None
    reference: str
    origin: str
    asked_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    decided_by_id: int | None
    decided_by: str
    state: str

    @property
    def days(self) -> int | None:
        """Return the number of days from the request to its answer; None if there is no answer yet."""
        return round((self.decided_at - self.asked_at) / timedelta(days=1)) if self.decided_at else None

    def was_in_time(self, now: datetime) -> bool:
        """Return whether it was answered in time, or still can be."""
        return self.due_at is None or (self.decided_at or now) <= self.due_at


def page_of_entries(
    wanted: Wanted, number: str | int | None, *, now: datetime, zone: str, per_page: int = 50
) -> Page[Entry]:
    """Return a page of the register, newest first, with days in the time zone `zone`. At most six queries."""
    querysets = _appeals_for(wanted, now=now, zone=zone)
    page = page_of_several(querysets, number, by="asked_at", per_page=per_page)
    mine = Appeal.objects.select_related("case", "decided_by")
    cases = {row.pk: row for row in mine.filter(pk__in=[pk for which, pk in page.rows if which == 0])}
    blocks = blocklist_queries.block_appeal_rows([pk for which, pk in page.rows if which == 1])
    rows = [of_case(cases[pk]) if which == 0 else of_block(blocks[pk]) for which, pk in page.rows]
    return Page(rows, page.number, page.per_page, page.total, page.total_is_exact)


def how_many(wanted: Wanted, *, now: datetime, zone: str) -> int:
    """Return how many lines of the register match, up to the export limit."""
    return min(
        sum(rows.order_by()[:MOST_LINES].count() for rows in _appeals_for(wanted, now=now, zone=zone)), MOST_LINES
    )


def _appeals_for(wanted: Wanted, *, now: datetime, zone: str) -> tuple[QuerySet[Appeal], QuerySet[Any]]:
    """Return the matching requests about cases and about blocks, each newest first."""
    start = _midnight(wanted.start, zone) if wanted.start else None
    end = _midnight(wanted.end + timedelta(days=1), zone) if wanted.end else None
    state = wanted.state if wanted.state in STATES else ""
    rows = Appeal.objects.order_by("-id") if wanted.takes_cases else Appeal.objects.none()
    if state:
        rows = rows.filter(state=state)
    if wanted.origin in ORIGINS:
        rows = rows.filter(origin=wanted.origin)
    if start:
        rows = rows.filter(asked_at__gte=start)
    if end:
        rows = rows.filter(asked_at__lt=end)
    if wanted.only_late:
        is_late = Q(decided_at__gt=F("due_at")) | Q(decided_at__isnull=True, due_at__lt=now)
        rows = rows.exclude(state="withdrawn").filter(is_late)
    late_at = now if wanted.only_late else None
    blocks = blocklist_queries.block_appeals(state=_LIFTED_OF.get(state, state), start=start, end=end, late_at=late_at)
    return rows, blocks if wanted.takes_blocks else blocks.none()


def of_case(row: Appeal) -> Entry:
    """Return a request about a case as a line of the register."""
    name = row.decided_by.name if row.decided_by else ""
    return Entry(
        CASES, row.pk, None, row.case.reference if row.case else "", row.origin, row.asked_at, row.due_at, row.decided_at, row.decided_by_id,
        name, row.state,
    )  # fmt: skip


def of_block(row: BlockAppealRow) -> Entry:
    """Return a request about a block as a line of the register."""
    return Entry(
        BLOCKS, row.id, row.entry_id, row.reference, "outside", row.asked_at, row.due_at, row.decided_at,
        row.decided_by_id, row.decided_by, _LIFTED.get(row.state, row.state),
    )  # fmt: skip


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))


def lines(wanted: Wanted, *, now: datetime, zone: str) -> Iterator[str]:
    """Yield the register as lines of CSV: no free text, addresses or names."""
    yield _line(COLUMNS)
    cases, blocks = _appeals_for(wanted, now=now, zone=zone)
    by_case = (of_case(row) for row in cases.select_related("case", "decided_by")[:MOST_LINES].iterator(_AT_ONCE))
    newest = merge(by_case, _blocks(blocks), key=lambda entry: entry.asked_at, reverse=True)
    for _number, entry in zip(range(MOST_LINES), newest, strict=False):
        yield _line(_cells(entry, now))


def _blocks(rows: QuerySet[Any]) -> Iterator[Entry]:
    numbers = list(rows.values_list("pk", flat=True)[:MOST_LINES])
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        found = blocklist_queries.block_appeal_rows(some)
        yield from (of_block(found[pk]) for pk in some if pk in found)


def _cells(entry: Entry, now: datetime) -> tuple[object, ...]:
    times = [at.isoformat(timespec="seconds") if at else "" for at in (entry.asked_at, entry.due_at, entry.decided_at)]
    return (
        *(entry.reference, entry.origin, *times, "" if entry.days is None else entry.days),
        *("yes" if entry.was_in_time(now) else "no", entry.state, entry.decided_by_id or ""),
        *(entry.about, entry.entry_id or ""),
    )


def _line(values: tuple[object, ...]) -> str:
    out = StringIO()
    csv.writer(out).writerow([cell(value) for value in values])
    return out.getvalue()
