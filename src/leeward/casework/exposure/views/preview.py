"""Viewing one picture, on a page of its own or inside the case page. It exists only in the response: no address leads
to it, and each request is answered once.
"""

import base64
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from leeward.audit.services import hotline_transaction
from leeward.casework import labels, services
from leeward.casework.assessment.labels import ALTERATIONS
from leeward.casework.assessment.services.known_images import altered_among, settled_among
from leeward.casework.errors import CaseNotHeld, KnownImageNotShown, NothingNewNow, RevealTooMuch, ShownBefore
from leeward.casework.exposure.forms import PreviewForm
from leeward.casework.exposure.rules.reveal import Glimpse, more_of, page_of, pages_to_choose
from leeward.casework.exposure.services.budget import limits_of, standing_of
from leeward.casework.exposure.services.viewing import Shown
from leeward.casework.models import Case
from leeward.casework.steps import is_sampler
from leeward.casework.views.doing import case_to_preview, is_part
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, LeewardError
from leeward.hosting import queries as hosting_queries
from leeward.hosting.errors import PreviewImpossible
from leeward.hosting.rules.strip import EVERY_SECONDS, PAGE_SECONDS
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

PARTS = {25: gettext_lazy("A quarter"), 50: gettext_lazy("Half"), 100: gettext_lazy("All of it")}
PREVIEWABLE = ("image", "video")
SHOWN_SECONDS = 20
_REFUSALS = (KnownImageNotShown, NothingNewNow, RevealTooMuch, ShownBefore)


@require_GET
@staff("case.preview")
def files(request: HttpRequest, reference: str) -> HttpResponse:
    """List the pictures and videos of the last fetch by number, showing none of them, for the holder of the case."""
    case = case_to_preview(reference)
    actor = actor_of(request)
    if case.claimed_by_id != actor.id and not is_sampler(case, actor):
        raise CaseNotHeld
    name = "includes/files.html" if is_part(request) else "files.html"
    return render(request, f"casework/exposure/{name}", files_values(case, actor) | _addresses(case))


def files_values(case: Case, actor: Actor) -> dict[str, Any]:
    """Return the template values of a case's files page, for those who may view them."""
    today = standing_of(actor)
    pictures = [file for file in hosting_queries.files_now(case.location_id) if file.kind in PREVIEWABLE]
    return {
        "case": case,
        "pictures": [(file, new_form_key()) for file in pictures],
        "settled": {} if is_sampler(case, actor) else settled_among(case, pictures),
        "altered": {} if is_sampler(case, actor) else _altered(case, pictures),
        "view_reasons": labels.VIEW_REASONS.items(),
        "used": today.day.spent,
        "most": today.limits.previews,
        "stop": today.sentence,
        "once": new_form_key(),
    }


def _altered(case: Case, pictures: Sequence[hosting_queries.FileRow]) -> dict[int, Promise | str]:
    """Return, by file, a description of how the known picture that it resembles was altered."""
    return {file_id: ALTERATIONS[alteration] for file_id, alteration in altered_among(case, pictures).items()}


def _addresses(case: Case) -> dict[str, str]:
    """Return the addresses that the forms and links of these pages lead to."""
    return {
        "preview_url": reverse("casework:preview-file", args=[case.reference]),
        "files_url": reverse("casework:show-files", args=[case.reference]),
        "case_url": reverse("casework:show-case", args=[case.reference]),
    }


