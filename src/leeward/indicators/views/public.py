"""The public pages: what was published, for everybody; no script, no cookie, nothing kept about who reads it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_scopes import scope

from leeward.indicators import queries
from leeward.indicators.labels import UNITS, WHY, value_label
from leeward.indicators.open_files import cite_of, package_of
from leeward.indicators.queries import PublishedRow
from leeward.indicators.rules.drawn import chart_of
from leeward.indicators.rules.formulas import SPREAD, Definition, Figure
from leeward.indicators.rules.open_data import LICENCE, as_sdmx
from leeward.indicators.rules.table import as_csv
from leeward.people.queries import PortalRow, portals_open

TILES = ("reports", "illegal_cases", "removed", "removed_share")


@require_safe
def portals(request: HttpRequest) -> HttpResponse:
    """List the countries whose figures are published here, with their newest year."""
    rows = []
    for row in portals_open():
        with scope(hotline=row.hotline_id):
            newest = queries.editions_of(row.id)[:1]
        rows += [(row, one.year) for one in newest]
    return render(request, "indicators/public_portals.html", {"rows": rows})


@require_safe
def figures(request: HttpRequest, portal: str) -> HttpResponse:
    """Show a portal's published figures of a year: charts, the table behind each, and every correction."""
    row = _portal(request, portal)
    with scope(hotline=row.hotline_id):
        editions = queries.editions_of(row.id)
    years = list(dict.fromkeys(one.year for one in editions))
    wanted = _chosen(request.GET.get("year", ""), years)
    of_year = [one for one in editions if one.year == wanted]
    values: dict[str, Any] = {"years": years, "year": wanted, "editions": of_year}
    if of_year:
        shown = [_shown(definition, found) for definition, found in queries.all_figures(of_year[0].figures)]
        values |= {
            "newest": of_year[0],
            "charts": [one for one in shown if one["is_spread"]],
            "rows": [one for one in shown if not one["is_spread"]],
            "tiles": [one for name in TILES for one in shown if one["one"].name == name],
            "licence": LICENCE,
            "cite": cite_of(row, of_year[0]),
        }
    return render(request, "indicators/public_figures.html", values)


@require_safe
def data(request: HttpRequest, portal: str, year: int) -> HttpResponse:
    """Download the newest edition of a year as CSV."""
    row, found = _newest(request, portal, year)
    text = as_csv(queries.COLUMNS, queries.rows_for(row, year, found.figures))
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


@require_safe
def sdmx(request: HttpRequest, portal: str, year: int) -> HttpResponse:
    """Download the newest edition of a year as SDMX-CSV."""
    row, found = _newest(request, portal, year)
    text = as_sdmx(queries.rows_for(row, year, found.figures), country=row.country)
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


@require_safe
def package(request: HttpRequest, portal: str, year: int) -> HttpResponse:
    """Download what describes the CSV: a Frictionless data package."""
    row, found = _newest(request, portal, year)
    return HttpResponse(package_of(row, found), content_type="application/json")


def _portal(request: HttpRequest, slug: str) -> PortalRow:
    row: PortalRow | None = getattr(request, "portal", None)
    if row is None or row.slug != slug:
        raise Http404
    return row


def _newest(request: HttpRequest, portal: str, year: int) -> tuple[PortalRow, PublishedRow]:
    row = _portal(request, portal)
    with scope(hotline=row.hotline_id):
        found = queries.editions_of(row.id, year) if year < 10_000 else []
    if not found:
        raise Http404
    return row, found[0]


def _chosen(text: str, years: list[int]) -> int | None:
    return next((year for year in years if str(year) == text), next(iter(years), None))


def _shown(definition: Definition, found: list[Figure]) -> dict[str, Any]:
    rows = [(value_label(one.name, one.of) if one.of else "", one.number, WHY.get(one.why, "")) for one in found]
    is_spread = definition.how == SPREAD
    return {
        "one": definition,
        "unit": UNITS[definition.unit],
        "rows": rows,
        "first": rows[0],
        "is_spread": is_spread,
        "chart": chart_of([(label, number) for label, number, _ in rows]) if is_spread and found[0].of else None,
    }
