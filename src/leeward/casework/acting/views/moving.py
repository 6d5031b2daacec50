"""New addresses of a case's content, each with a button that opens a case for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.casework import services
from leeward.casework.acting.services.moving import new_addresses
from leeward.casework.views.doing import back_to, case_here, is_part, once
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key


@require_http_methods(["GET", "POST"])
@staff("case.claim")
def moved(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: the new addresses and what would happen. POST: open a case for one of them and redirect to it."""
    case = case_here(reference, request)
    if request.method != "POST":
        values = {"case": case, "addresses": new_addresses(case), "once": new_form_key()}
        return render(request, f"casework/acting/{'includes/' if is_part(request) else ''}moved.html", values)
    opened: list[str] = []

    def act() -> None:
        opened.append(services.open_moved(case.pk, request.POST.get("address", ""), actor=actor_of(request)))

    if not once(request, f"moved {case.pk}", act):
        return back_to(case, request)
    return back_to(case_here(opened[0], request), request, _("This is the case of the new address."))
