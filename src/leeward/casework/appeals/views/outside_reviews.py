"""The pages of an outside reviewer: the one thing they are invited to, as the second person sees it, and nothing else.

Never shown here: how to reach a reporter, other people's notes, the first assessment where a second one is blind, other
cases.
"""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.blocklist.queries.entries import entry_by_id, mark_of_entry
from leeward.casework import queries, services
from leeward.casework.acting.forms import TextForm
from leeward.casework.appeals.services import hearing, outside
from leeward.casework.appeals.services.appealing import course_after
from leeward.casework.assessment.forms import FactsForm, ending_choices, read_assessment
from leeward.casework.assessment.services.seeing import files_shown
from leeward.casework.errors import CaseNotHeld, FactsMissing, OutcomeNotAllowed, WrongReason
from leeward.casework.exposure.forms import PreviewForm
from leeward.casework.exposure.views import preview as views_preview
from leeward.casework.models import Case
from leeward.casework.views.doing import case_to_preview, once
from leeward.foundation.errors import BadInput, LeewardError, NotFound
from leeward.hosting import queries as hosting_queries
from leeward.laws.rules.facts import BadFacts
from leeward.notices.queries import EnteredRow
from leeward.people.access import OutsideReviewer, outside_reviewer
from leeward.people.errors import EnteredSince
from leeward.web_security.keys import new_form_key

_REFUSALS = (BadFacts, WrongReason, FactsMissing, OutcomeNotAllowed)


@require_http_methods(["GET", "HEAD", "POST"])
@outside_reviewer
def outside_review(request: HttpRequest, here: OutsideReviewer) -> HttpResponseBase:
    """GET: show the subject of the invitation, as long as it needs a second person. POST: submit the answer."""
    if request.method != "POST" and not outside.is_needed(here.review):
        return render(request, "casework/appeals/outside_review_over.html", {"here": here})
    return _PAGES[here.review.subject_kind](request, here)


@require_POST
@outside_reviewer
def take(request: HttpRequest, here: OutsideReviewer) -> HttpResponseBase:
    """Take the case, so that its files can be viewed and nobody else works on it meanwhile."""
    services.claim_case(_case(here).pk, actor=here.actor)
    return redirect("casework:show-outside-review", here.review.id)


@require_safe
@outside_reviewer
def files(request: HttpRequest, here: OutsideReviewer) -> HttpResponseBase:
    """List the pictures and videos of the case by number, showing none of them."""
    case = case_to_preview(_case(here).reference)
    if case.claimed_by_id != here.actor.id:
        raise CaseNotHeld
    values = views_preview.files_values(case, here.actor) | _addresses(here)
    return render(request, "casework/exposure/files.html", values)


@require_POST
@outside_reviewer
def preview(request: HttpRequest, here: OutsideReviewer) -> HttpResponseBase:
    """Show one picture, small and grey, as any second person sees it: with a reason, counted, and removed after a
    while.
    """
    case, form = case_to_preview(_case(here).reference), PreviewForm(request.POST)
    if not form.is_valid():
        raise BadInput(what=_("The request to see a picture"), why=_("it has no reason"))
    return views_preview.preview_page(request, case, form, here.actor, addresses=_addresses(here))


def _addresses(here: OutsideReviewer) -> dict[str, str]:
    """Return the addresses that the forms and links on a visitor's file pages lead to."""
    return {
        "preview_url": reverse("casework:outside-review-preview", args=[here.review.id]),
        "files_url": reverse("casework:outside-review-files", args=[here.review.id]),
        "case_url": reverse("casework:show-outside-review", args=[here.review.id]),
    }


def _case(here: OutsideReviewer) -> Case:
    """Return the case that the invitation is about. Raises NotFound for an invitation to something else."""
    found = Case.objects.select_related("portal__hotline").filter(pk=here.review.subject_id).first()
    if here.review.subject_kind != "case" or found is None:
        raise NotFound(what=_("case"))
    return found


def _of_case(request: HttpRequest, here: OutsideReviewer) -> HttpResponse:
    case = _case(here)
    entered = None if case.waits_for_second else outside.entered_about(case)
    if entered is not None:
        return _of_answer(request, here, case, entered)
    if request.method != "POST":
        return _case_page(request, here)
    form, given = read_assessment(request.POST)
    if given is None:
        return _case_page(request, here, form, status=400)
    try:
        once(
            request,
            f"outside review {here.review.id}",
            lambda: outside.assess_as_outside_reviewer(here, form.stated(), **given),
        )
    except _REFUSALS as error:
        return _case_page(request, here, form, problem=error, status=error.status)
    return _thanks(request)


