"""The registered name of a case, and its registrant's data for a reason."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from leeward.casework.models import Case
from leeward.casework.names import labels
from leeward.casework.names.queries import name_of
from leeward.casework.views.doing import case_here, is_part, once
from leeward.foundation.errors import LeewardError, NotFound
from leeward.hosting import services as hosting_services
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key


@require_GET
@staff("case.read")
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what is known of the name: its status, its history, what can be said about its data, and its other names."""
    case = case_here(reference, request)
    template = "includes/of_case.html" if is_part(request) else "of_case.html"
    return render(request, f"casework/names/{template}", _values(request, case))


def _values(request: HttpRequest, case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "known": name_of(case, timezone.now()),
        "reasons": labels.REASONS.items(),
        "may_read": bool(may(actor_of(request), "registrant.read", case.hotline_id)),
        "once": new_form_key(),
        "time_zone": case.portal.time_zone,
    }


@require_POST
@staff("registrant.read")
def registrant(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the data of the registrant, for a reason that the log keeps."""
    case = case_here(reference, request)
    values = _values(request, case)
    newest = values["known"].newest
    if newest is None:
        raise NotFound
    reason = request.POST.get("reason", "")
    try:
        once(
            request,
            f"registrant {case.pk}",
            lambda: hosting_services.read_registrant(newest.id, reason=reason, actor=actor_of(request)),
        )
    except LeewardError as error:
        return render(request, "casework/names/of_case.html", values | {"problem": error}, status=error.status)
    return render(request, "casework/names/registrant.html", values | {"holder": newest.registration.holder})
