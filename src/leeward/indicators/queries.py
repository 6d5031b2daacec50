"""Every read of the slice: a year's figures, which years there are, and what was typed in."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Sum

from leeward.indicators.definitions import BY_NAME, DEFINITIONS
from leeward.indicators.models import Counted, Publication, Tally, TypedFigure
from leeward.indicators.rules.cells import HOURS, OF_LISTS, Tallies, cells_of, inside_of, median_of
from leeward.indicators.rules.drift import Then, band_then
from leeward.indicators.rules.editions import MOST_EDITIONS
from leeward.indicators.rules.formulas import TYPED, Definition, Figure, Year, figures_of
from leeward.laws.pages import standing as pages_standing
from leeward.laws.queries import register
from leeward.laws.rules.evidence import evidence_of
from leeward.laws.rules.gaps import editions_of as law_editions
from leeward.laws.rules.gaps import standing
from leeward.laws.rules.provisions import criteria_on, readings_of
from leeward.people.queries import PortalRow, portals_of
from leeward.people.rules.reading import mark_of

COLUMNS = ("portal", "year", "indicator", "of", "number", "unit", "why", "source", "source_date")
_WITHOUT_SOURCE = 3


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A figure that was typed in, with where it comes from."""

    portal_id: int
    series: str
    year: int
    half: int
    number: int
    source: str
    source_date: date
    by: str
    at: datetime


def years_of(portal_id: int | None = None) -> list[int]:
    """Return the years about which there is anything, newest first. Must run within the hotline's scope."""
    of = {"portal_id": portal_id} if portal_id else {}
    found = {*Tally.objects.filter(**of).order_by().values_list("year", flat=True).distinct()}
    found |= {*TypedFigure.objects.filter(**of).order_by().values_list("year", flat=True).distinct()}
    return sorted(found, reverse=True)


def counted_at() -> datetime | None:
    """Return when the hotline's reports and cases were last counted; None: never. Must run within the scope."""
    return Counted.objects.order_by("pk").values_list("at", flat=True).first()


def year_of(portal_id: int | None, year: int) -> Year:
    """Return everything about a portal in a year, or about all of the hotline's together. Three queries at most."""
    tallies = tallies_of(portal_id, year)
    typed, sources = _typed(portal_id, year)
    medians = {series: median_of(tallies, series) for series in (*HOURS, "list_age")}
    law_of = law_then()
    return Year(
        cells_of(tallies, lambda country: law_of(country, year).band),
        {series: hours for series, hours in medians.items() if hours is not None},
        typed,
        has_data=any(series not in OF_LISTS for _month, series, _value in tallies),
        sources=sources,
        inside=inside_of(tallies) if tallies else None,
    )


def law_then() -> Callable[[str, int], Then]:
    """Return what tells a country's law on 1 July of a year, by the register in force."""
    laws = register()
    return lambda country, year: _law_then(laws.version, country, year)


@lru_cache(maxsize=10_000)
def _law_then(version: str, country: str, year: int) -> Then:
    file = register().files.get(country)
    if file is None or file["kind"] == "standard":
        return Then("unknown")
    on = date(year, 7, 1)
    criteria = tuple(str(row.standing) for row in criteria_on(readings_of(file, on), evidence_of(file, on)))
    dated = [one for name in law_editions(file) if (one := standing(file, name)).year and one.year <= year]
    return Then(band_then(criteria, dated[-1].band if dated else None), criteria)


def _typed(
    portal_id: int | None, year: int
) -> tuple[dict[tuple[str, int], int], dict[tuple[str, int], tuple[str, str]]]:
    """Return what was typed in about a year, of several portals added up, and where it comes from where that is one source."""
    rows = TypedFigure.objects.filter(year=year, **({"portal_id": portal_id} if portal_id else {})).order_by(
        "portal_id"
    )
    numbers, sources = Counter[tuple[str, int]](), dict[tuple[str, int], tuple[str, str]]()
    for series, half, number, source, day in rows.values_list("series", "half", "number", "source", "source_date"):
        is_first = (series, half) not in numbers
        numbers[series, half] += number
        sources[series, half] = (source, f"{day:%Y-%m-%d}") if is_first else ("", "")
    return dict(numbers), sources


