"""Reads of the catalogue: the desk's list, one entry, what visitors see, and what is shipped."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from io import StringIO

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Length

from leeward.awareness.models import Partner, Resource
from leeward.awareness.rules.entries import EntryDetails, read_entry
from leeward.awareness.rules.records import Record
from leeward.awareness.rules.standing import LINKS, is_public
from leeward.web_security.paging import Page, page_of

# Languages beside ours that material is often in.
_MORE = (
    "am ar bg bn cs cy da de el es et fa fi fil ga gu he hi hr hu id is it ja km kn ko lt lv mi ml mr "
    "ms mt my ne nl no pa pl pt ro ru sk sl so sr st sv ta te th tk tl tn tr uk ur vi xh yo zh zu"
).split()
SHOWS = ("", "unreviewed", "good", "refused", "gone")
PER_PAGE = 50
PER_PUBLIC_PAGE = 24  # of the page that visitors see


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """An entry as pages see it; `id` is 0 for one that is only shipped."""

    id: int
    details: EntryDetails
    verdict: str
    answers: dict[str, bool]
    note: str
    reviewed_by: str
    reviewed_at: datetime | None
    link: str
    checked_at: datetime | None
    was_read: bool = True
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """Another's catalogue that is read regularly, as pages see it; `is_open` says that something of it can be added."""

    id: int
    name: str
    address: str
    is_oai: bool
    reading: str
    read_at: datetime | None
    new: int
    left_out: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor looks for; empty: anything."""

    audience: str = ""
    ages: tuple[int, int] | None = None
    topic: str = ""
    language: str = ""


def languages() -> tuple[str, ...]:
    """Return the tags in which an entry can be: ours, and whatever else is common enough to have two letters."""
    ours = [tag for tag, _ in settings.LANGUAGES]
    return tuple(dict.fromkeys([*ours, *_MORE]))


def entries(*, search: str = "", show: str = "", number: str | None = None) -> Page[ResourceRow]:
    """Return a page of the catalogue, by title. Must run within the hotline's scope."""
    found = Resource.objects.select_related("reviewed_by").order_by("title", "id")
    if search:
        found = found.filter(Q(title__icontains=search) | Q(publisher__icontains=search) | Q(address__icontains=search))
    if show == "gone":
        found = found.filter(link="gone")
    elif show in SHOWS[1:]:
        found = found.filter(verdict="" if show == "unreviewed" else show)
    page = page_of(found, number, per_page=PER_PAGE)
    return Page([_row(row) for row in page.rows], page.number, page.per_page, page.total, page.total_is_exact)


def entry(number: int) -> ResourceRow | None:
    """Return one entry, or None. Must run within the hotline's scope."""
    row = Resource.objects.select_related("reviewed_by").filter(pk=number).first()
    return _row(row) if row else None


def known_keys() -> set[tuple[str, str]]:
    """Return the keys of every entry. Must run within the hotline's scope."""
    return {EntryDetails(title, "", address).key for title, address in Resource.objects.values_list("title", "address")}


def all_details() -> Iterator[EntryDetails]:
    """Return every entry by title, as a table holds it. Must run within the hotline's scope."""
    for row in Resource.objects.order_by("title", "id").iterator(1000):
        yield details_of(row)


def partners() -> list[PartnerRow]:
    """Return whose catalogues are read, by name; there are few. Must run within the hotline's scope."""
    return [
        _partner(row)
        for row in Partner.objects.order_by("name", "id").annotate(size=Length("offered")).defer("offered")
    ]


def partner(number: int) -> PartnerRow | None:
    """Return one of them, or None. Must run within the hotline's scope."""
    row = Partner.objects.filter(pk=number).annotate(size=Length("offered")).defer("offered").first()
    return _partner(row) if row else None


def offered_by(number: int) -> str:
    """Return the table that a partner's catalogue offers, empty for none. Must run within the hotline's scope."""
    return Partner.objects.filter(pk=number).values_list("offered", flat=True).first() or ""


def reviewed(wish: Wish, number: str | None = None) -> Page[ResourceRow]:
    """Return a page of what visitors see of the catalogue: reviewed, found good, and still there. Must run within the
    hotline's scope.
    """
    found = Resource.objects.filter(verdict="good").exclude(link="gone").order_by("title", "id")
    for name, word in (("audiences", wish.audience), ("topics", wish.topic), ("languages", wish.language)):
        if word:
            found = found.filter(Q(**{f"{name}__contains": f" {word} "}) | Q(**{name: " "}))
    if wish.ages is not None:
        low, high = wish.ages
        found = found.filter(Q(age_from=None) | Q(age_from__lte=high), Q(age_to=None) | Q(age_to__gte=low))
    page = page_of(found.defer("reviewed_by"), number, per_page=PER_PUBLIC_PAGE)
    rows = [_row(row) for row in page.rows if is_public(row.verdict, row.link)]
    return Page(rows, page.number, page.per_page, page.total, page.total_is_exact)


def records() -> list[Record]:
    """Return what other programs get: all that visitors see, by number. Must run within the scope."""
    found = Resource.objects.filter(verdict="good").exclude(link="gone").order_by("id")
    return [Record(row.pk, row.changed_at, details_of(row)) for row in found]


def shipped(wish: Wish, *, but_not: Iterable[tuple[str, str]] = ()) -> list[ResourceRow]:
    """Return what is shipped and fits, by title, but for entries with these keys."""
    gone = set(but_not)
    return [row for row in all_shipped() if row.details.key not in gone and fits(row.details, wish)]


def fits(details: EntryDetails, wish: Wish) -> bool:
    """Return whether an entry is what a visitor looks for; what nobody noted fits."""
    words = (
        (details.audiences, wish.audience),
        (details.topics, wish.topic),
        (details.languages, wish.language),
    )
    if any(word and known and word not in known for known, word in words):
        return False
    if wish.ages is None:
        return True
    low, high = wish.ages
    return (details.age_from or 0) <= high and (details.age_to or 99) >= low


@cache
def all_shipped() -> tuple[ResourceRow, ...]:
    """Return every shipped entry by title: nobody has reviewed them, and no address was visited."""
    text = (files("leeward.awareness") / "data" / "resources.csv").read_text("utf-8")
    rows = []
    for line in csv.DictReader(StringIO(text)):
        details, faults = read_entry(line, languages())
        assert details is not None, faults
        rows.append(
            ResourceRow(0, details, "", {}, "", "", None, LINKS[0], None, line["was_seen"] == "yes", line["as_of"])
        )
    return tuple(sorted(rows, key=lambda row: row.details.title))


def _row(row: Resource) -> ResourceRow:
    by = row.reviewed_by.name if "reviewed_by" in row._state.fields_cache and row.reviewed_by else ""
    return ResourceRow(
        row.pk,
        details_of(row),
        row.verdict,
        dict(row.answers),
        row.note,
        by,
        row.reviewed_at,
        row.link,
        row.checked_at,
    )


def _partner(row: Partner) -> PartnerRow:
    is_open = getattr(row, "size", 0) > 0
    return PartnerRow(
        row.pk, row.name, row.address, row.is_oai, row.reading, row.read_at, row.new, row.left_out, is_open
    )


def details_of(row: Resource) -> EntryDetails:
    """Return what the entry of a row says."""
    return EntryDetails(
        row.title,
        row.publisher,
        row.address,
        tuple(row.audiences.split()),
        row.age_from,
        row.age_to,
        tuple(row.topics.split()),
        tuple(row.languages.split()),
        row.form,
        row.licence,
        row.source,
    )
