"""The desk's page on hosting and the law of its time: what may be shown to a ministry, and what is for the desk alone."""

from datetime import UTC, date, datetime
from math import isinf
from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.indicators import drift, services
from leeward.indicators.errors import SeriesUnusable
from leeward.indicators.forms import SeriesForm
from leeward.indicators.labels import LAW_BANDS, WHY
from leeward.indicators.rules.drift import Cell, Rising, Stay, Week
from leeward.indicators.rules.formulas import HIDDEN
from leeward.indicators.rules.hosting_table import MOST_BYTES
from leeward.indicators.rules.intervals import Interval
from leeward.indicators.rules.table import as_csv
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.queries import country_names
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

COLUMNS = ("source", "year", "law_met", "cases_at_least", "cases_at_most", "whole", "share_low", "share_high", "cases")
HERE = "published here"


@require_http_methods(["GET", "HEAD", "POST"])
@staff("figure.read")
def hosting(request: HttpRequest) -> HttpResponse:
    """GET: hosting beside the law. POST: the part that may be shown as CSV, or a series of others taken in."""
    actor = actor_of(request)
    hotline_id = actor.hotline_id or 0
    if request.method == "POST" and "file" not in request.FILES and request.POST.get("act") != "take":
        found = drift.drift_of(hotline_id)
        services.note_export("hosting", datetime.now(UTC).year, actor=actor)
        answer = HttpResponse(as_csv(COLUMNS, _rows(found.cells, found.weeks)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="hosting-and-law.csv"'
        return answer
    form = SeriesForm(request.POST, request.FILES) if request.method == "POST" else SeriesForm()
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(MOST_BYTES + 1)
            day: date = form.cleaned_data["source_date"]
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose="hosting:series"):
                    demand_as_shown(request, drift.mark_of_series())
                    drift.take_series(content, source=form.cleaned_data["source"], source_date=day, actor=actor)
                    flash.success(request, _("Saved."))
            return redirect(reverse("indicators_desk:show-hosting"))
        except SeriesUnusable as error:
            form.add_error(None, error.text)
        except EnteredSince as error:
            form.add_error(None, f"{error.text} {error.hint}")
    found = drift.drift_of(hotline_id)
    values = {
        "cells": [_cell(one) for one in found.cells],
        "rising": [_rising(one) for one in found.rising],
        "weeks": [_week(one) for one in found.weeks],
        "stays": [_stay(one) for one in found.stays],
        "sources": found.sources,
        "form": form,
        "seen": drift.mark_of_series(),
        "may_take": bool(may(actor, drift.ACT, hotline_id)),
        "once": new_form_key(),
    }
    return render(request, "indicators/desk_drift.html", values, status=422 if form.errors else 200)


def _rows(cells: list[Cell], weeks: list[Week]) -> list[dict[str, Any]]:
    """Return what was hosted by law, then what was gone in a week of those whose host was told; hidden numbers are empty."""
    rows: list[tuple[object, ...]] = [
        (one.source or HERE, one.year, one.band, one.low, one.high, one.whole, *_ends(one.share), "hosted")
        for one in cells
    ]
    for week in weeks:
        gone = round(week.gone.value * (week.number or 0)) if week.gone else ""
        whole = "" if week.number is None else week.number
        ends = _ends(week.gone) if week.gone else ("", "")
        rows.append((HERE, week.year, week.band, gone, gone, whole, *ends, "gone_in_7_days"))
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _ends(share: Interval) -> tuple[float, float]:
    return round(100 * share.low, 1), round(100 * share.high, 1)


def _percent(one: Interval) -> str:
    return f"{100 * one.low:.1f}–{100 * one.high:.1f}"


def _cell(one: Cell) -> dict[str, Any]:
    number = str(one.low) if one.low == one.high else f"{one.low}–{one.high}"
    law, source = LAW_BANDS[one.band], _source(one)
    return {"one": one, "law": law, "number": number, "share": _percent(one.share), "source": source}


def _rising(one: Rising) -> dict[str, Any]:
    name = country_names().get(one.country, one.country)
    shares = [f"{100 * share.value:.1f}" for share in (one.before, one.after)]
    laws = [LAW_BANDS[band] for band in (one.then, one.now)]
    change, source = _percent(one.change), _source(one)
    return {"one": one, "name": name, "shares": shares, "change": change, "laws": laws, "source": source}


def _source(one: Cell | Rising) -> str:
    return one.source or _("published here")


def _week(one: Week) -> dict[str, Any]:
    return {"one": one, "law": LAW_BANDS[one.band], "gone": _percent(one.gone) if one.gone else WHY[HIDDEN]}


def _stay(one: Stay) -> dict[str, Any]:
    days = None
    if one.days:
        days = [
            _("not until now") if isinf(day) else f"{day:g}" for day in (one.days.value, one.days.low, one.days.high)
        ]
    return {"one": one, "law": LAW_BANDS[one.band], "days": days, "week": _percent(one.in_a_week)}
