"""What every form of the desk has in common: sent twice it counts once, and it leads back to its page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext

from leeward.audit.services import hotline_transaction
from leeward.casework import queries
from leeward.casework.assessment.queries.opened import Opened, opened
from leeward.casework.assessment.services.seeing import note_reader
from leeward.casework.errors import CaseIsBlind
from leeward.casework.models import Case
from leeward.foundation.errors import LeewardError
from leeward.web_security.services import use_once

_LANE = "lane"  # in the session


def once(request: HttpRequest, purpose: str, act: Callable[[], object]) -> bool:
    """Do `act` unless this form was sent before; False when it was."""
    with hotline_transaction():
        if not use_once(request.POST.get("once", ""), purpose=f"casework {purpose}"):
            return False
        act()
    return True


def back_to(case: Case, request: HttpRequest, said: str | Promise = "") -> HttpResponse:
    """Lead back to the case's page, with a word about what was done."""
    if said:
        messages.success(request, str(said))
    return redirect("casework:show-case", reference=case.reference)


def is_part(request: HttpRequest) -> bool:
    """Whether only a part of the page is wanted, by the desk's script."""
    return bool(request.htmx)  # type: ignore[attr-defined]  # django-htmx sets it


def kept_answer(
    request: HttpRequest, *, kept_at: datetime | None = None, problem: LeewardError | None = None
) -> HttpResponse | None:
    """The word beside a field that is kept while it is written, or why it isn't; None where a whole page is wanted."""
    if not is_part(request):
        if kept_at:
            messages.success(request, gettext("Saved for later."))
        return None
    return render(request, "casework/assessment/includes/kept.html", {"kept_at": kept_at, "problem": problem})


def work_along(request: HttpRequest, lane: str) -> None:
    """Remember from which lane this person takes cases: whoever sends what is decided, one case after the other, goes on with that."""
    if request.session.get(_LANE) != lane:
        request.session[_LANE] = lane


def lane_worked_along(request: HttpRequest, case: Case) -> str:
    """From which lane the next case comes; before anybody has taken one, by what this person did here."""
    return str(request.session.get(_LANE) or ("second" if request.user.pk == case.second_assessor_id else "waiting"))


def case_here(reference: str, request: HttpRequest) -> Case:
    """The case of the path, as `opened_here` finds it."""
    return opened_here(reference, request).case


def opened_here(reference: str, request: HttpRequest) -> Opened:
    """The case of the path with what its page reads along; a page that says so where there is none in this hotline, or where whoever
    asks has it for a blind look and so must not read yet what others found. Where it is drawn for such a look, whoever reads it can't
    take it any more. Whoever asks is given the hotline that was read along, so that the page needn't ask for it."""
    user: Any = request.user  # one of the staff: every page of the desk sees to that
    found = opened(reference, person_id=user.pk)
    if found.sampler_id is not None and found.sampler_id == user.pk:
        raise CaseIsBlind
    if found.drawn_id is not None:
        note_reader(found.drawn_id, user.pk)
    if user.hotline_id == found.case.hotline_id:
        user.hotline = found.case.portal.hotline
    return found


def case_to_preview(reference: str) -> Case:
    """The case of the path for looking at its files alone, which whoever has it for a blind look may do."""
    return queries.case_by_reference(reference)
