"""Context for every page of the desk: active alarms."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from leeward.people.access import actor_of
from leeward.people.rules.permissions import may
from leeward.site.alarms import PAGES
from leeward.site.health import shown_to


def alarms(request: HttpRequest) -> dict[str, Any]:
    """Return `what_is_ill` for whoever is signed in at the desk, each alarm with the page that they may open for it."""
    if not request.path.startswith("/desk") or not hasattr(request, "user"):  # refused before authentication
        return {}
    actor = actor_of(request) if request.user.is_authenticated else None
    if actor is None or actor.hotline_id is None:
        return {"what_is_ill": []}
    pages = {code: reverse(page) for code, (page, act) in PAGES.items() if may(actor, act, actor.hotline_id)}
    return {"what_is_ill": [(alarm, pages.get(alarm.code, "")) for alarm in shown_to(actor.hotline_id)]}
