"""The page of a case, and the partial pages updated while facts are marked."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_GET, require_POST

from leeward.casework import labels, queries, services
from leeward.casework.acting.forms import CorrectionForm
from leeward.casework.acting.queries.outgoing import messages_of
from leeward.casework.acting.queries.questions import askable
from leeward.casework.acting.views.undoing import offer_undo
from leeward.casework.assessment.forms import FactsForm, ending_choices, read_assessment
from leeward.casework.assessment.queries.case_page import CasePage, case_page_of, take_opinions
from leeward.casework.assessment.queries.differing import confirmed_words
from leeward.casework.assessment.queries.drafts import FACTS, drafts_of, my_draft
from leeward.casework.assessment.queries.opened import Opened
from leeward.casework.errors import FactsMissing, OutcomeNotAllowed, WrongReason
from leeward.casework.exposure.services.budget import standing_of
from leeward.casework.money.queries import facts_in
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.views.doing import back_to, is_part, lane_worked_along, once, opened_here
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from leeward.laws.queries import opinions_everywhere
from leeward.laws.rules.facts import BadFacts, needs_second_assessment, parse_facts
from leeward.people.access import actor_of, staff
from leeward.people.rules.desk_parts import EXCHANGE
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key


def gather(request: HttpRequest, page: Opened, *, wants_picture: bool = True) -> CasePage:
    """Return the page of a case for the signed-in person."""
    return case_page_of(page, actor=actor_of(request), now=timezone.now(), wants_picture=wants_picture)


def render_case_page(
    request: HttpRequest,
    page: Opened,
    *,
    marked: Mapping[str, Any] | None = None,
    closing: Mapping[str, Any] | None = None,
    problem: LeewardError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page; `marked` is the rejected form of an assessment, `closing` the rejected form of a close."""
    case_page = gather(request, page, wants_picture="assess" in request.GET or marked is not None)
    case = page.case
    actor = actor_of(request)
    begun = drafts_of(case, actor)
    draft = begun.get(FACTS)
    begun_facts = _begun_facts(case_page, actor) if case_page.asks_facts else {}
    facts = (
        FactsForm(marked, facts=begun_facts, elsewhere=draft.seen if draft else "") if case_page.asks_facts else None
    )
    values: dict[str, Any] = {
        "case": case,
        "opened": page,
        "case_page": case_page,
        "form": facts,
        "payments_found": marked is None and list(begun_facts) == ["payments"],
        "problem": problem,
        "draft": draft if marked is None else None,
        "begun": begun,
        "askable": askable(case_page, actor),
        "endings": ending_choices(),
        "ending": (marked or {}).get("ending", case_page.proven_end),
        "end_refused": problem if marked and isinstance(problem, WrongReason) else None,
        "ending_comment": (marked or {}).get("comment", begun["ending"].text if "ending" in begun else ""),
        "closing": closing,
        "correction": CorrectionForm(auto_id="c-%s"),
        "reasons": labels.REASONS.items(),
        "may": case_page.may,
        "shows_hotlines": EXCHANGE not in case.portal.hotline.unused_parts,
        "needs_second": needs_second_assessment(parse_facts(my_draft(case, actor))) if case_page.asks_facts else False,
        "once": new_form_key(),
        "now": case_page.now,
        "time_zone": case_page.portal.time_zone,
        "stop": _stop(case_page, actor),
        "next_lane": lane_worked_along(request, case) if may(actor, "case.claim", case.hotline_id) else "",
    }
    return render(request, "casework/assessment/case.html", values, status=status)


def _begun_facts(case_page: CasePage, actor: Actor) -> dict[str, Any]:
    """Return the facts that this person has marked so far; before that, the kinds of payment that were found."""
    if marked := my_draft(case_page.case, actor):
        return marked
    found = facts_in(case_page.case.location_id, [one.report.id for one in case_page.reports])
    return {"payments": found} if found else {}


def _stop(case_page: CasePage, actor: Actor) -> str:
    """Return why this person should not take the case now: their daily limits, unless it is urgent; empty if they can."""
    case = case_page.case
    is_new = case_page.may_take and STATES[case.state].lane.is_new_to_the_eye and not case.urgent
    if not is_new or case_page.is_holder:
        return ""
    return standing_of(actor, zone=case_page.home_zone, for_new=True).sentence


