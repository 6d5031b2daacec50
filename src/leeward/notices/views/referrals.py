"""Referrals on the desk: staff who speak with the police enter their answers."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError, NotFound
from leeward.notices import forms, queries, services
from leeward.notices.going_on import host_told_at
from leeward.notices.queries.hosts import host_due_at
from leeward.notices.queries.labels import REFERRAL_STATES
from leeward.notices.queries.pages import ReferralPage, referral_page
from leeward.notices.queries.releasing import release_of
from leeward.notices.queries.untold import untold
from leeward.notices.rules.answers import MOST_NOTE
from leeward.notices.views.public import referral_values, take_answer
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.people.services import demand_read
from leeward.web_security.paging import page_of
from leeward.web_security.services import use_once


@require_safe
@staff("referral.answer")
def referrals(request: HttpRequest) -> HttpResponse:
    """List referrals that wait for the police, those by which they may hold a case since a restoring, or all."""
    views = [("open", _("Open")), ("doubtful", _("Since a restoring")), ("all", _("All"))]
    view = request.GET.get("view", "open")
    view = view if view in dict(views) else "open"
    page = page_of(queries.referrals(view), request.GET.get("page"))
    notice_cases = {one.notice_case_id: one.notice_case for one in page.rows}
    informed = host_told_at(list(notice_cases.values()))
    due = host_due_at([one for pk, one in notice_cases.items() if pk not in informed])
    rows = [
        {
            "row": queries.referral_row(one),
            "word": REFERRAL_STATES[one.state],
            "host_told_at": informed.get(one.notice_case_id),
            "host_due_at": due.get(one.notice_case_id),
        }
        for one in page.rows
    ]
    values = {"page": page, "rows": rows, "view": view, "views": views, "untold": untold()}
    return render(request, "notices/referrals.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("referral.answer")
def referral(request: HttpRequest, number: int) -> HttpResponse:
    """Show one referral, with the form for entering the police's answer."""
    shown = referral_page(number)
    if request.POST.get("act") == "release":  # first it is seen what follows
        return redirect("notices_desk:release-referral", number=number)
    problem = forms.too_long(request.POST.get("note", ""), MOST_NOTE)
    if request.method == "POST" and not problem:
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"referral:{number}"):
                    _record(request, shown)
                    flash.success(request, _("The answer is recorded."))
            return redirect("notices_desk:answer-referral", number=number)
        except LeewardError as error:
            problem = f"{error.text} {error.hint}"
    values = referral_values(request, shown, problem) | {"on_desk": True}
    values["gives_up"] = may(actor_of(request), "referral.give_up", actor_of(request).hotline_id) and shown.may_give_up
    if values["typed"]["act"] == "give_up" and not values["gives_up"]:
        values["without_field"] = values["typed"]["note"]
    values["invites"] = may(actor_of(request), "reviewer.invite", actor_of(request).hotline_id)
    return render(request, "notices/desk_referral.html", values, status=422 if problem else 200)


def _record(request: HttpRequest, shown: ReferralPage) -> None:
    if request.POST.get("act") in (
        "give_up",
        "hold",
        "outcome",
    ):  # it takes the place of what the police may have answered since
        demand_read(referral_page(shown.id).mark, seen=request.POST.get("seen", ""))
    if request.POST.get("act") == "give_up":
        services.give_up_answer(shown.id, reason=request.POST.get("note", ""), actor=actor_of(request))
    else:
        take_answer(request, shown, actor=actor_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
@staff("referral.answer")
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Show what follows from a release, which nobody can take back, and record it once that was read."""
    problem = ""
    if request.method == "POST":
        if queries.referral(number) is None:
            raise NotFound(what=_("referral"))
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"release referral:{number}"):
                    demand_read(release_of(referral_page(number)).mark, seen=request.POST.get("seen", ""))
                    services.answer_referral(number, "release", actor=actor_of(request))
                    flash.success(request, _("The answer is recorded."))
            return redirect("notices_desk:answer-referral", number=number)
        except LeewardError as error:
            problem = f"{error.text} {error.hint}"
    shown = referral_page(number)
    values = referral_values(request, shown, problem) | {"on_desk": True, "release": release_of(shown)}
    return render(request, "notices/release_referral.html", values, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("referral.confirm")
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Let a second person confirm what somebody entered as the police's answer."""
    if queries.referral(number) is None:
        raise NotFound(what=_("referral"))
    problem = ""
    if request.method == "POST":
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"confirm referral:{number}"):
                    services.confirm_entered(number, seen=request.POST.get("seen", ""), actor=actor_of(request))
                    flash.success(request, _("Confirmed: the answer counts from now on."))
            return redirect("notices_desk:confirm-referral", number=number)
        except LeewardError as error:
            problem = f"{error.text} {error.hint}"
    values = referral_values(request, referral_page(number), problem) | {"on_desk": True}
    values["invites"] = may(actor_of(request), "reviewer.invite", actor_of(request).hotline_id)
    return render(request, "notices/confirm_referral.html", values, status=422 if problem else 200)
