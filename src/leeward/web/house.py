"""The hotline whose desk a page belongs to: its name and its time zone, queried at most once per page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import lazy

from leeward.people.access import house_of

DESK = "/desk/"


def name_of(request: HttpRequest) -> str:
    """Return the name of the signed-in person's hotline; no query if the page has loaded it already."""
    user: Any = request.user
    if not user.is_authenticated:
        return ""
    return user.hotline.name if "hotline" in user._state.fields_cache else house_of(request).name


def unused_parts_of(request: HttpRequest) -> frozenset[str]:
    """Return the parts of the desk that the signed-in person's hotline left out."""
    user: Any = request.user
    if "hotline" in user._state.fields_cache:
        return frozenset(user.hotline.unused_parts)
    return frozenset(house_of(request).unused_parts)


def zone_of(request: HttpRequest) -> Any:
    """Return the time zone of a page without a portal: on the desk the hotline's, queried only when a time is shown.
    Public pages never check who is signed in."""
    return lazy(_zone, str)(request) if request.path.startswith(DESK) else settings.TIME_ZONE


def _zone(request: HttpRequest) -> str:
    user: Any = request.user
    return house_of(request).zone if user.is_authenticated else settings.TIME_ZONE