def _of_answer(request: HttpRequest, here: OutsideReviewer, case: Case, entered: EnteredRow) -> HttpResponse:
    """Show the police's answer about an urgent case as it was entered, for a second person to check with the police."""
    problem = None
    if request.method == "POST":
        confirm = partial(outside.confirm_as_outside_reviewer, here, seen=request.POST.get("seen", ""))
        try:
            once(request, f"outside review {here.review.id}", confirm)
        except EnteredSince as error:
            problem = error
        else:
            return _thanks(request)
    values = {
        "here": here,
        "case": case,
        "entered": entered,
        "problem": problem,
        "time_zone": case.portal.time_zone,
        "once": new_form_key(),
    }
    status = problem.status if problem else 200
    return render(request, "casework/appeals/outside_review_answer.html", values, status=status)


def _case_page(
    request: HttpRequest,
    here: OutsideReviewer,
    form: FactsForm | None = None,
    *,
    problem: LeewardError | None = None,
    status: int = 200,
) -> HttpResponse:
    case = _case(here)
    values = {
        "here": here,
        "case": case,
        "holds": case.claimed_by_id == here.actor.id,
        "form": form or FactsForm(),
        "comment": request.POST.get("comment", ""),
        "problem": problem,
        "reports": queries.reports_of(case.pk),
        "where": hosting_queries.whereabouts(case.location_id),
        "fetched": hosting_queries.latest_fetch(case.location_id),
        "assessments": queries.assessments_of(case.pk) if case.in_adjudication else [],
        "endings": ending_choices(),
        "ending": request.POST.get("ending", ""),
        "end_refused": problem if isinstance(problem, WrongReason) else None,
        "files_shown": files_shown(case, here.actor),
        "once": new_form_key(),
        "time_zone": case.portal.time_zone,
    } | _addresses(here)
    return render(request, "casework/appeals/outside_review_case.html", values, status=status)


def _of_appeal(request: HttpRequest, here: OutsideReviewer) -> HttpResponse:
    entry = queries.appeal(here.review.subject_id)
    case = entry.case
    if case is None:
        raise NotFound(what=_("appeal"))
    problem = None
    if request.method == "POST":
        form, answer = TextForm(request.POST), request.POST.get("answer", "")
        if not form.is_valid() or answer not in ("upheld", "rejected"):
            raise BadInput(what=_("The answer"), why=_("it has no reasons"))
        reasons, seen = form.cleaned_data["text"], request.POST.get("seen", "")
        answer_it = partial(
            outside.answer_as_outside_reviewer, here, upheld=answer == "upheld", reasons=reasons, seen=seen
        )
        try:
            once(request, f"outside review {here.review.id}", answer_it)
        except EnteredSince as error:
            problem = error
        else:
            return _thanks(request)
    statement = hearing.added_statement(entry)
    values = {
        "here": here,
        "entry": entry,
        "case": case,
        "address": hosting_queries.whereabouts(case.location_id).display,
        "relation": hearing.relation_label(entry),
        "statement": statement,
        "before": hearing.earlier_of(entry),
        "assessments": queries.assessments_of(case.pk),
        "course": course_after(case, entry),
        "replies": hearing.replies_to(entry.pk),
        "seen": hearing.mark_of_request(entry, statement),
        "problem": problem,
        "typed": request.POST.get("text", ""),
        "once": new_form_key(),
        "time_zone": entry.portal.time_zone,
    }
    status = problem.status if problem else 200
    return render(request, "casework/appeals/outside_review_appeal.html", values, status=status)


def _of_entry(request: HttpRequest, here: OutsideReviewer) -> HttpResponse:
    problem = None
    if request.method == "POST":
        try:
            once(request, f"outside review {here.review.id}", _answer_about_entry(request, here))
        except EnteredSince as error:
            problem = error
        else:
            return _thanks(request)
    entry = entry_by_id(here.review.subject_id)
    values = {
        "here": here,
        "entry": entry,
        "seen": mark_of_entry(entry),
        "problem": problem,
        "typed": request.POST.get("comment", ""),
        "once": new_form_key(),
    }
    status = problem.status if problem else 200
    return render(request, "casework/appeals/outside_review_entry.html", values, status=status)


def _answer_about_entry(request: HttpRequest, here: OutsideReviewer) -> Callable[[], None]:
    seen = request.POST.get("seen", "")
    match request.POST.get("answer", ""):
        case "approve":
            return partial(outside.approve_as_outside_reviewer, here, seen=seen)
        case "refuse":
            comment = request.POST.get("comment", "")
            return partial(outside.refuse_as_outside_reviewer, here, comment=comment, seen=seen)
        case _:
            raise BadInput(what=_("The answer"), why=_("none was chosen"))


def _thanks(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Thank you. Your answer is saved, and you no longer have access."))
    return redirect("casework:my-outside-reviews")


_PAGES: dict[str, Callable[[HttpRequest, OutsideReviewer], HttpResponse]] = {
    "case": _of_case,
    "appeal": _of_appeal,
    "entry": _of_entry,
}
