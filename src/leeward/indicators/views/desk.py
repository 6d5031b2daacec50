"""The desk's pages: the figures of a year, and those that are typed in."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import NotFound
from leeward.indicators import publishing, queries, services
from leeward.indicators.definitions import BY_NAME, DEFINITIONS
from leeward.indicators.errors import FigureUnusable, NotPublishable
from leeward.indicators.forms import TypedForm
from leeward.indicators.labels import HALVES, in_words
from leeward.indicators.rules.table import as_csv
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.queries import PortalRow, portals_of
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_http_methods(["GET", "HEAD", "POST"])
@staff("figure.read")
def year(request: HttpRequest) -> HttpResponse:
    """GET: the figures of a year, of a portal or of all. POST: the same as CSV."""
    actor = actor_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    portal = _portal(asked.get("portal", ""), actor.hotline_id or 0)
    years = queries.years_of(portal.id if portal else None)
    wanted = _year(asked.get("year", ""), years)
    found = queries.year_of(portal.id if portal else None, wanted)
    if request.method == "POST":
        services.note_export(portal.slug if portal else "all", wanted, actor=actor)
        text = as_csv(queries.COLUMNS, queries.rows_for(portal, wanted, found))
        answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
        name = f"figures-{portal.slug if portal else 'all'}-{wanted}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    values = {
        "portal": portal,
        "portals": portals_of(actor.hotline_id or 0),
        "year": wanted,
        "years": years,
        "counted_at": queries.counted_at(),
        "has_data": found.has_data,
        "editions": queries.editions_of(portal.id, wanted) if portal else [],
        "rounds": portal is not None and queries.rounds(portal.id),
        "may_publish": portal is not None and bool(may(actor, "figure.publish", actor.hotline_id)),
        "once": new_form_key(),
        "mark": publishing.mark_of_year(found),
        "rows": [in_words(definition, figures) for definition, figures in queries.all_figures(found)],
    }
    return render(request, "indicators/desk_year.html", values)


@require_POST
@staff("figure.publish")
def publish(request: HttpRequest, portal: str, year: int) -> HttpResponse:
    """Publish a portal's figures of a year; a further edition says what was corrected. Or only say that some numbers changed."""
    actor = actor_of(request)
    row = _portal(portal, actor.hotline_id or 0)
    if row is None:
        raise NotFound(what=_("portal"))
    back = f"{reverse('indicators_desk:show-year')}?portal={row.slug}&year={year}"
    with hotline_transaction():
        is_new = use_once(request.POST.get("once", ""), purpose=f"figures:publish:{row.id}:{year}")
    if is_new:
        note, now = request.POST.get("note", ""), datetime.now(UTC)
        try:
            if request.POST.get("act") == "note":
                publishing.note_changes(row.id, year, actor=actor, now=now)
            else:
                is_rounded = "rounded" in request.POST
                seen = request.POST.get("seen", "")
                publishing.publish_year(row.id, year, note=note, actor=actor, now=now, is_rounded=is_rounded, seen=seen)
            flash.success(request, _("Published. Everybody can see them now."))
        except NotPublishable as error:
            flash.error(request, f"{error.text} {error.hint}")
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("figure.edit")
def typed(request: HttpRequest, portal: str) -> HttpResponse:
    """List the figures that were typed in for a portal; POST keeps one more, by a page that shows what is there now."""
    actor = actor_of(request)
    row = _portal(portal, actor.hotline_id or 0)
    if row is None:
        raise NotFound(what=_("portal"))
    form = TypedForm(request.POST) if request.method == "POST" else TypedForm.empty(datetime.now(UTC).date())
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"figure:typed:{row.id}"):
                    demand_as_shown(request, queries.mark_of_typed(row.id))
                    services.type_figure(portal_id=row.id, actor=actor, **form.cleaned_data)
                    flash.success(request, _("Saved."))
            return redirect(reverse("indicators_desk:type-figures", args=[row.slug]))
        except FigureUnusable as error:
            form.add_error(None, error.text)
        except EnteredSince as error:  # what was typed stays, above what is there now
            form.add_error(None, f"{error.text} {error.hint}")
    values = {
        "portal": row,
        "seen": queries.mark_of_typed(row.id),
        "form": form,
        "rows": [_typed_row(one) for one in queries.typed_figures(row.id)],
        "first": [
            {"title": definition.title, **one} for definition in DEFINITIONS for one in queries.first_rows(definition)
        ],
        "once": new_form_key(),
    }
    return render(request, "indicators/desk_typed.html", values, status=422 if form.errors else 200)


def _portal(slug: str, hotline_id: int) -> PortalRow | None:
    """Return the portal with this short name; None where none is named. Raises NotFound for another's."""
    if not slug:
        return None
    found = next((row for row in portals_of(hotline_id) if row.slug == slug), None)
    if found is None:
        raise NotFound(what=_("portal"))
    return found


def _year(text: str, years: list[int]) -> int:
    """Return the year that is asked for where there is anything about it, else the newest."""
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return wanted if wanted in years else next(iter(years), datetime.now(UTC).year)


def _typed_row(row: queries.TypedRow) -> dict[str, Any]:
    return {
        "row": row,
        "title": BY_NAME[row.series].title,
        "half": HALVES.get(f"h{row.half}", ""),
    }
