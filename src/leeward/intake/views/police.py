"""The page that says what the police of the country will do and won't; there is none until somebody reviewed it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.intake.views.public import public
from leeward.people.queries import PortalRow
from leeward.people.rules.police_words import sentences


@public
def police(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """Show the reviewed sentences."""
    found = sentences(portal.police_words)
    if not found:
        raise Http404
    return render(request, "intake/police.html", {"sentences": found})
