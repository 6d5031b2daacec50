"""Looking at one picture, on a page of its own or inside the page of the case. It is in the answer and nowhere else."""

import base64

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leeward.casework import services, words
from leeward.casework.errors import CaseNotHeld
from leeward.casework.forms import PreviewForm
from leeward.casework.services.exposure import limits_of, standing_of
from leeward.casework.services.steps import is_sampler
from leeward.casework.views.doing import case_here, is_part
from leeward.ground.errors import BadInput
from leeward.hosting import queries as places
from leeward.hosting.errors import PreviewImpossible
from leeward.people.access import actor_of, staff

PREVIEWABLE = ("image", "video")


@require_GET
@staff("case.preview")
def files(request: HttpRequest, reference: str) -> HttpResponse:
    """The pictures and videos of the last look, by number and none of them shown, for whoever holds the case."""
    case = case_here(reference)
    actor = actor_of(request)
    if case.claimed_by_id != actor.id and not is_sampler(case, actor):
        raise CaseNotHeld
    today = standing_of(actor)
    values = {
        "case": case,
        "pictures": [file for file in places.files_now(case.location_id) if file.kind in PREVIEWABLE],
        "view_reasons": words.VIEW_REASONS.items(),
        "used": today.day.spent,
        "most": today.limits.previews,
        "stop": today.says,
    }
    name = "includes/files.html" if is_part(request) else "files.html"
    return render(request, f"casework/{name}", values)


@require_POST
@staff("case.preview")
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one picture small and grey: blurred, or by a second wish clear. It needs a reason and is counted."""
    case = case_here(reference)
    form = PreviewForm(request.POST)
    if not form.is_valid():
        raise BadInput(what=_("The wish to see a picture"), why=_("it has no reason"))
    given = form.cleaned_data
    shown, problem = None, None
    try:
        shown = services.preview_file(
            case.pk, given["file"], reason=given["reason"], blurred=not given["clear"], actor=actor_of(request)
        )
    except PreviewImpossible as error:
        problem = error
    values = {
        "case": case,
        "file_id": given["file"],
        "reason": given["reason"],
        "reason_words": words.VIEW_REASONS[given["reason"]],
        "shown": shown,
        "problem": problem,
        "image": base64.b64encode(shown.png).decode("ascii") if shown else "",
        "most": limits_of(case.hotline_id).previews,
        "view_reasons": words.VIEW_REASONS.items(),
    }
    name = "includes/preview.html" if is_part(request) else "preview.html"
    response = render(request, f"casework/{name}", values)
    response.headers["Cache-Control"] = "no-store"
    return response
