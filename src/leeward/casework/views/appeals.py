"""Requests for review, for supervisors."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from leeward.casework import queries, services
from leeward.casework.errors import NoPart
from leeward.casework.forms import TextForm
from leeward.casework.services import hearing
from leeward.casework.services.steps import had_part
from leeward.casework.views.doing import once
from leeward.gate.keys import new_form_key
from leeward.gate.paging import page_of
from leeward.ground.errors import BadInput
from leeward.people.access import actor_of, staff
from leeward.people.queries import portal


@require_GET
@staff("appeal.decide")
def appeals(request: HttpRequest) -> HttpResponse:
    """Every request for review, the open ones first to be answered first."""
    state = request.GET.get("state", "open")
    state = state if state in ("open", "upheld", "rejected") else "open"
    page = page_of(queries.appeals(state), request.GET.get("page"))
    cases = {row.reference: row for row in queries.rows_of([entry.case for entry in page.rows], 0)}
    rows = [(entry, cases[entry.case.reference]) for entry in page.rows]
    return render(request, "casework/appeals.html", {"state": state, "page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@staff("appeal.decide")
def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """One request with everything that was found about the case, and its answer."""
    entry = queries.appeal(appeal_id)
    actor = actor_of(request)
    if request.method == "POST":
        form = TextForm(request.POST)
        answer = request.POST.get("answer", "")
        if not form.is_valid() or answer not in ("upheld", "rejected"):
            raise BadInput(what=_("The answer"), why=_("it has no reasons"))
        reasons = form.cleaned_data["text"]
        once(
            request,
            f"appeal {appeal_id}",
            lambda: services.decide_appeal(appeal_id, upheld=answer == "upheld", reasons=reasons, actor=actor),
        )
        messages.success(request, _("Answered."))
        return redirect("casework:list-appeals")
    case = entry.case
    values = {
        "entry": entry,
        "case": case,
        "row": queries.rows_of([case], 0)[0],
        "looks": queries.looks_of(case.pk),
        "relation": hearing.relation_said(entry),
        "had_part": had_part(case, actor, ever=True, asked_at=entry.asked_at),
        "statement": hearing.added_statement(entry),
        "replies": hearing.replies_to(entry.pk),
        "once": new_form_key(),
        "time_zone": portal(case.portal_id).time_zone,
    }
    return render(request, "casework/appeal.html", values)


@require_http_methods(["GET", "POST"])
@staff("case.assess")
def reply(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """What somebody who had a part in the case says to the request, before it is answered."""
    entry, actor = queries.appeal(appeal_id), actor_of(request)
    if not had_part(entry.case, actor, ever=True):
        raise NoPart
    if request.method == "POST":
        form = TextForm(request.POST)
        if not form.is_valid():
            raise BadInput(what=_("The reply"), why=_("it is empty or too long"))
        text = form.cleaned_data["text"]
        once(request, f"reply {appeal_id}", lambda: services.reply_to_appeal(appeal_id, text=text, actor=actor))
        messages.success(request, _("Kept. Whoever decides reads it."))
        return redirect("casework:reply-to-appeal", appeal_id=appeal_id)
    values = {
        "entry": entry,
        "case": entry.case,
        "row": queries.rows_of([entry.case], 0)[0],
        "relation": hearing.relation_said(entry),
        "looks": [look for look in queries.looks_of(entry.case_id) if look.by_id == actor.id],
        "statement": hearing.added_statement(entry),
        "mine": next((one for one in hearing.replies_to(entry.pk) if one.by_id == actor.id), None),
        "once": new_form_key(),
        "time_zone": portal(entry.case.portal_id).time_zone,
    }
    return render(request, "casework/reply.html", values)
