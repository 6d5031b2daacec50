"""Running clocks: overdue, due soon or paused; each links to its case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from leeward.clocks import labels, queries
from leeward.clocks.rules.recommended import KINDS
from leeward.people.access import actor_of, staff
from leeward.people.queries import staff_names
from leeward.web_security.paging import page_of


@staff("case.reassign")
@require_GET
def list_clocks(request: HttpRequest) -> HttpResponse:
    """Show one list, by kind and by late, soon or paused, as the address says."""
    now = timezone.now()
    when, kind = request.GET.get("when", "late"), request.GET.get("kind", "")
    when, kind = when if when in queries.WHENS else "late", kind if kind in KINDS else ""
    page = page_of(queries.clocks(when, kind, now), request.GET.get("page"))
    values = {
        "when": when,
        "kind": kind,
        "word": labels.RULES[kind] if kind else "",
        "when_word": labels.WHENS[when],
        "whens": labels.WHENS.items(),
        "kinds": [(name, labels.RULES[name]) for name in KINDS],
        "page": page,
        "rows": [
            (queries.clock_row(clock), labels.RULES[clock.rule_kind], labels.PAUSES.get(clock.pause_reason, ""))
            for clock in page.rows
        ],
        "names": staff_names(actor_of(request).hotline_id or 0),
        "now": now,
    }
    return render(request, "clocks/running.html", values)