@require_POST
@staff("case.preview")
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one picture small and grey: a blurred quarter, then more of it or the same without the blur, each on
    request. It needs a reason, is counted, and leaves the page after twenty seconds.
    """
    case = case_to_preview(reference)
    form = PreviewForm(request.POST)
    if not form.is_valid():
        raise BadInput(what=_("The request to see a picture"), why=_("it has no reason"))
    return preview_page(request, case, form, actor_of(request), addresses=_addresses(case))


def preview_page(
    request: HttpRequest, case: Case, form: PreviewForm, actor: Actor, *, addresses: dict[str, str]
) -> HttpResponse:
    """Answer one request of somebody who may view the file."""
    given = form.cleaned_data
    shown: Shown | None = None
    problem: LeewardError | None = None
    try:
        shown = _shown(request, case, form, actor)
    except PreviewImpossible as error:
        problem = error
    except _REFUSALS as error:
        if not is_part(request):
            raise
        problem = error
    name = "includes/preview.html" if is_part(request) else "preview.html"
    values = _values(case, given["file"], given["reason"], shown, problem) | addresses
    response = render(request, f"casework/exposure/{name}", values)
    response.headers["Cache-Control"] = "no-store"
    if shown and not is_part(request):  # without a script the page leaves by itself
        response.headers["Refresh"] = f"{SHOWN_SECONDS}; url={addresses['files_url']}"
    return response


def _shown(request: HttpRequest, case: Case, form: PreviewForm, actor: Actor) -> Shown:
    with hotline_transaction():
        if not use_once(request.POST.get("once", ""), purpose=f"casework preview {case.pk} {request.user.pk}"):
            raise ShownBefore
    given = form.cleaned_data
    return services.preview_file(case.pk, given["file"], reason=given["reason"], glimpse=form.glimpse, actor=actor)


def _values(case: Case, file_id: int, reason: str, shown: Shown | None, problem: LeewardError | None) -> dict[str, Any]:
    return {
        "case": case,
        "file_id": file_id,
        "reason": reason,
        "reason_words": labels.VIEW_REASONS[reason],
        "shown": shown,
        "shown_here": shown.files_shown if shown else 0,
        "problem": problem,
        "image": base64.b64encode(shown.made.png).decode("ascii") if shown else "",
        "part_words": PARTS[shown.glimpse.part] if shown else "",
        "more": _more(shown) if shown else [],
        "again": _wish(Glimpse(page=shown.glimpse.page), _("Show it again")) if shown else None,
        "film": _film(shown) if shown and shown.made.frames else None,
        "most": limits_of(case.hotline_id).previews,
        "view_reasons": labels.VIEW_REASONS.items(),
        "seconds": SHOWN_SECONDS,
        "once": new_form_key(),
    }


def _more(shown: Shown) -> list[dict[str, object]]:
    """Return the buttons that ask for more: what is requested, its label and its key; for a long video also the
    neighbouring pages.
    """
    now = shown.glimpse
    found = [_wish(one, _words(one, now), _key(one)) for one in more_of(now, shown.seen)]
    if now.page > 1:
        found.append(_wish(page_of(now, now.page - 1), _("Earlier"), ","))
    if now.page < shown.made.pages:
        found.append(_wish(page_of(now, now.page + 1), _("Next part"), "."))
    return found


def _film(shown: Shown) -> dict[str, object]:
    """Return which part of a video is shown, and the other parts that can be jumped to."""
    start = (shown.glimpse.page - 1) * PAGE_SECONDS
    end = min(start + PAGE_SECONDS, shown.made.seconds)
    return {
        "every": EVERY_SECONDS,
        "start": _at(start),
        "end": _at(end),
        "all": _at(shown.made.seconds),
        "pages": [
            _wish(page_of(shown.glimpse, page), _at((page - 1) * PAGE_SECONDS))
            for page in pages_to_choose(shown.made.pages)
            if page != shown.glimpse.page
        ],
    }


def _wish(glimpse: Glimpse, label: str, key: str = "") -> dict[str, object]:
    return {"value": str(glimpse), "said": label, "key": key}


def _words(wish: Glimpse, now: Glimpse) -> str:
    part = str(PARTS[wish.part])
    if not wish.blurred:
        return _("Unblur") if now.blurred else _("%(part)s, clear") % {"part": part}
    return part if now.blurred else f"{part}, {_('blurred')}"


def _key(wish: Glimpse) -> str:
    return "f" if not wish.blurred else "a" if wish.part == 100 else "p p"


def _at(seconds: float) -> str:
    """Return a moment of a video: 4:00, or 1:04:00."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes_of_it = divmod(minutes, 60)
    return f"{hours}:{minutes_of_it:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
