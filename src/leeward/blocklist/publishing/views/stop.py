"""The public stop page; nothing is kept about who sees it."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leeward.blocklist.publishing.services.stopping import count_shown
from leeward.blocklist.publishing.stop_page import STATUS, links_below, only_portal, page_values
from leeward.people.queries import portals_open


@require_safe
def stop(request: HttpRequest, portal: str = "") -> HttpResponse:
    """Show what happened, under which law, and whom to ask; status 451 (RFC 7725)."""
    place = getattr(request, "place", None)
    found = place.portal if place and place.portal else only_portal()
    if portal and (place is None or place.portal is None):
        raise Http404
    count_shown(datetime.now(UTC).date())
    values = page_values(found)
    values["portals"] = [] if found else portals_open()
    if found:
        values |= links_below(place.path("") if place and place.portal else f"/{found.slug}/")
    response = render(request, "publishing/stop.html", values, status=STATUS)
    response["Link"] = f'<{settings.LEEWARD.base_url}/>; rel="blocked-by"'
    return response
