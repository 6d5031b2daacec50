"""The public pages: what was published, for everybody; no script, no cookie, nothing kept about who reads it."""

from importlib.util import find_spec
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_scopes import scope

from leeward.indicators import queries
from leeward.indicators.labels import CHAPTERS, ROUNDED_NOTE, in_words
from leeward.indicators.open_files import cite_of, package_of
from leeward.indicators.queries import PublishedRow
from leeward.indicators.report import report_html, report_pdf
from leeward.indicators.rules.formulas import Definition, Figure
from leeward.indicators.rules.open_data import LICENCE, as_sdmx
from leeward.indicators.rules.table import as_csv
from leeward.indicators.views.reading import editions_or_404, portal_or_404
from leeward.indicators.views.sharing import drawing_of
from leeward.people.queries import PortalRow, portals_open

TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
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
    row = portal_or_404(request, portal)
    with scope(hotline=row.hotline_id):
        editions = queries.editions_of(row.id)
    years = list(dict.fromkeys(one.year for one in editions))
    wanted = _chosen(request.GET.get("year", ""), years)
    of_year = [one for one in editions if one.year == wanted]
    values: dict[str, Any] = {"years": years, "year": wanted, "editions": of_year}
    if of_year:
        shown = [
            _shown(definition, found, row, of_year[0]) for definition, found in queries.all_figures(of_year[0].figures)
        ]
        values |= {
            "newest": of_year[0],
            "rounded": ROUNDED_NOTE if of_year[0].figures.rounded else "",
            "feed": request.place.path("figures/feed.atom"),  # type: ignore[attr-defined]
            "report": request.place.path(f"figures/{wanted}/report"),  # type: ignore[attr-defined]
            "chapters": _chapters([_embedded(one, request, of_year[0]) for one in shown if one["is_spread"]]),
            "rows": [one for one in shown if not one["is_spread"]],
            "tiles": [one for name in TILES for one in shown if one["one"].name == name],
            "licence": LICENCE,
            "cite": cite_of(row, of_year[0]),
        }
    return render(request, "indicators/public_figures.html", values)


@require_safe
def data(request: HttpRequest, portal: str, year: int) -> HttpResponse:
    """Download the newest edition of a year as CSV."""
    row, (found, *_) = editions_or_404(request, portal, year)
    text = as_csv(queries.COLUMNS, queries.rows_for(row, year, found.figures))
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


@require_safe
def sdmx(request: HttpRequest, portal: str, year: int) -> HttpResponse:
    """Download the newest edition of a year as SDMX-CSV."""
    row, (found, *_) = editions_or_404(request, portal, year)
    text = as_sdmx(queries.rows_for(row, year, found.figures), country=row.country)
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


@require_safe
def package(request: HttpRequest, portal: str, year: int) -> HttpResponse:
    """Download what describes the CSV: a Frictionless data package."""
    row, (found, *_) = editions_or_404(request, portal, year)
    return HttpResponse(package_of(row, found), content_type="application/json")


@require_safe
def report(request: HttpRequest, portal: str, year: int, kind: str) -> HttpResponse:
    """Download the report of a year in the language of the path, as a page by itself or as tagged PDF."""
    row, editions = editions_or_404(request, portal, year)
    if kind == "pdf" and find_spec("weasyprint") is None:
        raise Http404
    with scope(hotline=row.hotline_id):
        html = report_html(row, editions, get_language() or row.languages[0])
    answer = HttpResponse(report_pdf(html) if kind == "pdf" else html, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="report-{row.slug}-{year}.{kind}"'
    return answer


def _chosen(text: str, years: list[int]) -> int | None:
    return next((year for year in years if str(year) == text), next(iter(years), None))


def _chapters(charts: list[dict[str, Any]]) -> list[tuple[str, object, list[dict[str, Any]]]]:
    by_name = {one["one"].name: one for one in charts}
    return [(name, title, [by_name[one] for one in names]) for name, (title, names) in CHAPTERS.items()]


def _shown(definition: Definition, found: list[Figure], row: PortalRow, edition: PublishedRow) -> dict[str, Any]:
    words, drawing = in_words(definition, found), drawing_of(definition, row, edition)
    return words | {
        "drawing": drawing,
        "chart": drawing["picture"].chart if drawing else None,
    }


def _embedded(shown: dict[str, Any], request: HttpRequest, edition: PublishedRow) -> dict[str, Any]:
    """Return a chart with the line of HTML by which another page shows it."""
    found = shown["drawing"]
    if found is None:
        return shown
    path = request.place.path(f"figures/{edition.year}/{shown['one'].name}.svg")  # type: ignore[attr-defined]
    line = format_html(
        '<img src="{}" alt="{}" width="{}" height="{}">',
        request.build_absolute_uri(path),
        found["words"],
        found["width"],
        found["picture"].height,
    )
    return shown | {"picture": path, "embed": str(line)}