def tallies_of(portal_id: int | None, year: int) -> Tallies:
    """Return what was counted in a year, by month."""
    rows = Tally.objects.filter(year=year, **({"portal_id": portal_id} if portal_id else {})).order_by()
    found = rows.values_list("month", "series", "value").annotate(n=Sum("number"))
    return {(month, series, value): number for month, series, value, number in found}


def all_figures(year: Year) -> Iterator[tuple[Definition, list[Figure]]]:
    """Return every indicator with its figures, in the order of the definitions; of what is published only those that are."""
    for definition in DEFINITIONS:
        if definition.is_public or year.inside is not None:
            yield definition, figures_of(definition, year)


def rows_for(portal: PortalRow | None, year: int, found: Year, names: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return a year as rows of a table, of all indicators or of those named; the same for CSV, JSON and the API."""
    where = portal.slug if portal else "all"
    wanted = [BY_NAME[name] for name in names] or [one for one, _figures in all_figures(found)]
    return [
        {"portal": where, "year": year, "indicator": one.name}
        | {name: getattr(one, name) for name in ("of", "number", "unit", "why", "source", "source_date")}
        for definition in wanted
        for one in figures_of(definition, found)
    ]


def portal_named(wanted: str, hotline_id: int) -> PortalRow | None:
    """Return the hotline's portal with this short name or, where it has one portal there, in this country."""
    portals = portals_of(hotline_id)
    by_slug = next((row for row in portals if row.slug == wanted.lower()), None)
    there = [row for row in portals if row.country == wanted.upper()]
    return by_slug or (there[0] if len(there) == 1 else None)


def typed_figures(portal_id: int) -> list[TypedRow]:
    """Return what was typed in for a portal, newest year first, at most 500 rows."""
    rows = TypedFigure.objects.filter(portal_id=portal_id).select_related("by").order_by("-year", "series", "-half")
    return [
        TypedRow(
            row.portal_id,
            row.series,
            row.year,
            row.half,
            row.number,
            row.source,
            row.source_date,
            row.by.name if row.by else "",
            row.at,
        )
        for row in rows[:500]
    ]


def mark_of_typed(portal_id: int) -> str:
    """Return a mark of what was typed in for a portal: a figure by an older page would replace one that nobody there has read."""
    rows = TypedFigure.objects.filter(portal_id=portal_id).order_by("pk")
    return mark_of(portal_id, [str(row) for row in rows.values_list("pk", "number", "source", "source_date", "at")])


def first_rows(definition: Definition) -> list[dict[str, Any]]:
    """Return the figures of the toolkit with which a long series begins, each with its year, place and source."""
    if definition.how != TYPED:
        return []
    return [row for row in pages_standing.figures() if row["quantity"] in definition.first_rows]


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """An edition of a portal's figures of a year, as everybody sees it."""

    portal_id: int
    year: int
    edition: int
    note: str
    at: datetime
    changed_at: datetime | None
    figures: Year

    @property
    def is_last(self) -> bool:
        """Return whether no further edition can follow."""
        return self.edition >= MOST_EDITIONS


def editions_of(portal_id: int, year: int | None = None) -> list[PublishedRow]:
    """Return what was published of a portal, newest year and edition first. Must run within the hotline's scope."""
    found = Publication.objects.filter(portal_id=portal_id).order_by("-year", "-edition").defer("counted")
    rows = found if year is None else found.filter(year=year)
    return [
        PublishedRow(
            row.portal_id,
            row.year,
            row.edition,
            row.note,
            row.at,
            row.changed_at,
            Year(
                row.shown,
                row.medians,
                # Editions from before their sources were kept show none of them.
                {(one[0], one[1]): one[2] for one in row.typed if len(one) > _WITHOUT_SOURCE},
                has_data=any(number != 0 for number in row.shown.values()),
                sources={(one[0], one[1]): (one[3], one[4]) for one in row.typed if len(one) > _WITHOUT_SOURCE},
                rounded=row.rounded or {},
            ),
        )
        for row in rows[:200]
    ]


def rounds(portal_id: int) -> bool:
    """Return whether a portal chose, when it last published, to round what would be hidden. Must run within the scope."""
    newest = Publication.objects.filter(portal_id=portal_id).order_by("-pk").values_list("rounded", flat=True)
    return newest.first() is not None