@require_GET
@staff("case.read")
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case on one page: what was reported, where it is, what it is, what follows."""
    return render_case_page(request, opened_here(reference, request))


@require_POST
@staff("case.assess")
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the facts marked so far and show what would follow from them: part of the page, or all of it."""
    page = opened_here(reference, request)
    case = page.case
    form = FactsForm(request.POST)
    problem: LeewardError | None = None
    if form.is_valid():
        given, elsewhere = form.stated(), form.cleaned_data["elsewhere"]
        try:
            if elsewhere == "isolated" and not is_part(request):
                services.record_offline_facts(case.pk, given, actor=actor_of(request))
            else:
                services.save_draft(case.pk, given, actor=actor_of(request), elsewhere=elsewhere)
        except BadFacts as error:
            problem = error
    if not is_part(request):
        if problem or form.errors:
            return render_case_page(request, page, marked=request.POST, problem=problem, status=400)
        return back_to(case, request)
    return _follows(request, opened_here(reference, request), form, problem)


def _follows(request: HttpRequest, page: Opened, form: FactsForm, problem: LeewardError | None) -> HttpResponse:
    case_page, case = gather(request, page), page.case
    facts = parse_facts({})
    if not problem and form.is_valid():
        facts = parse_facts(form.stated())
        take_opinions(case_page, facts)
    values = {
        "case": case,
        "case_page": case_page,
        "form": form,
        "problem": problem,
        "needs_second": needs_second_assessment(facts),
        "may": case_page.may,
        "once": new_form_key(),
    }
    return render(request, "casework/acting/includes/follows.html", values)


@require_POST
@staff("case.assess")
def assess(request: HttpRequest, reference: str) -> HttpResponse:
    """Submit an assessment: illegal, can't tell, or one of the endings with its reason."""
    page = opened_here(reference, request)
    case = page.case
    form, given = read_assessment(request.POST)
    if given is None:
        return render_case_page(request, page, marked=request.POST, status=400)
    led_to: list[str] = []

    def act() -> None:
        led_to.append(services.assess(case.pk, form.stated(), **given, actor=actor_of(request)))

    try:
        once(request, f"assess {case.pk}", act)
    except (BadFacts, WrongReason, FactsMissing, OutcomeNotAllowed) as error:
        return render_case_page(request, page, marked=request.POST, problem=error, status=error.status)
    offer_undo(request, case)
    return back_to(case, request, _led_to(case.pk, led_to[0]) if led_to else "")


def _led_to(case_id: int, act: str) -> str | Promise:
    if act in ("confirm_illegal", "confirm_other"):
        return confirmed_words(queries.case_of(case_id))
    return labels.LED_TO[act]


@require_GET
@staff("case.read")
def show_law(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what every recorded law says about the facts: those marked so far, or those of the last assessment."""
    page = opened_here(reference, request)
    case_page, case = gather(request, page), page.case
    facts = my_draft(case, actor_of(request)) if case_page.asks_facts else None
    if facts is None and case_page.assessments:
        facts = case_page.assessments[-1].facts
    rows, unrecorded = opinions_everywhere(parse_facts(facts), case_page.now.date()) if facts else ([], [])
    values = {"case": case, "facts": facts, "rows": rows, "unrecorded": unrecorded}
    return render(request, "casework/assessment/law.html", values)


@require_GET
@staff("case.act")
def show_messages(request: HttpRequest, reference: str) -> HttpResponse:
    """Show every message that would be sent: by the facts marked so far, or by the decision."""
    page = opened_here(reference, request)
    case, actor = page.case, actor_of(request)
    asks = case.claimed_by_id == actor.id and STATES[case.state].stage is Stage.ASSESSING
    shown = None
    if asks or case.outcome == "illegal":
        draft = parse_facts(my_draft(case, actor)) if asks else None
        shown = messages_of(case, draft=draft, on=timezone.now().date(), was_seen=page.was_seen)
    values = {
        "case": case,
        "messages_shown": shown.messages if shown else [],
        "problems": shown.problems if shown else [],
        "can_send": case.claimed_by_id == actor.id and case.state == "decided",
        "seen": shown.mark if shown else "",
        "once": new_form_key(),
    }
    name = "includes/messages.html" if is_part(request) else "messages.html"
    return render(request, f"casework/assessment/{name}", values)
