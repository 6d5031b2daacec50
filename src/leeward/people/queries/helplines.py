"""Helplines: those that visitors see, all that a portal has, and those that are shipped for its country."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import get_language

from leeward.people.labels import access_words, hours_words
from leeward.people.models import Helpline, Portal, PortalChange
from leeward.people.queries.portals import PortalRow, own_name, rows_of
from leeward.people.rules.helplines import ACCESS, CHILD, FIELDS, GOOD_FOR, is_due, is_open
from leeward.people.rules.reach import HELPLINE
from leeward.web_security.remembered import remembered

# Where the shipped table has lines for people of any country.
ANY_COUNTRY = "ZZ"
EMERGENCY = "emergency"
AS_OF = "2026-11-27"
NOT_PUBLIC = ("confirmed_by",)  # a public face that runs apart may not read it (site/rights.py)


@dataclass(frozen=True, slots=True)
class HelplineRow:
    """A helpline as other slices see it; `title` is its name in the reader's language, `open_now` whether somebody answers
    (None: not known).
    """

    id: int
    portal_id: int
    whom: str
    name: str
    names: Mapping[str, str]
    number: str
    text_number: str
    whatsapp: str
    chat_url: str
    url: str
    hours: str
    zone: str
    charge: str
    languages: str
    access: tuple[str, ...]
    source: str
    is_shown: bool
    confirmed_by: str
    confirmed_at: datetime | None
    title: str
    open_now: bool | None
    is_due: bool

    @property
    def has_writing(self) -> bool:
        """Return whether people can write to it instead of calling."""
        return bool(self.text_number or self.whatsapp or self.chat_url)

    @property
    def hours_words(self) -> str:
        """Return when it answers, in words, or "" if that is not known."""
        return hours_words(self.hours, self.zone)

    @property
    def language_names(self) -> list[str]:
        """Return the names of the languages spoken there, each in its own language."""
        return [own_name(tag.strip()) for tag in self.languages.split(",") if tag.strip()]

    @property
    def access_words(self) -> list[str]:
        """Return what it offers to people who don't hear or speak."""
        return access_words(self.access)

    @property
    def values(self) -> dict[str, Any]:
        """Return what is said of it, by field."""
        return {name: getattr(self, name) for name in FIELDS} | {"names": dict(self.names), "access": list(self.access)}


@dataclass(frozen=True, slots=True)
class ChildLines:
    """How many helplines for children a portal shows, and how many of them somebody has to confirm again."""

    shown: int
    due: int


@dataclass(frozen=True, slots=True)
class Shipped:
    """A row of the shipped table: nobody has confirmed it. `kind` is for whom it is, or `EMERGENCY`."""

    country: str
    kind: str
    values: Mapping[str, Any]
    source: str
    source_url: str
    was_seen: bool
    as_of: str
    confidence: str
    note: str


def shown_helplines(portal_id: int) -> list[HelplineRow]:
    """Return the helplines that a portal's visitors see, in the reader's language and as of now or the last second."""
    shown = Helpline.objects.filter(portal_id=portal_id, is_shown=True).defer(*NOT_PUBLIC).order_by("pk")
    return list(remembered(("helplines", portal_id, get_language()), lambda: tuple(_rows(shown))))


def portal_with_lines(portal_id: int, hotline_id: int) -> tuple[PortalRow, ChildLines] | None:
    """Return a portal of this hotline, and how many helplines for children its visitors see, in one query; or None."""
    shown = Q(helplines__whom=CHILD, helplines__is_shown=True)
    fresh = Q(helplines__confirmed_at__gt=datetime.now(UTC) - GOOD_FOR)
    counted = Portal.objects.annotate(
        shown=Count("helplines", filter=shown), fresh=Count("helplines", filter=shown & fresh)
    )
    found = counted.select_related("hotline").filter(pk=portal_id, hotline_id=hotline_id).first()
    return (rows_of(found)[0], ChildLines(found.shown, found.shown - found.fresh)) if found else None


