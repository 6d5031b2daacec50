"""The page from which a child-protection office is told about a child who may be identified, after a preview."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leeward.casework import services
from leeward.casework.acting.forms import AtRiskForm
from leeward.casework.acting.queries.at_risk import AtRiskPage, at_risk_page
from leeward.casework.acting.services.at_risk import statement_about
from leeward.casework.acting.views.undoing import offer_undo
from leeward.casework.models import Case
from leeward.casework.rules.states import STATES
from leeward.casework.views.doing import back_to, case_here, once
from leeward.foundation.errors import LeewardError
from leeward.notices import queries as notices_queries
from leeward.notices.queries import OfficeLetter
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key


@require_http_methods(["GET", "HEAD", "POST"])
@staff("case.act")
def child_at_risk(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: the form. POST: the letter as it would go; sent again with that letter seen, it goes."""
    case, actor = case_here(reference, request), actor_of(request)
    page = at_risk_page(case, actor.id)
    form = AtRiskForm(
        request.POST if request.method == "POST" else None,
        offices=page.offices,
        initial={"child": page.child, "place": page.place},
    )
    if not form.is_valid():
        return _page(request, case, page, form)
    try:
        letter = _letter(case, page, form)
        if request.POST.get("seen") != _digest(letter):
            return _page(request, case, page, form, letter=letter)
        once(request, f"at risk {case.pk}", lambda: _tell(case, form, request))
    except LeewardError as error:
        return _page(request, case, page, form, problem=error)
    offer_undo(request, case)
    return back_to(case, request, _("It is being sent to child protection now."))


def _tell(case: Case, form: AtRiskForm, request: HttpRequest) -> None:
    given = form.cleaned_data
    services.tell_protection(
        case.pk, office_id=given["office"], child=given["child"], place=given["place"], actor=actor_of(request)
    )


def _letter(case: Case, page: AtRiskPage, form: AtRiskForm) -> OfficeLetter:
    given = form.cleaned_data
    office = next(one for one in page.offices if one.id == given["office"])
    statement = statement_about(case, child=given["child"], place=given["place"])
    return notices_queries.letter_to(
        office, statement, portal_id=case.portal_id, reference=case.reference, urgent=case.urgent
    )


def _digest(letter: OfficeLetter) -> str:
    """Return what stands for a letter that somebody has seen: to whom, and every word."""
    return hashlib.sha256(
        f"{letter.to.email}\n{letter.to.fingerprint}\n{letter.subject}\n{letter.body}".encode()
    ).hexdigest()


def _page(
    request: HttpRequest,
    case: Case,
    page: AtRiskPage,
    form: AtRiskForm,
    *,
    letter: OfficeLetter | None = None,
    problem: LeewardError | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    values: dict[str, Any] = {
        "case": case,
        "page": page,
        "form": form,
        "letter": letter,
        "seen": _digest(letter) if letter else "",
        "problem": problem,
        "is_open": not STATES[case.state].is_last,
        "may_answer": bool(may(actor, "referral.answer", case.hotline_id)),
        "may_edit_contacts": bool(may(actor, "contact.edit", case.hotline_id)),
        "once": new_form_key(),
        "time_zone": case.portal.time_zone,
    }
    status = problem.status if problem else 422 if form.errors else 200
    return render(request, "casework/acting/child_at_risk.html", values, status=status)
