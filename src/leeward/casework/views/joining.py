"""Merging two cases, splitting a report out, and undoing either."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leeward.casework import queries
from leeward.casework.links import joinings_of
from leeward.casework.models import Case
from leeward.casework.services import joining
from leeward.casework.views.doing import back_to, case_here, once
from leeward.gate.keys import new_form_key
from leeward.ground.errors import LeewardError, NotFound
from leeward.people.access import actor_of, staff


@require_http_methods(["GET", "POST"])
@staff("case.merge")
def join(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: merge this case into another or split a report out, with what will happen. POST: do one of them."""
    case, actor = case_here(reference, reader=actor_of(request)), actor_of(request)
    if request.method != "POST":
        return _page(request, case)
    reason, went = request.POST.get("reason", ""), []
    try:
        if request.POST.get("do") == "merge":
            into = queries.case_by_reference(request.POST.get("into", "").strip())
            once(request, f"merge {case.pk}", lambda: joining.merge(case.pk, into.pk, reason=reason, actor=actor))
            return back_to(into, request, _("Merged. The receipts follow this case now."))
        report = request.POST.get("report", "")
        number = int(report) if report.isdecimal() and len(report) < 18 else 0

        def act() -> None:
            went.append(joining.split(case.pk, number, reason=reason, actor=actor))

        once(request, f"split {case.pk}", act)
    except LeewardError as error:
        return _page(request, case, problem=error)
    if not went:
        return back_to(case, request)
    return redirect("casework:show-case", reference=went[0])


@require_POST
@staff("case.merge")
def undo(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Undo a merge or a split of this case."""
    case = case_here(reference, reader=actor_of(request))
    if number not in {row.pk for row in joinings_of(case.pk)}:
        raise NotFound(what="joining")
    once(request, f"undo joining {number}", lambda: joining.undo_joining(number, actor=actor_of(request)))
    return back_to(case, request, _("Undone. The receipts follow their own case again."))


def _page(request: HttpRequest, case: Case, *, problem: LeewardError | None = None) -> HttpResponse:
    into = request.GET.get("into", request.POST.get("into", "")).strip()
    other = Case.objects.filter(reference=into).first() if into else None
    rows = queries.rows_of([case, *([other] if other else [])], actor_of(request).id or 0)
    values: dict[str, Any] = {
        "case": case,
        "row": rows[0],
        "other": rows[1] if other else None,
        "into": into,
        "reports": queries.reports_of(case.pk),
        "joinings": joinings_of(case.pk),
        "can_merge": case.state in ("received", "triaged"),
        "reason": request.POST.get("reason", ""),
        "problem": problem,
        "once": new_form_key(),
        "time_zone": case.portal.time_zone,
    }
    return render(request, "casework/join.html", values, status=problem.status if problem else 200)
