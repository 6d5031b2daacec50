"""Shared by every form of the desk: submitted twice it counts once, and it redirects back to its page."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext

from leeward.audit.services import hotline_transaction
from leeward.casework import queries
from leeward.casework.assessment.queries.opened import Found, Opened, found, opened
from leeward.casework.assessment.services.seeing import note_reader
from leeward.casework.errors import CaseIsBlind
from leeward.casework.models import Case
from leeward.foundation.errors import LeewardError
from leeward.people.access import demand_as_shown
from leeward.people.errors import EnteredSince
from leeward.web_security.services import use_once, used_for

_LANE = "lane"  # in the session


def once(request: HttpRequest, purpose: str, act: Callable[[], object]) -> bool:
    """Run `act` unless this form was submitted before; return False if it was."""
    with hotline_transaction():
        if not use_once(request.POST.get("once", ""), purpose=f"casework {purpose}"):
            return False
        act()
    return True


def once_as_shown(request: HttpRequest, purpose: str, mark: Callable[[], str], act: Callable[[], object]) -> bool:
    """Run `act` like `once`, but only by a page that showed what holds now (`mark`, read in the transaction of the act)."""

    def act_on_what_was_shown() -> None:
        demand_as_shown(request, mark())
        act()

    return once(request, purpose, act_on_what_was_shown)


def demand_each_as_shown(request: HttpRequest, chosen: Iterable[Any]) -> None:
    """Raise EnteredSince if any of these rows that isn’t refused has another `mark` by now than those of the page; in the act’s transaction."""
    shown = frozenset(request.POST.getlist("seen"))
    if any(not one.refusal and one.mark not in shown for one in chosen):
        raise EnteredSince


def was_done(request: HttpRequest, purpose: str) -> bool:
    """Return whether this form's key was used for this purpose by `once`: an unknown key was not."""
    return bool(used_for(request.POST.get("once", ""), f"casework {purpose}"))


def back_to(case: Case, request: HttpRequest, message: str | Promise = "") -> HttpResponse:
    """Redirect to the case's page, with a message about what was done."""
    if message:
        messages.success(request, str(message))
    return redirect("casework:show-case", reference=case.reference)


def is_part(request: HttpRequest) -> bool:
    """Return whether the desk's script asked for only a part of the page."""
    return bool(request.htmx)  # type: ignore[attr-defined]  # django-htmx sets it


def kept_answer(
    request: HttpRequest, *, kept_at: datetime | None = None, problem: LeewardError | None = None
) -> HttpResponse | None:
    """Return the status shown beside an autosaved field, or why it wasn't saved; None if a whole page is wanted."""
    if not is_part(request):
        if kept_at:
            messages.success(request, gettext("Saved for later."))
        return None
    return render(request, "casework/assessment/includes/kept.html", {"kept_at": kept_at, "problem": problem})


def work_along(request: HttpRequest, lane: str) -> None:
    """Remember from which lane this person takes cases, so that somebody sending decided cases one after the other
    continues with those.
    """
    if request.session.get(_LANE) != lane:
        request.session[_LANE] = lane


def lane_worked_along(request: HttpRequest, case: Case) -> str:
    """Return the lane that the next case comes from; before anybody has taken one, it depends on what this person did
    here.
    """
    return str(request.session.get(_LANE) or ("second" if request.user.pk == case.second_assessor_id else "waiting"))


def case_here(reference: str, request: HttpRequest) -> Case:
    """Return the case of the path, for whoever `opened_here` lets read it."""
    return _let_read(found(reference, person_id=_reader(request).pk), request).case


def opened_here(reference: str, request: HttpRequest) -> Opened:
    """Return the case of the path with everything its page reads along. Shows an error page if there is none in this
    hotline, or if the signed-in person has it for a blind assessment and must not read the findings yet. If the case is
    drawn for one, whoever reads it can't take it any more. The hotline that was read along is set on the user, so that
    the page needn't query it.
    """
    return _let_read(opened(reference, person_id=_reader(request).pk), request)


def _reader(request: HttpRequest) -> Any:
    return request.user  # a member of staff: every page of the desk ensures that


def _let_read[F: (Found, Opened)](row: F, request: HttpRequest) -> F:
    user = _reader(request)
    if row.sampler_id is not None and row.sampler_id == user.pk:
        raise CaseIsBlind
    if row.drawn_id is not None:
        note_reader(row.drawn_id, user.pk)
    if user.hotline_id == row.case.hotline_id:
        user.hotline = row.case.portal.hotline
    return row


def case_to_preview(reference: str) -> Case:
    """Return the case of the path for viewing its files only, which its blind assessor may do."""
    return queries.case_by_reference(reference)
