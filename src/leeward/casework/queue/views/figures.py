"""The figures of a month, by portal and together."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leeward.casework.exposure.services.budget import local_now
from leeward.casework.queue.queries.figures import figures_of
from leeward.people.access import actor_of, staff
from leeward.people.queries import time_zone_of

FIRST_YEAR = 2000


@staff("case.reassign")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show what came in through each portal in a month, and what became of it so far."""
    hotline_id = actor_of(request).hotline_id or 0
    zone = time_zone_of(hotline_id)
    current = local_now(hotline_id, zone=zone).date().replace(day=1)
    month = min(_month(request.GET.get("month", "")) or current, current)
    until = _next(month)
    rows, together = figures_of(hotline_id, month, until, zone)
    values = {
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": until if month < current else None,
        "rows": rows,
        "together": together,
    }
    return render(request, "casework/queue/figures.html", values)


def _month(text: str) -> date | None:
    """Return the first day of a month written as 2026-11, or None."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if found.year >= FIRST_YEAR else None


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
