"""One contact of the directory in full: what it was told and what happened to its entry; and tables for comparing
contacts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Q, QuerySet

from leeward.audit.queries import log_of
from leeward.notices.models import Contact, Notice, Referral
from leeward.notices.queries.labels import CONTACT_EVENTS, KINDS
from leeward.notices.queries.lists import contact_row
from leeward.notices.rules.contact_csv import row_of
from leeward.people import queries as people_queries

NEWEST = 20
Change = Literal["new", "changed", "same"]


@dataclass(frozen=True, slots=True)
class SentMessageRow:
    """One message to a contact: its kind, its number of addresses, and how many of them were answered."""

    sent_at: datetime | None
    what: str
    state: str
    addresses: int
    answered: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in the history of a contact's entry."""

    at: datetime
    word: str
    actor: str
    note: str


def messages_to(contact_id: int) -> list[SentMessageRow]:
    """Return the newest messages to a contact, newest first; two queries."""
    notices = Notice.objects.filter(contact_id=contact_id).order_by("-pk")[:NEWEST]
    counted = notices.annotate(addresses=Count("items"), answered=Count("items", filter=~Q(items__answer="none")))
    rows = [
        SentMessageRow(one.sent_at, str(KINDS.get(one.kind, one.kind)), one.state, one.addresses, one.answered)
        for one in counted
    ]
    if rows:
        return rows
    return [
        SentMessageRow(
            one.sent_at, one.reference, "sent" if one.sent_at else "waiting", 1, int(one.answered_at is not None)
        )
        for one in Referral.objects.filter(contact_id=contact_id).order_by("-pk")[:NEWEST]
    ]


def events_of(contact_id: int, *, hotline_id: int) -> list[EventRow]:
    """Return the log events of a contact's entry with their actors, newest first; two queries."""
    lines = log_of(hotline_id, f"contact:{contact_id}", most=NEWEST)
    names = people_queries.staff_names(hotline_id) if lines else {}
    return [
        EventRow(
            datetime.fromisoformat(line.at),
            str(CONTACT_EVENTS.get(line.event, line.event)),
            _who(line.actor, names),
            str(line.facts.get("grade", "")),
        )
        for line in lines
    ]


def _who(actor: str, names: Mapping[int, str]) -> str:
    """Return the actor's name; for automatic acts, the program's name."""
    kind, _, number = actor.partition(":")
    if kind == "system":
        return "Leeward"
    return names.get(int(number), actor) if kind == "staff" and number.isdecimal() else actor


def compared(wanted: Sequence[tuple[str, str, str, str, tuple[str, ...], bool, str | None]]) -> list[Change]:
    """Return what each row (kind, country, address, name, languages, retired, kind of office or None for no change) would
    change in the directory; one query per thousand rows."""
    known = {(one.kind, one.country, one.email): one for one in _named(row[2] for row in wanted)}
    changes: list[Change] = []
    for kind, country, email, name, languages, retired, service in wanted:
        entry = known.get((kind, country, email))
        if entry is None:
            changes.append("new")
        elif (entry.name, tuple(entry.languages), entry.retired) == (name, languages, retired) and service in (
            None,
            entry.service,
        ):
            changes.append("same")
        else:
            changes.append("changed")
    return changes


def as_they_are(addresses: Sequence[str]) -> list[tuple[object, ...]]:
    """Return what a table could change of each entry with one of these addresses, as it is now; one query per thousand."""
    return sorted(
        (one.pk, one.kind, one.country, one.email, one.name, tuple(one.languages), one.retired, one.service)
        for one in _named(iter(addresses))
    )


def _named(addresses: Iterator[str]) -> Iterator[Contact]:
    every = list(dict.fromkeys(addresses))
    for start in range(0, len(every), 1000):
        yield from Contact.objects.filter(email__in=every[start : start + 1000])


def table_of(contacts: QuerySet[Contact]) -> Iterator[list[object]]:
    """Return the rows of a table of contacts, with the measurements of each."""
    for one in contacts.iterator(2000):
        row = contact_row(one)
        minutes = row.measured.median_minutes
        yield row_of(
            {
                "kind": row.kind,
                "country": row.country,
                "name": row.name,
                "email": row.email,
                "languages": " ".join(row.languages),
                "retired": "yes" if row.retired else "",
                "service": one.service,
                "asked": row.measured.asked,
                "answered": row.measured.answered,
                "removed": row.measured.removed,
                "median_hours": "" if minutes is None else round(minutes / 60, 1),
                "mail_comes_back": "yes" if row.bounced_at else "",
            }
        )
