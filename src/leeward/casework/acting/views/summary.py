"""A summary for an officer, as a printable page or a PDF."""

from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from leeward.casework.acting.services.summaries import Summary, sum_up
from leeward.casework.models import Case
from leeward.casework.views.doing import case_here, once
from leeward.foundation.errors import LeewardError
from leeward.foundation.sandbox.paper import as_pdf
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key


@require_http_methods(["GET", "POST"])
@staff("case.summary")
def summary(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: ask for the recipient and the reason. POST: return the summary, made once and logged."""
    actor = actor_of(request)
    case = case_here(reference, request)
    if request.method != "POST":
        return _page(request, case)
    form = "pdf" if request.POST.get("form") == "pdf" and _can_pdf() else "html"
    recipient, reason = request.POST.get("recipient", ""), request.POST.get("reason", "")
    made: list[Summary] = []
    try:
        once(
            request,
            f"summary {case.pk}",
            lambda: made.append(sum_up(case.pk, recipient=recipient, reason=reason, form=form, actor=actor)),
        )
    except LeewardError as error:
        return _page(request, case, problem=error)
    if not made:
        return _page(request, case)
    values = {"made": made[0], "case": made[0].case, "time_zone": made[0].portal.time_zone, "is_pdf": form == "pdf"}
    if form == "html":
        response = render(request, "casework/acting/summary_paper.html", values)
    else:
        response = HttpResponse(
            as_pdf(render_to_string("casework/acting/summary_paper.html", values)), "application/pdf"
        )
        response.headers["Content-Disposition"] = f'attachment; filename="{reference}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, case: Case, *, problem: LeewardError | None = None) -> HttpResponse:
    values = {
        "case": case,
        "can_pdf": _can_pdf(),
        "recipient": request.POST.get("recipient", case.portal.police_name),
        "reason": request.POST.get("reason", ""),
        "problem": problem,
        "once": new_form_key(),
    }
    return render(request, "casework/acting/summary.html", values, status=problem.status if problem else 200)


def _can_pdf() -> bool:
    return find_spec("weasyprint") is not None
