"""The hotline whose desk a page belongs to: its name and its time zone, asked for at most once a page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import lazy

from leeward.people.queries import name_and_zone

DESK = "/desk/"


def name_of(request: HttpRequest) -> str:
    """The name of the signed-in person's hotline; not asked for where the page has read it along with something else."""
    user: Any = request.user
    if not user.is_authenticated:
        return ""
    return user.hotline.name if "hotline" in user._state.fields_cache else _house(request)[0]


def zone_of(request: HttpRequest) -> Any:
    """The time zone of a page without a portal: on the desk the hotline's, asked for where a time is shown. No page of the public
    asks who is signed in."""
    return lazy(_zone, str)(request) if request.path.startswith(DESK) else settings.TIME_ZONE


def _zone(request: HttpRequest) -> str:
    user: Any = request.user
    return _house(request)[1] if user.is_authenticated else settings.TIME_ZONE


def _house(request: Any) -> tuple[str, str]:
    if not hasattr(request, "house"):
        request.house = name_and_zone(request.user.hotline_id)
    return request.house  # type: ignore[no-any-return]
