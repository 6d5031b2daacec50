"""Autosaving text while it is written, and the status shown beside the field."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.casework.assessment.services import drafts
from leeward.casework.views.doing import back_to, case_here, is_part
from leeward.foundation.errors import BadInput, TextTooLong
from leeward.people.access import actor_of, staff


@require_POST
@staff("case.note")
def save_draft_text(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what has been written so far, for its author."""
    case = case_here(reference, request)
    kind = request.POST.get("kind", "")
    if kind not in drafts.KINDS:
        raise BadInput(what=_("The draft"), why=_("it belongs to nothing that can be edited here"))
    text = request.POST.get("comment" if kind == drafts.ENDING else "text", "")
    try:
        kept_at = drafts.save_draft_text(case.pk, kind, text, actor=actor_of(request))
    except TextTooLong as problem:
        if is_part(request):
            return render(request, "casework/assessment/includes/kept.html", {"problem": problem})
        raise
    if not is_part(request):
        return back_to(case, request, _("Saved for later.") if kept_at else "")
    return render(request, "casework/assessment/includes/kept.html", {"kept_at": kept_at})
