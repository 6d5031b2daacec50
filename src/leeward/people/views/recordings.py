"""Recordings of a portal's pages: uploaded here, heard here, and shown to visitors once they are right."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import BadInput
from leeward.people import queries, services
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import FieldIsWrong
from leeward.people.labels import RECORDED_PAGES, WAITS
from leeward.people.rules.reach import RECORDING
from leeward.people.rules.recordings import MOST_BYTES
from leeward.people.views.numbers import portal_here
from leeward.web_security.files import give_bytes
from leeward.web_security.policies import DESK, let_play


@staff("portal.edit")
@require_http_methods(["GET", "POST"])
def list_recordings(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Show the recordings of a portal, and keep one more."""
    portal, problem = portal_here(request, portal_id), ""
    if request.method == "POST":
        given = request.FILES.get("file")
        if given is None:
            raise BadInput(what=_("The file"), why=_("none was chosen"))
        page, language = request.POST.get("page", ""), request.POST.get("language", "")
        try:
            services.keep_recording(portal.id, page, language, given.read(MOST_BYTES + 1), actor=actor_of(request))
        except FieldIsWrong as error:
            problem = error.text
        else:
            return redirect("people:list-recordings", portal.id)
    waiting = queries.portal_changes_waiting(portal.hotline_id)
    values = {
        "found": portal,
        "problem": problem,
        "recordings": queries.recordings_of(portal.id),
        "changes": [row for row in waiting if (row.portal_id, row.what) == (portal.id, RECORDING)],
        "pages": RECORDED_PAGES.items(),
        "languages": [(tag, queries.own_name(tag)) for tag in portal.languages],
    }
    answer = render(request, "people/recordings.html", values, status=422 if problem else 200)
    return let_play(answer, DESK)


@staff("portal.edit")
@require_POST
def settle_recording(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Show a recording to visitors, or remove one."""
    portal = portal_here(request, portal_id)
    act, _colon, number = request.POST.get("act", "").partition(":")
    acts = {"show": services.show_recording, "remove": services.remove_recording}
    if act not in acts or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise BadInput(what=_("The form"), why=_("it is not complete"))
    with hotline_transaction(portal.hotline_id):
        marks = {row.id: row.mark for row in queries.recordings_of(portal.id)}
        demand_as_shown(request, marks.get(int(number), ""))
        waits = acts[act](portal.id, int(number), actor=actor_of(request))
    if waits is not None:
        messages.warning(request, WAITS)
    return redirect("people:list-recordings", portal.id)


@staff("portal.confirm")
@require_safe
def play_recording(request: HttpRequest, portal_id: int, sha256: str) -> HttpResponse:
    """Play a recording on the desk, also one that visitors don't hear yet."""
    sound = queries.sound_of(portal_here(request, portal_id).id, sha256, shown_only=False)
    if sound is None:
        raise Http404
    return give_bytes(request, sound.body, media_type=sound.media_type, sha256=sound.sha256, keep="private, no-cache")
