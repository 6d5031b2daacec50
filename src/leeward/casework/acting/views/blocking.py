"""Proposing a block from a case: which list, how wide and why; and the state of earlier entries."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing.queries.carriers import carried_of_case
from leeward.casework.acting.forms import BlockForm
from leeward.casework.acting.services.blocking import block_brief, propose_block
from leeward.casework.models import Case
from leeward.casework.views.doing import back_to, case_here, once
from leeward.foundation.errors import LeewardError
from leeward.hosting.rules.urls import BadAddress
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key


@require_http_methods(["GET", "POST"])
@staff("entry.propose")
def block(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: the ways to block the content, each explained. POST: propose one of them."""
    case = case_here(reference, request)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, case, form)
    if not form.is_valid():
        return _page(request, case, form, status=400)
    given = form.cleaned_data
    try:
        once(
            request,
            f"block {case.pk}",
            lambda: propose_block(
                case.pk,
                list_id=given["list_id"],
                scope=given["way"][0],
                target=given["way"][1],
                reason=given["reason"],
                confirmed_by=given["confirmed_by"],
                review_on=given["review_on"],
                actor=actor_of(request),
            ),
        )
    except LeewardError as error:
        return _page(request, case, form, problem=error, status=error.status)
    return back_to(case, request, _("Proposed. Another person approves it."))


def _page(
    request: HttpRequest, case: Case, form: BlockForm, *, problem: LeewardError | None = None, status: int = 200
) -> HttpResponse:
    brief = block_brief(case)
    choices = blocklist_queries.lists_to_choose(brief.facts) if brief.is_decided else []
    values: dict[str, Any] = {
        "case": case,
        "brief": brief,
        "form": form,
        "problem": problem,
        "ways": _ways(brief.address, case.hotline_id) if brief.kind == "url" else [],
        "lists": choices,
        "may_be_blocked": any(choice.may_be_chosen for choice in choices),
        "blocks": carried_of_case(case.pk),
        "once": new_form_key(),
        "time_zone": case.portal.time_zone,
    }
    return render(request, "casework/acting/block.html", values, status=status)


def _ways(address: str, hotline_id: int) -> list[blocklist_queries.Way]:
    try:
        return blocklist_queries.ways_to_block(address, hotline_id)
    except BadAddress:
        return []
