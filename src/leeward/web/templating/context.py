"""The context available to every template."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from leeward.people.queries import shown_helplines
from leeward.people.rules.helplines import ADULT, CHILD, in_order
from leeward.web.house import zone_of
from leeward.web.place import Place, place_of

# Where "Leave this page" leads on pages without a portal: the United Nations' weather service.
EXIT_URL = "https://worldweather.wmo.int/"


def page(request: HttpRequest) -> dict[str, Any]:
    """Return `place`, `portal`, `pages` (the navigation), `exit_url`, `time_zone` and `demonstration` for every template, and
    `helplines` (those that the portal's visitors see) and `helpline` (the first of them for whoever reads this, or None),
    which are looked up only where a template uses them.
    """
    place = place_of(request)
    portal = place.portal
    lines = cache(lambda: shown_helplines(portal.id) if portal else [])
    return {
        "place": place,
        "portal": portal,
        "pages": _pages(place),
        "exit_url": (portal.exit_url if portal else "") or EXIT_URL,
        "time_zone": portal.time_zone if portal else zone_of(request),
        "demonstration": settings.LEEWARD.demonstration,
        "helplines": SimpleLazyObject(lines),
        "helpline": SimpleLazyObject(lambda: next(iter(in_order(lines(), (CHILD, ADULT))), None)),
    }


def _pages(place: Place) -> list[dict[str, Any]]:
    if place.portal:
        names = [
            ("report", _("Report")),
            ("receipt", _("Your receipt")),
            ("appeal", _("Ask for a review")),
            ("learn", _("Learn")),
            ("privacy", _("What we keep")),
        ]
    else:
        names = [
            ("", _("Countries")),
            ("law", _("The law")),
            ("figures", _("Figures")),
            ("learn", _("Learn")),
            ("privacy", _("What we keep")),
            ("proof", _("Proof")),
            ("accessibility", _("Accessibility")),
        ]
    return [
        {
            "path": place.path(page),
            "title": title,
            "is_current": place.page == page or (page != "" and place.page.startswith(page + "/")),
        }
        for page, title in names
    ]
