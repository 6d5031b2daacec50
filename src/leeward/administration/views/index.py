"""One page with links to everything that an administrator sets, each area with its state in one line."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leeward.administration.areas import areas_of
from leeward.people import queries as people_queries
from leeward.people.access import actor_of, staff


@staff("hotline.edit")
@require_safe
def show_index(request: HttpRequest) -> HttpResponse:
    """Show portals that are not open yet first, then every area."""
    actor = actor_of(request)
    portals = people_queries.portals_of(actor.hotline_id or 0)
    values = {
        "waiting": [row for row in portals if not row.takes_reports and row.handed_over_at is None],
        "groups": areas_of(actor, portals),
    }
    return render(request, "administration/index.html", values)
