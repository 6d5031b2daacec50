"""The forms on a case's page: each does one thing and redirects back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leeward.audit.services import hotline_transaction
from leeward.casework import services
from leeward.casework.acting.forms import CorrectionForm, TextForm
from leeward.casework.acting.queries.shown import mark_of_news_now, mark_of_place, mark_to_send_now
from leeward.casework.acting.views.undoing import offer_undo
from leeward.casework.assessment.views.case import render_case_page
from leeward.casework.errors import WrongReason
from leeward.casework.queue.views.queue import warn_of_limits
from leeward.casework.rules.states import STATES
from leeward.casework.steps import locked_case
from leeward.casework.views.doing import back_to, case_here, once, once_as_shown, opened_here, work_along
from leeward.foundation.errors import BadInput
from leeward.hosting import queries as hosting_queries
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince


@require_POST
@staff("case.claim")
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Take this case."""
    case = case_here(reference, request)
    lane = STATES[case.state].lane
    services.claim_case(case.pk, actor=actor_of(request))
    if lane.is_worked:
        work_along(request, lane.name)
    warn_of_limits(request, actor_of(request))
    return back_to(case, request)


@require_POST
@staff("case.claim")
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the case back and go to the queue."""
    case = case_here(reference, request)
    once_as_shown(
        request,
        f"back {case.pk}",
        lambda: locked_case(case.pk).holder_mark,
        lambda: services.give_back(case.pk, actor=actor_of(request)),
    )
    offer_undo(request, case)
    return redirect("casework:show-queue")


@require_POST
@staff("case.act")
def act(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell everybody named in the plan."""
    case = case_here(reference, request)
    once_as_shown(
        request,
        f"act {case.pk}",
        lambda: mark_to_send_now(locked_case(case.pk)),
        lambda: services.act(case.pk, actor=actor_of(request)),
    )
    offer_undo(request, case)
    return back_to(case, request, _("The police are being told now; the rest follows."))


@require_POST
@staff("case.act")
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a decided case with a reason."""
    page = opened_here(reference, request)
    case = page.case
    number = request.POST.get("reason", "")
    try:
        once_as_shown(
            request,
            f"close {case.pk}",
            lambda: locked_case(case.pk).mark,
            lambda: services.close_case(
                case.pk,
                reason=int(number) if number.isdecimal() else 0,
                comment=request.POST.get("comment", ""),
                actor=actor_of(request),
            ),
        )
    except (WrongReason, EnteredSince) as error:
        page = opened_here(reference, request)
        return render_case_page(request, page, closing=request.POST, problem=error, status=error.status)
    offer_undo(request, case)
    return back_to(case, request, _("Closed."))


@require_POST
@staff("case.reopen")
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a closed case back into the queue."""
    case = case_here(reference, request)
    text = _text(request, _("The reason"))
    once_as_shown(
        request,
        f"reopen {case.pk}",
        lambda: locked_case(case.pk).mark,
        lambda: services.reopen(case.pk, comment=text, actor=actor_of(request)),
    )
    return back_to(case, request, _("Reopened."))


@require_POST
@staff("case.note")
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a note."""
    case = case_here(reference, request)
    text = _text(request, _("The note"))
    once(request, f"note {case.pk}", lambda: services.note(case.pk, text=text, actor=actor_of(request)))
    offer_undo(request, case)
    return back_to(case, request, _("Noted."))


@require_POST
@staff("case.note")
def mark_as_read(request: HttpRequest, reference: str) -> HttpResponse:
    """Mark what is new as seen."""
    case = case_here(reference, request)
    with hotline_transaction():
        demand_as_shown(request, mark_of_news_now(locked_case(case.pk)))
        services.mark_as_read(case.pk, actor=actor_of(request))
    return back_to(case, request)


@require_POST
@staff("case.claim")
def change_urgency(request: HttpRequest, reference: str) -> HttpResponse:
    """Move a case into or out of the urgent lane."""
    case = case_here(reference, request)
    urgent, reason = request.POST.get("urgent") == "yes", request.POST.get("reason", "")
    with hotline_transaction():
        if not urgent:  # an older page that makes it urgent only has somebody look at it
            demand_as_shown(request, locked_case(case.pk).mark)
        services.change_urgency(case.pk, urgent=urgent, reason=reason, actor=actor_of(request))
    offer_undo(request, case)
    return back_to(case, request)


@require_POST
@staff("case.act")
def pass_to_police(request: HttpRequest, reference: str) -> HttpResponse:
    """Pass an urgent case on to the police now."""
    case = case_here(reference, request)
    once(request, f"pass {case.pk}", lambda: services.pass_to_police(case.pk, actor=actor_of(request)))
    offer_undo(request, case)
    return back_to(case, request, _("It is being sent to the police now, with the reporters’ words."))


@require_POST
@staff("case.act")
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Close an urgent case that the police have."""
    case = case_here(reference, request)
    once_as_shown(
        request,
        f"hand over {case.pk}",
        lambda: locked_case(case.pk).holder_mark,  # more reports of it, which others can send, keep nobody from it
        lambda: services.hand_over(case.pk, actor=actor_of(request)),
    )
    offer_undo(request, case)
    return back_to(case, request, _("Closed: the police have it."))


@require_POST
@staff("finding.correct")
def correct_finding(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct where the content is."""
    case = case_here(reference, request)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        raise BadInput(what=_("The correction"), why=_("a part of it is missing"))
    given = form.cleaned_data
    once_as_shown(
        request,
        f"correct {case.pk}",
        lambda: mark_of_place(hosting_queries.whereabouts(locked_case(case.pk).location_id)),
        lambda: services.correct_finding(
            case.pk, kind=given["kind"], value=given["value"], reason=given["reason"], actor=actor_of(request)
        ),
    )
    return back_to(case, request, _("Corrected."))


@require_POST
@staff("case.preview")
def refetch(request: HttpRequest, reference: str) -> HttpResponse:
    """Have the worker locate and fetch again."""
    case = case_here(reference, request)
    services.refetch(case.pk, actor=actor_of(request))
    return back_to(case, request, _("Fetching and locating again. Reload the page in a moment."))


@require_POST
@staff("report.ask")
def ask_reporter(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask one of the reporters a question."""
    case = case_here(reference, request)
    report = request.POST.get("report", "")
    canned = request.POST.get("canned", "")[:30]
    text = "" if canned else _text(request, _("The question"))
    if not report.isdecimal():
        raise BadInput(what=_("The question"), why=_("it names no report"))
    once(
        request,
        f"ask {case.pk}",
        lambda: services.ask_reporter(case.pk, int(report), text=text, canned=canned, actor=actor_of(request)),
    )
    return back_to(case, request, _("The reporter will see the question with their receipt."))


@require_POST
@staff("report.ask")
def withdraw_question(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw an unanswered question."""
    case = case_here(reference, request)
    number = request.POST.get("question", "")
    question = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
    services.withdraw_question(case.pk, question, actor=actor_of(request))
    return back_to(case, request, _("The question has been withdrawn."))


def _text(request: HttpRequest, what: str) -> str:
    form = TextForm(request.POST)
    if not form.is_valid():
        raise BadInput(what=what, why=_("it is empty"))
    return str(form.cleaned_data["text"])
