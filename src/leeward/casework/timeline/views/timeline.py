"""What happened to a case, from all sources, newest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leeward.casework.rules.permitted import permitted
from leeward.casework.timeline.queries.history import history_of, mails_of
from leeward.casework.views.doing import case_here, is_part
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import acts_of
from leeward.web_security.keys import new_form_key


@require_GET
@staff("case.read")
def timeline(request: HttpRequest, reference: str) -> HttpResponse:
    """Show acts, notes, messages, answers and checks on one timeline; a blind second assessor doesn't see what must
    stay hidden.
    """
    case = case_here(reference, request)
    actor = actor_of(request)
    values = {
        "case": case,
        "events": history_of(case, actor=actor),
        "may": permitted(acts_of(actor.roles)),
        "once": new_form_key(),
        "time_zone": case.portal.time_zone,
    }
    name = "includes/timeline.html" if is_part(request) else "timeline.html"
    return render(request, f"casework/timeline/{name}", values)


@require_GET
@staff("case.read")
def mails(request: HttpRequest, reference: str) -> HttpResponse:
    """Show all mails that answer letters about a case, whole, page by page: the timeline shows so much of very many."""
    case = case_here(reference, request)
    page = mails_of(case, request.GET.get("page"))
    values = {"case": case, "page": page, "events": page.rows, "time_zone": case.portal.time_zone}
    return render(request, "casework/timeline/mails.html", values)
