"""The hotline's log, for auditors."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leeward.audit.queries import log_page
from leeward.people.access import actor_of, staff
from leeward.people.queries import staff_names

PER_PAGE = 100


@require_GET
@staff("log.read")
def log(request: HttpRequest) -> HttpResponse:
    """One page of the log, newest first, of all acts or those whose name begins so."""
    actor = actor_of(request)
    before = request.GET.get("before", "")
    event = request.GET.get("event", "").strip()[:80]
    lines = log_page(
        actor.hotline_id or 0,
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
        event=event,
        most=PER_PAGE + 1,
    )
    names = staff_names(actor.hotline_id or 0)
    rows = [
        (line, datetime.fromisoformat(line.at), _who(line.actor, names), sorted(line.facts.items()))
        for line in lines[:PER_PAGE]
    ]
    values = {"rows": rows, "event": event, "next": lines[PER_PAGE - 1].number if len(lines) > PER_PAGE else None}
    return render(request, "casework/log.html", values)


def _who(label: str, names: dict[int, str]) -> str:
    kind, _colon, number = label.partition(":")
    return names.get(int(number), label) if kind == "staff" and number.isdecimal() else kind
