"""Requests for review, for supervisors."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from leeward.casework import queries, services
from leeward.casework.acting.forms import TextForm
from leeward.casework.appeals.services import hearing, unplaced
from leeward.casework.appeals.services.appealing import course_after, others_like
from leeward.casework.assessment.services.seeing import read_openly
from leeward.casework.errors import NoPart
from leeward.casework.models import Appeal
from leeward.casework.situations import people_with_part
from leeward.casework.steps import had_part
from leeward.casework.views.doing import once, once_as_shown
from leeward.foundation.errors import BadInput
from leeward.people.access import actor_of, staff
from leeward.people.errors import EnteredSince
from leeward.people.queries import second_person_obstacle
from leeward.people.services import second_person_words
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of

MOST_ALIKE = 100


@require_GET
@staff("appeal.decide")
def appeals(request: HttpRequest) -> HttpResponse:
    """List every request for review, open ones first, those due soonest on top."""
    state = request.GET.get("state", "open")
    state = state if state in ("open", "upheld", "rejected") else "open"
    page = page_of(queries.appeals(state), request.GET.get("page"))
    cases = {row.id: row for row in queries.rows_of([entry.case for entry in page.rows if entry.case], 0)}
    addresses = unplaced.appealed_addresses(page.rows)
    rows = [
        (entry, row, row.display if row else addresses.get(entry.pk, ""))
        for entry in page.rows
        for row in [cases.get(entry.case_id or 0)]
    ]
    return render(request, "casework/appeals/appeals.html", {"state": state, "page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@staff("appeal.decide")
def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Show one request with everything that was found about the case, and its answer."""
    entry = queries.appeal(appeal_id)
    if entry.case is None:
        return _unplaced(request, entry)
    case, actor = entry.case, actor_of(request)
    read_openly(case, actor)
    problem = None
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        reasons = _reasons(request) if answer in ("upheld", "rejected") else ""
        decide = partial(
            services.decide_appeal,
            appeal_id,
            upheld=answer == "upheld",
            reasons=reasons,
            actor=actor,
            alike=_alike(request),
            seen=request.POST.get("seen", ""),
        )
        try:
            once(request, f"appeal {appeal_id}", decide)
        except EnteredSince as error:
            problem = error
        else:
            messages.success(request, _("Answered."))
            return redirect("casework:list-appeals")
    is_barred = had_part(case, actor, ever=True, asked_at=entry.asked_at)
    second = None
    if entry.state == "open" and not is_barred:
        second = second_person_obstacle(actor, people_with_part(case) - {actor.id}, act="appeal.decide")
    values = _appeal_values(entry) | {
        "case": case,
        "row": queries.rows_of([case], 0)[0],
        "assessments": queries.assessments_of(case.pk),
        "had_part": is_barred,
        "course": course_after(case, entry),
        "cant": second_person_words(second, actor.hotline_id) if second else None,
        "replies": hearing.replies_to(entry.pk),
        "others": [
            (f"{one.pk}-{hearing.mark_of_request(one, added)}", one, added)
            for one, added in hearing.with_statements(others_like(entry)[:MOST_ALIKE])
        ],
        "picked": request.POST.getlist("alike"),
        "problem": problem,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "casework/appeals/appeal.html", values, status=problem.status if problem else 200)


def _alike(request: HttpRequest) -> dict[int, str]:
    """Return the other requests that get the same answer, each with the mark of what was read of it."""
    sent = [one.partition("-") for one in request.POST.getlist("alike")[:MOST_ALIKE]]
    return {int(one): mark for one, _dash, mark in sent if one.isascii() and one.isdigit() and len(one) < 19}


def _appeal_values(entry: Appeal) -> dict[str, Any]:
    """Return what every page about a request shows."""
    statement = hearing.added_statement(entry)
    return {
        "entry": entry,
        "relation": hearing.relation_label(entry),
        "statement": statement,
        "before": hearing.earlier_of(entry),
        "seen": hearing.mark_of_request(entry, statement),
        "once": new_form_key(),
        "time_zone": entry.portal.time_zone,
    }


def _mark_now(appeal_id: int) -> str:
    entry = queries.appeal(appeal_id)
    return hearing.mark_of_request(entry, hearing.added_statement(entry))


def _reasons(request: HttpRequest) -> str:
    form = TextForm(request.POST)
    if not form.is_valid():
        raise BadInput(what=_("The answer"), why=_("it has no reasons"))
    return str(form.cleaned_data["text"])


def _unplaced(request: HttpRequest, entry: Appeal) -> HttpResponse:
    """Show a request without a case: which case may be meant, and a form for the answer where none is."""
    actor = actor_of(request)
    if request.method == "POST" and "case" in request.POST:
        reference = request.POST["case"][:20]
        once_as_shown(
            request,
            f"appeal {entry.pk}",
            lambda: _mark_now(entry.pk),
            lambda: unplaced.place_appeal(entry.pk, reference, actor=actor),
        )
        messages.success(request, _("It is now about this case."))
        return redirect("casework:decide-appeal", appeal_id=entry.pk)
    if request.method == "POST":
        reasons = _reasons(request)
        once_as_shown(
            request,
            f"appeal {entry.pk}",
            lambda: _mark_now(entry.pk),
            lambda: unplaced.answer_unplaced(entry.pk, reasons=reasons, actor=actor),
        )
        messages.success(request, _("Answered."))
        return redirect("casework:list-appeals")
    near = unplaced.near_cases(entry)
    meant = unplaced.of_others(entry, near)
    rows = queries.rows_of([one.case for one in meant], 0)
    values = _appeal_values(entry) | {
        "address": unplaced.appealed_addresses([entry]).get(entry.pk, ""),
        "near": list(zip([one.how.name.lower() for one in meant], rows, strict=True)),
        "had_part": unplaced.had_part_nearby(entry, near, actor.id or 0),
        "report_id": unplaced.report_of(entry),
    }
    return render(request, "casework/appeals/appeal_unplaced.html", values)


@require_http_methods(["GET", "POST"])
@staff("case.assess")
def reply(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Post a reply to the request by somebody who had a part in the case, before it is answered."""
    entry, actor = queries.appeal(appeal_id), actor_of(request)
    case = entry.case
    if case is None or not had_part(case, actor, ever=True):
        raise NoPart
    if request.method == "POST":
        form = TextForm(request.POST)
        if not form.is_valid():
            raise BadInput(what=_("The reply"), why=_("it is empty"))
        text = form.cleaned_data["text"]
        once(request, f"reply {appeal_id}", lambda: services.reply_to_appeal(appeal_id, text=text, actor=actor))
        messages.success(request, _("Saved. The person who decides will read it."))
        return redirect("casework:reply-to-appeal", appeal_id=appeal_id)
    values = _appeal_values(entry) | {
        "case": case,
        "row": queries.rows_of([case], 0)[0],
        "assessments": [assessment for assessment in queries.assessments_of(case.pk) if assessment.by_id == actor.id],
        "mine": next((one for one in hearing.replies_to(entry.pk) if one.by_id == actor.id), None),
    }
    return render(request, "casework/appeals/reply.html", values)
