"""What every page of the desk shows beside its own: what is ill."""

from typing import Any

from django.http import HttpRequest

from leeward.people.models import User
from leeward.site.health import shown_to


def alarms(request: HttpRequest) -> dict[str, Any]:
    """`what_is_ill` for whoever is signed in at the desk."""
    if not request.path.startswith("/desk") or not hasattr(request, "user"):  # refused before anybody was signed in
        return {}
    user = request.user
    return {"what_is_ill": shown_to(user.hotline_id) if isinstance(user, User) else []}
