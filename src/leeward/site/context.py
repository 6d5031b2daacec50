"""Context for every page of the desk: active alarms."""

from typing import Any

from django.http import HttpRequest

from leeward.people.access import actor_of
from leeward.site.health import shown_to


def alarms(request: HttpRequest) -> dict[str, Any]:
    """Return `what_is_ill` for whoever is signed in at the desk."""
    if not request.path.startswith("/desk") or not hasattr(request, "user"):  # refused before authentication
        return {}
    hotline_id = actor_of(request).hotline_id if request.user.is_authenticated else None
    return {"what_is_ill": shown_to(hotline_id) if hotline_id is not None else []}
