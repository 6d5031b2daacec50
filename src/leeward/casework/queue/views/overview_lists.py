"""The lists behind the numbers of the overview."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from leeward.casework import queries
from leeward.casework.queue.queries.overview import local_midnight
from leeward.casework.queue.queries.overview_lists import CASE_LISTS, LISTS, cases_behind, recent_assessments
from leeward.people.access import actor_of, staff
from leeward.people.queries import staff_names
from leeward.web_security.paging import page_of

TITLES = {
    "held": _("Assigned"),
    "ending_holds": _("Holds that end within a day"),
    "received": _("Received today"),
    "removed": _("Removed today"),
    "assessed": _("Assessments today"),
}


@staff("case.reassign")
@require_GET
def overview_list(request: HttpRequest) -> HttpResponse:
    """Show one list, of everybody or of one person, as the address says."""
    actor, now = actor_of(request), timezone.now()
    hotline_id = actor.hotline_id or 0
    name, given = request.GET.get("list", "held"), request.GET.get("who", "")
    name = name if name in LISTS else "held"
    names = staff_names(hotline_id)
    who = int(given) if given.isdecimal() and len(given) < 19 and int(given) in names else None
    midnight = local_midnight(hotline_id, now)
    values = {
        "name": name,
        "title": TITLES[name],
        "whose": names.get(who, "") if who and name in ("held", "assessed") else "",
        "names": names,
        "now": now,
    }
    number = request.GET.get("page")
    if name in CASE_LISTS:
        page = page_of(cases_behind(name, midnight=midnight, now=now, who=who), number)
        values |= {"page": page, "rows": queries.rows_of(page.rows, actor.id or 0)}
    else:
        assessments = page_of(recent_assessments(midnight=midnight, who=who), number)
        values |= {"page": assessments, "assessments": assessments.rows}
    return render(request, "casework/queue/overview_list.html", values)
