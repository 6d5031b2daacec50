"""Adjudications: both assessments side by side, a proposal, its acceptance, or the decision of a third person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leeward.casework.assessment.forms import FactsOnlyForm, OutcomeForm, ending_choices
from leeward.casework.assessment.queries.drafts import PROPOSAL
from leeward.casework.assessment.rules.second_assessment import facts_that_differ
from leeward.casework.errors import FactsMissing, NobodySawIt, OutcomeNotAllowed, WrongReason
from leeward.casework.quality import queries
from leeward.casework.quality.errors import NoReasons, NotInAdjudication
from leeward.casework.quality.models import Adjudication
from leeward.casework.quality.services import adjudicating, drafting
from leeward.casework.views.doing import kept_answer, once
from leeward.foundation.errors import LeewardError, TextTooLong
from leeward.laws.rules.facts import BadFacts
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of


@require_GET
@staff("case.assess")
def adjudications(request: HttpRequest) -> HttpResponse:
    """List the signed-in person's adjudications, and all of them for supervisors."""
    actor = actor_of(request)
    is_open = request.GET.get("state") != "over"
    sees_all = bool(may(actor, "quality.read", actor.hotline_id))
    rows = queries.adjudications(is_open=is_open, person_id=None if sees_all else actor.id)
    values = {"page": page_of(rows, request.GET.get("page")), "is_open": is_open, "me": actor.id}
    return render(request, "quality/adjudications.html", values)


@require_http_methods(["GET", "POST"])
@staff("case.assess")
def adjudication(request: HttpRequest, adjudication_id: int) -> HttpResponse:
    """Show one adjudication, for the two who differ and for supervisors."""
    found, actor = queries.adjudication(adjudication_id), actor_of(request)
    if not adjudicating.is_one_of_two(found, actor) and not may(actor, "quality.read", actor.hotline_id):
        raise NotInAdjudication
    if request.method != "POST":
        return _page(request, found)
    if request.POST.get("act") == "agree":
        number = request.POST.get("number", "")
        try:
            once(
                request,
                f"adjudication {adjudication_id}",
                lambda: adjudicating.agree(
                    adjudication_id, number=int(number) if number.isdecimal() else 0, actor=actor
                ),
            )
        except NobodySawIt as error:
            return _page(request, found, problem=error, status=error.status)
        messages.success(request, _("Agreed. The decision is made."))
        return redirect("quality:show-adjudication", adjudication_id=adjudication_id)
    return _propose(request, found)


@require_POST
@staff("case.assess")
def draft(request: HttpRequest, adjudication_id: int) -> HttpResponse:
    """Keep a proposal draft, for its author."""
    form, comment = FactsOnlyForm(request.POST), request.POST.get("comment", "")
    try:
        given = form.stated() if form.is_valid() else {}
        kept_at = drafting.keep_proposal_draft(adjudication_id, given, comment=comment, actor=actor_of(request))
    except (BadFacts, TextTooLong) as problem:
        return kept_answer(request, problem=problem) or _page(
            request, queries.adjudication(adjudication_id), form, problem=problem, status=problem.status
        )
    return kept_answer(request, kept_at=kept_at) or redirect(
        "quality:show-adjudication", adjudication_id=adjudication_id
    )


def _propose(request: HttpRequest, found: Adjudication) -> HttpResponse:
    actor, form, assessment = actor_of(request), FactsOnlyForm(request.POST), OutcomeForm(request.POST)
    if not (form.is_valid() and assessment.is_valid()):
        return _page(request, found, form, status=400)
    outcome, reason = assessment.end()
    is_third = not adjudicating.is_one_of_two(found, actor)
    say = adjudicating.decide_instead if is_third else adjudicating.propose

    def act() -> None:
        say(
            found.pk,
            form.stated(),
            outcome=outcome,
            reason=reason,
            comment=assessment.cleaned_data["comment"],
            actor=actor,
        )

    try:
        once(request, f"adjudication {found.pk}", act)
    except (BadFacts, WrongReason, FactsMissing, OutcomeNotAllowed, NoReasons) as error:
        return _page(request, found, form, problem=error, status=error.status)
    messages.success(
        request,
        _("The decision is made.") if is_third else _("Your proposal is waiting for the other person to agree."),
    )
    return redirect("quality:show-adjudication", adjudication_id=found.pk)


def _common(found: Adjudication) -> dict[str, object]:
    """Return the facts on which both agree, as a starting point for a proposal."""
    differing = facts_that_differ(found.first.facts, found.second.facts)
    return {name: value for name, value in found.first.facts.items() if name not in differing}


def _page(
    request: HttpRequest,
    found: Adjudication,
    form: FactsOnlyForm | None = None,
    *,
    problem: LeewardError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page; without a submitted form it starts with this person's draft, or with what both agree on."""
    actor, is_open = actor_of(request), adjudicating.is_open(found)
    begun = drafting.draft_of(found.case_id, PROPOSAL, actor) if is_open and form is None else None
    values = {
        "adjudication": found,
        "case": found.case,
        "differing": facts_that_differ(found.first.facts, found.second.facts),
        "is_open": is_open,
        "may_propose": is_open and adjudicating.is_one_of_two(found, actor),
        "may_agree": is_open
        and found.proposal is not None
        and adjudicating.is_one_of_two(found, actor)
        and found.proposed_by_id != actor.id,
        "may_decide": is_open and adjudicating.is_third(found, actor),
        "form": form or FactsOnlyForm(facts=begun.facts if begun else _common(found)),
        "begun": begun,
        "comment": request.POST.get("comment", begun.text if begun else ""),
        "problem": problem,
        "endings": ending_choices(),
        "once": new_form_key(),
        "time_zone": found.case.portal.time_zone,
    }
    return render(request, "quality/adjudication.html", values, status=status)
