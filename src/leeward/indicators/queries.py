"""Every read of the slice: a year's figures, which years there are, and what was typed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Sum

from leeward.indicators.definitions import BY_NAME, DEFINITIONS
from leeward.indicators.models import Counted, Publication, Tally, TypedFigure
from leeward.indicators.rules.cells import HOURS, Tallies, cells_of, median_of
from leeward.indicators.rules.formulas import TYPED, Definition, Figure, Year, figures_of
from leeward.laws.pages import standing
from leeward.people.queries import PortalRow, portals_of

COLUMNS = ("portal", "year", "indicator", "of", "number", "unit", "why")


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
    typed = TypedFigure.objects.filter(year=year, **({"portal_id": portal_id} if portal_id else {})).order_by()
    found = typed.values_list("series", "half").annotate(n=Sum("number"))
    medians = {series: median_of(tallies, series) for series in HOURS}
    return Year(
        cells_of(tallies),
        {series: hours for series, hours in medians.items() if hours is not None},
        {(series, half): number for series, half, number in found},
        has_data=bool(tallies),
    )


def tallies_of(portal_id: int | None, year: int) -> Tallies:
    """Return what was counted in a year, by month."""
    rows = Tally.objects.filter(year=year, **({"portal_id": portal_id} if portal_id else {})).order_by()
    found = rows.values_list("month", "series", "value").annotate(n=Sum("number"))
    return {(month, series, value): number for month, series, value, number in found}


def all_figures(year: Year) -> Iterator[tuple[Definition, list[Figure]]]:
    """Return every indicator with its figures, in the order of the definitions."""
    for definition in DEFINITIONS:
        yield definition, figures_of(definition, year)


def rows_for(portal: PortalRow | None, year: int, found: Year, names: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return a year as rows of a table, of all indicators or of those named; the same for CSV, JSON and the API."""
    where = portal.slug if portal else "all"
    wanted = [BY_NAME[name] for name in names] or DEFINITIONS
    return [
        dict(zip(COLUMNS, (where, year, one.name, one.of, one.number, one.unit, one.why), strict=True))
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


def first_rows(definition: Definition) -> list[dict[str, Any]]:
    """Return the figures of the toolkit with which a long series begins, each with its year, place and source."""
    if definition.how != TYPED:
        return []
    return [row for row in standing.figures() if row["quantity"] in definition.first_rows]


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
                {(series, half): number for series, half, number in row.typed},
                has_data=any(number != 0 for number in row.shown.values()),
            ),
        )
        for row in rows[:200]
    ]
