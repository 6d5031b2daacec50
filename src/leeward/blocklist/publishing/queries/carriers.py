"""Read since when an entry has been published, who has fetched it, and who still holds it after removal, for formats
that can express it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from leeward.blocklist.models import Entry
from leeward.blocklist.publishing.models import Fetch, Publication
from leeward.blocklist.publishing.rules.formats import FORMATS
from leeward.blocklist.queries import EntryRow, entry_row
from leeward.blocklist.rules.serials import is_newer
from leeward.web_security.paging import moment_of, packed, unpacked


@dataclass(frozen=True, slots=True)
class Carrier:
    """A subscriber's copy in one format, and when it was last fetched."""

    name: str
    form: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Carriage:
    """The first publication that contains the entry (or no longer does), and the copies that hold it."""

    serial: int | None
    published_at: datetime | None
    carriers: tuple[Carrier, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """An entry and its carriage; None for one that was never on a list."""

    row: EntryRow
    carriage: Carriage | None


def carried_of_case(case_id: int) -> list[Carried]:
    """Return every entry based on a case, newest first, with its carriage; one query."""
    return _carried(Entry.objects.filter(case_id=case_id).order_by("-id"))


def carriage_of(entry_id: int) -> Carriage | None:
    """Return who carries an entry; None if it was never on a list or does not exist."""
    found = _carried(Entry.objects.filter(pk=entry_id))
    return found[0].carriage if found else None


def _carried(rows: QuerySet[Entry]) -> list[Carried]:
    found = _with_news(rows.select_related("list")).annotate(held=_held())
    return [Carried(entry_row(entry), _carriage(entry) if _was_listed(entry) else None) for entry in found]


def _held() -> Subquery:
    """Return a subquery for what subscribers hold of each entry's list: their last fetches."""
    held = Fetch.objects.filter(list_id=OuterRef("list_id"), subscriber__ended_at=None)
    return packed(held, ("subscriber__name", "form", "serial", "at"), by="list_id")


def _was_listed(entry: Entry) -> bool:
    return entry.approved_at is not None or entry.state == "approved"


def _with_news(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """Annotate entries with serial and time of the first publication that could reflect their current state, on or off
    the list.
    """
    since = Publication.objects.filter(list_id=OuterRef("list_id"), state="published", at__gte=OuterRef("state_at"))
    is_off = ~Q(entry_state="approved")
    brings = Q(only_removals=False, back_to=None) | is_off
    since_then = since.annotate(entry_state=ExpressionWrapper(OuterRef("state"), output_field=CharField())).filter(
        brings
    )
    first = since_then.order_by("id")
    return rows.annotate(news_serial=Subquery(first.values("serial")[:1]), news_at=Subquery(first.values("at")[:1]))


def _carriage(entry: Entry) -> Carriage:
    serial: int | None = entry.news_serial  # type: ignore[attr-defined]  # annotated by _with_news
    is_listed = entry.state == "approved"
    rows = sorted(unpacked(entry.held), key=lambda row: (row["subscriber__name"], row["form"]))  # type: ignore[attr-defined]  # annotated
    carriers = tuple(
        Carrier(row["subscriber__name"], row["form"], moment_of(row["at"]))
        for row in rows
        if entry.scope in FORMATS[row["form"]].scopes
        and (serial is None or is_newer(serial, row["serial"])) != is_listed
    )
    return Carriage(serial, entry.news_at, carriers)  # type: ignore[attr-defined]  # annotated by _with_news
