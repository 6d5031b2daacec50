"""Pages that can be played: the hotline's recording of a page in the visitor's language, where there is one."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from leeward.intake.views.public import public
from leeward.people.queries import PortalRow, recording_shown, sound_of
from leeward.web_security.files import give_bytes
from leeward.web_security.policies import PUBLIC, let_play

# The address names the content.
FOR_A_YEAR = "public, max-age=31536000, immutable"


def render_with_recording(
    request: HttpRequest, portal: PortalRow, page: str, template: str, values: Mapping[str, Any]
) -> HttpResponse:
    """Return a page that offers its recording; without one the page loads no sound."""
    found = recording_shown(portal.id, page, get_language() or "")
    answer = render(request, template, {**values, "recording": found})
    return let_play(answer, PUBLIC) if found is not None else answer


@public
def recording(request: HttpRequest, portal: PortalRow, sha256: str) -> HttpResponse:
    """Give a recording that visitors can play: all of it, or the part that a telephone asks for."""
    sound = sound_of(portal.id, sha256, shown_only=True)
    if sound is None:
        raise Http404
    return give_bytes(request, sound.body, media_type=sound.media_type, sha256=sound.sha256, keep=FOR_A_YEAR)
