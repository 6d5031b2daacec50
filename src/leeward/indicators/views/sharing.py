"""What others put on their own pages or follow: a chart as a picture, and the feed of editions and corrections."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_scopes import scope

from leeward.indicators import queries
from leeward.indicators.definitions import BY_NAME
from leeward.indicators.feed import as_atom
from leeward.indicators.labels import ABOUT, ROUNDED_NOTE, value_label
from leeward.indicators.open_files import cite_of
from leeward.indicators.queries import PublishedRow
from leeward.indicators.rules.drawn import chart_of
from leeward.indicators.rules.formulas import ROUNDED, Definition, figures_of, intervals_of
from leeward.indicators.rules.open_data import LICENCE
from leeward.indicators.rules.picture import WIDTH, in_words, picture_of
from leeward.indicators.views.reading import editions_or_404, portal_or_404
from leeward.people.queries import PortalRow


@require_safe
def picture(request: HttpRequest, portal: str, year: int, name: str) -> HttpResponse:
    """Show a chart of a year's newest edition as a picture that any page may embed: no script, with source and date."""
    row, editions = editions_or_404(request, portal, year)
    definition = BY_NAME.get(name)
    found = drawing_of(definition, row, editions[0]) if definition else None
    if found is None:
        raise Http404
    answer = render(request, "indicators/picture.svg", found, content_type="image/svg+xml")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@require_safe
def feed(request: HttpRequest, portal: str) -> HttpResponse:
    """The feed of a portal's editions and corrections."""
    row = portal_or_404(request, portal)
    with scope(hotline=row.hotline_id):
        editions = queries.editions_of(row.id)
    site = request.build_absolute_uri("/").rstrip("/")
    path = request.place.path("figures/feed.atom")  # type: ignore[attr-defined]
    text = as_atom(row, editions, site=site, path=path, language=get_language() or "en")
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def drawing_of(definition: Definition, row: PortalRow, edition: PublishedRow) -> dict[str, Any] | None:
    """Return a chart with everything that stands on its picture, and the same in words; None where there is no chart."""
    if not definition.is_drawn:
        return None
    found = [one for one in figures_of(definition, edition.figures) if one.of]
    rows = [(value_label(one.name, one.of), one.number) for one in found]
    signs = {value_label(one.name, one.of): ABOUT for one in found if one.why == ROUNDED}
    reach = intervals_of(definition, edition.figures)
    if reach:  # a curve ends where too few were watched
        rows = [one for one in rows if one[1] is not None]
    chart = chart_of(rows, {value_label(definition.name, of): ends for of, ends in reach.items()}, signs)
    if chart is None:
        return None
    title = _("%(name)s, %(year)s: %(title)s") % {"name": row.name, "year": edition.year, "title": definition.title}
    source = f"{cite_of(row, edition)} {LICENCE['title']}."
    notes = [str(ROUNDED_NOTE), source] if signs else [source]
    in_signs = [(label, f"{signs[label]} {number}" if label in signs else number) for label, number in rows]
    return {
        "width": WIDTH,
        "picture": picture_of(title, chart, notes),
        "title": title,
        "words": in_words(title, in_signs, _("not shown"), " ".join(notes)),
    }
