"""Decisions of one person that a later law or an appeal changes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leeward.casework.quality import queries
from leeward.casework.quality.services import reviewing
from leeward.people.access import actor_of, staff
from leeward.web_security.paging import page_of


@require_GET
@staff("quality.read")
def changes(request: HttpRequest) -> HttpResponse:
    """List them, unseen ones first."""
    is_seen = request.GET.get("state") == "seen"
    page = page_of(queries.changes(is_seen=is_seen), request.GET.get("page"))
    return render(request, "quality/changes.html", {"page": page, "is_seen": is_seen})


@require_POST
@staff("quality.read")
def see(request: HttpRequest, number: int) -> HttpResponse:
    """Mark one as seen."""
    reviewing.see_change(number, actor=actor_of(request))
    messages.success(request, _("Acknowledged. It is now in the list of acknowledged changes."))
    return redirect("quality:list-changes")