def helplines_of(portal_id: int) -> list[HelplineRow]:
    """Return every helpline of a portal, those that visitors don't see included."""
    found = Helpline.objects.filter(portal_id=portal_id).select_related("confirmed_by").order_by("pk")
    return _rows(found, by=True)


def helplines_of_hotline(hotline_id: int) -> list[tuple[str, HelplineRow]]:
    """Return every helpline of a hotline's portals, each with the portal's slug."""
    found = (
        Helpline.objects.filter(portal__hotline_id=hotline_id).select_related("portal").order_by("portal__slug", "pk")
    )
    rows = list(found)
    return list(zip((row.portal.slug for row in rows), _rows(rows), strict=True))


def portals_with_due_numbers() -> list[tuple[int, int]]:
    """Return the hotline and number of each portal that shows a helpline, or takes reports with an emergency number, which
    has to be confirmed again."""
    now = datetime.now(UTC)
    lines = Helpline.objects.filter(is_shown=True, portal__handed_over_at=None).order_by("portal_id")
    of_lines = lines.values_list("portal__hotline_id", "portal_id", "confirmed_at")
    due = [(hotline, portal) for hotline, portal, at in of_lines if is_due(at, now)]
    open_now = Portal.objects.filter(takes_reports=True).select_related("hotline").order_by("pk")
    due += [(row.hotline_id, row.pk) for row in open_now if rows_of(row)[0].emergency_is_due]
    return list(dict.fromkeys(due))


def emergency_confirmed_by(portal_id: int) -> str:
    """Return the name of whoever confirmed the emergency number of a portal last, or "" for whoever runs the server."""
    found = Portal.objects.select_related("emergency_confirmed_by").get(pk=portal_id).emergency_confirmed_by
    return found.name if found else ""


def names_waiting(portal_id: int, *, but_not: str) -> frozenset[str]:
    """Return the names that a portal's helplines have, or will have, about which a change waits for a second person;
    `but_not` those about the helpline of this name."""
    found = PortalChange.objects.filter(portal_id=portal_id, what=HELPLINE, outcome="").exclude(about=but_not)
    return frozenset(
        name for about, wanted in found.values_list("about", "wanted") for name in (about, wanted.get("name", about))
    )


def shipped_for(country: str) -> list[Shipped]:
    """Return the shipped rows of a country and those for any country, nobody of which we have called."""
    return [row for row in _shipped() if row.country in (country, ANY_COUNTRY)]


def _rows(found: Iterable[Helpline], *, by: bool = False) -> list[HelplineRow]:
    now = datetime.now(UTC)
    return [_row(row, now, row.confirmed_by.name if by and row.confirmed_by else "") for row in found]


def _row(row: Helpline, now: datetime, confirmed_by: str) -> HelplineRow:
    zone = row.zone or "UTC"
    return HelplineRow(
        id=row.pk,
        portal_id=row.portal_id,
        **{name: getattr(row, name) for name in FIELDS if name != "access"},
        access=tuple(row.access),
        is_shown=row.is_shown,
        confirmed_by=confirmed_by,
        confirmed_at=row.confirmed_at,
        title=row.names.get(get_language() or "en", "") or row.name,
        open_now=is_open(row.hours, now.astimezone(ZoneInfo(zone))),
        is_due=is_due(row.confirmed_at, now),
    )


@cache
def _shipped() -> tuple[Shipped, ...]:
    text = (files("leeward.people") / "data" / "helplines.csv").read_text("utf-8")
    return tuple(_read(row) for row in csv.DictReader(StringIO(text)))


def _read(row: Mapping[str, str]) -> Shipped:
    values: dict[str, Any] = {name: row.get(name, "") for name in FIELDS}
    values |= {"whom": row["kind"], "names": {}, "access": [one for one in ACCESS if one in row["access"].split()]}
    return Shipped(
        country=row["country"],
        kind=row["kind"],
        values=values,
        source=row["source"],
        source_url=row["source_url"],
        was_seen=row["seen"] == "yes",
        as_of=row["as_of"],
        confidence=row["confidence"],
        note=row["note"],
    )
