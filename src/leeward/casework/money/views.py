"""Who is asked to be paid: in a case, in several cases, and one of them with its cases."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leeward.casework.money.queries import MOST_LISTED, paid, paid_in, seen_in_several
from leeward.casework.views.doing import case_here, is_part
from leeward.people.access import actor_of, staff


@require_GET
@staff("case.read")
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who is asked to be paid in a case, and in how many others."""
    case = case_here(reference, request)
    values = {"case": case, "found": paid_in(case, actor_of(request)), "time_zone": case.portal.time_zone}
    return render(request, f"casework/money/{'includes/' if is_part(request) else ''}of_case.html", values)


@require_GET
@staff("case.read")
def payees(request: HttpRequest) -> HttpResponse:
    """Show who is asked to be paid in more than one case."""
    return render(
        request, "casework/money/several.html", {"found": seen_in_several(actor_of(request)), "most": MOST_LISTED}
    )


@require_GET
@staff("case.read")
def payee(request: HttpRequest, number: int) -> HttpResponse:
    """Show one of them with every case that names it."""
    return render(request, "casework/money/payee.html", {"one": paid(number, actor_of(request))})
