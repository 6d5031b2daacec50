"""Reading a case's page without its pictures. Like a preview, it exists only in the response."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from leeward.audit.services import hotline_transaction
from leeward.casework import services
from leeward.casework.errors import CaseNotHeld, ShownBefore
from leeward.casework.exposure.services.budget import standing_of
from leeward.casework.steps import is_sampler
from leeward.casework.views.doing import case_to_preview
from leeward.hosting.errors import PageViewImpossible
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_http_methods(["GET", "HEAD", "POST"])
@staff("case.preview")
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: what reading it means. POST: the text of the page as it is now, counted as one view."""
    case, actor = case_to_preview(reference), actor_of(request)
    if case.claimed_by_id != actor.id and not is_sampler(case, actor):
        raise CaseNotHeld
    shown, problem = None, None
    if request.method == "POST":
        with hotline_transaction():
            if not use_once(request.POST.get("once", ""), purpose=f"casework page {case.pk} {request.user.pk}"):
                raise ShownBefore
        try:
            shown = services.view_page(case.pk, actor=actor)
        except PageViewImpossible as error:
            problem = error
    today = standing_of(actor)
    values = {
        "case": case,
        "shown": shown,
        "problem": problem,
        "stop": today.sentence,
        "used": today.day.spent,
        "most": today.limits.previews,
        "once": new_form_key(),
    }
    response = render(request, "casework/exposure/page_view.html", values)
    response.headers["Cache-Control"] = "no-store"
    return response
