"""Earlier cases that a case is linked with, and where its content was over time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leeward.casework.merging.queries import MOST_LINKED, links_of, mergings_of
from leeward.casework.rules.permitted import permitted
from leeward.casework.timeline.queries.trail import trail_of
from leeward.casework.views.doing import case_here, is_part
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import acts_of
from leeward.web_security.keys import new_form_key


@require_GET
@staff("case.read")
def links(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the cases with the same site, file or owner: how many of each, and the newest."""
    actor = actor_of(request)
    case = case_here(reference, request)
    values = {
        "case": case,
        "links": links_of(case, actor.id or 0),
        "mergings": mergings_of(case.pk),
        "most": MOST_LINKED,
        "may": permitted(acts_of(actor.roles)),
        "once": new_form_key(),
        "time_zone": case.portal.time_zone,
    }
    return render(request, f"casework/merging/{'includes/' if is_part(request) else ''}links.html", values)


@require_GET
@staff("case.read")
def trail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where the content was over time: moved, reuploaded, on other sites and in other countries."""
    case = case_here(reference, request)
    has_heading = is_part(request) and not request.GET.get(
        "bare"
    )  # a page whose heading is already there asks for the part only
    values = {"case": case, "stops": trail_of(case), "has_heading": has_heading, "time_zone": case.portal.time_zone}
    return render(request, f"casework/timeline/{'includes/' if is_part(request) else ''}trail.html", values)
