"""Merging two cases, splitting a report out, and undoing either."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leeward.casework import queries
from leeward.casework.acting.views.undoing import forget_undo
from leeward.casework.assessment.queries.differing import facts_differing
from leeward.casework.merging.queries import facts_of, mergings_of
from leeward.casework.merging.rules import Kind, Obstacle, kind_of, obstacle, state_after_undoing, stops_outside
from leeward.casework.merging.services import merging, splitting
from leeward.casework.merging.services.items import police_come_first
from leeward.casework.models import Case
from leeward.casework.rules.permitted import permitted
from leeward.casework.views.doing import back_to, case_here, once
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError, NotFound
from leeward.notices.queries.labels import HINDRANCES
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.rules.permissions import acts_of, may
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key


@require_http_methods(["GET", "POST"])
@staff("case.merge")
def merge_case(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: offer to merge this case into another or to split a report out, with what will happen. POST: do one of them."""
    case, actor = case_here(reference, request), actor_of(request)
    if request.method != "POST":
        return _page(request, case)
    reason, went = request.POST.get("reason", ""), []
    try:
        if request.POST.get("do") == "merge":
            into = queries.case_by_reference(request.POST.get("into", "").strip())
            once(request, f"merge {case.pk}", lambda: _merge_as_announced(request, case.pk, into.pk, reason, actor))
            forget_undo(request)
            return back_to(into, request, _("Merged. The receipts now follow this case."))
        report = request.POST.get("report", "")
        number = int(report) if report.isdecimal() and len(report) < 18 else 0

        def act() -> None:
            went.append(splitting.split(case.pk, number, reason=reason, actor=actor))

        once(request, f"split {case.pk}", act)
    except LeewardError as error:
        return _page(request, case, problem=error)
    if not went:
        return back_to(case, request)
    forget_undo(request)
    messages.success(request, _("Split out. This is now a separate case."))
    return redirect("casework:show-case", reference=went[0])


@require_POST
@staff("case.merge")
def undo(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Undo a merge or a split of this case."""
    case = case_here(reference, request)
    if number not in {row.pk for row in mergings_of(case.pk)}:
        raise NotFound(what=_("merge"))
    once(request, f"undo merging {number}", lambda: splitting.undo_merging(number, actor=actor_of(request)))
    forget_undo(request)
    return back_to(case, request, _("Undone. The receipts follow their own case again."))


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a merge would do, for the page to announce: the obstacle, or the kind of merge and its consequences.

    `may_choose`: this person may choose between two decisions that differ; `is_swapped`: the merge goes the other way
    round; `tells_withdrawal`: somebody outside hears that the decision of this case is withdrawn; `requests_follow`: open
    requests for review go with it; `doubt_stays`: the desk's own doesn't.
    """

    why: str
    is_swapped: bool
    kind: str
    may_choose: bool
    stops: bool
    tells_withdrawal: bool
    requests_follow: bool
    doubt_stays: bool
    comes_back: str
    decided_at: datetime | None
    other_decided_at: datetime | None
    differing: Sequence[tuple[str, str, str]] = ()


def _ahead(case: Case, other: Case, actor: Actor) -> Ahead:
    mine, others = merging.mergeable(case, actor), merging.mergeable(other, actor)
    kind, why = kind_of(mine, others), obstacle(mine, others)
    is_decided = why is None and kind != Kind.WAITS
    stops = stops_outside(mine, kind)
    requests_follow, doubt_stays = merging.open_requests(case)
    withdraws = stops and merging.is_withdrawn_for(case, other)
    return Ahead(
        why=_why(why, case, actor),
        is_swapped=why is not None and obstacle(others, mine) is None,
        kind=kind.value,
        may_choose=bool(may(actor, "case.reassign", case.hotline_id)) and not merging.has_decided(case, other, actor),
        stops=stops,
        tells_withdrawal=stops and merging.tells_withdrawal(case, other),
        requests_follow=requests_follow,
        doubt_stays=doubt_stays,
        comes_back="decided" if withdraws else state_after_undoing(case.state, was_stopped=stops),
        decided_at=mine.decided_at,
        other_decided_at=others.decided_at,
        differing=facts_differing(*facts_of(case, other)) if is_decided else (),
    )


def _merge_as_announced(request: HttpRequest, case_id: int, into: int, reason: str, actor: Actor) -> None:
    """Merge if what the page announced is what would happen now; raises EnteredSince. What can't be merged is refused by the service."""
    found = {one.pk: one for one in Case.objects.filter(pk__in=(case_id, into))}
    case, other = found[case_id], found[into]
    ahead = _ahead(case, other, actor)
    if not ahead.why:
        demand_as_shown(request, _mark_of(case, other, ahead))
    merging.merge(case_id, into, reason=reason, actor=actor)


def _mark_of(case: Case, other: Case, ahead: Ahead) -> str:
    """Return a mark of what the page announces: the two cases, their decisions, and what follows."""
    return mark_of(*((one.pk, one.state, one.outcome, one.cycle) for one in (case, other)), ahead)


def _why(why: Obstacle | None, case: Case, actor: Actor) -> str:
    if why == Obstacle.UNFINISHED and case.state == "assessing" and case.claimed_by_id == actor.id:
        return _("You have this case yourself. Give it back first, then merge it.")
    return str(merging.WHY[why]) if why else ""


def _other(reference: str, request: HttpRequest) -> Case | None:
    """Return the case into which this one is to be merged, or None if there is none."""
    try:
        return case_here(reference, request)
    except NotFound:
        return None


def _page(request: HttpRequest, case: Case, *, problem: LeewardError | None = None) -> HttpResponse:
    into = request.GET.get("into", request.POST.get("into", "")).strip()
    other = _other(into, request) if into else None
    reports = queries.reports_of(case.pk)
    has_more = len(reports) > 1
    kinds = {report.urgent for report in reports} if has_more else set()
    comes_first = {urgent: police_come_first(case, urgent=urgent) for urgent in kinds}
    rows = queries.rows_of([case, *([other] if other else [])], actor_of(request).id or 0)
    ahead = _ahead(case, other, actor_of(request)) if other else None
    values: dict[str, Any] = {
        "case": case,
        "row": rows[0],
        "other": rows[1] if other else None,
        "other_case": other,
        "into": into,
        "has_more": has_more,
        "reports": [report for report in reports if has_more and not comes_first[report.urgent]],
        "police_first": HINDRANCES["police_first"] if any(comes_first.values()) else "",
        "mergings": mergings_of(case.pk),
        "may": permitted(acts_of(actor_of(request).roles)),
        "ahead": ahead,
        "seen": _mark_of(case, other, ahead) if other and ahead else "",
        "reason": request.POST.get("reason", ""),
        "problem": problem,
        "once": new_form_key(),
        "time_zone": case.portal.time_zone,
    }
    return render(request, "casework/merging/merge.html", values, status=problem.status if problem else 200)
