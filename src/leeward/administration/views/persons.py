"""Data of a person: found, shown with what would go and what stays, asked for by one, confirmed by another."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leeward.administration import persons
from leeward.administration.labels import BEFORE_ERASING, ERASED, KEPT, PERSON_ACTS, PERSON_OUTCOMES, PERSONS
from leeward.administration.rules.persons import KINDS
from leeward.administration.services.persons import ask_about_person, note_copy_taken, settle_person_request
from leeward.audit.services import hotline_transaction
from leeward.foundation.crypto.tokens import make_token, read_token
from leeward.foundation.errors import BadInput, NotFound
from leeward.people import services as people_services
from leeward.people.access import actor_of, staff
from leeward.people.queries import second_person_obstacle
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import allow, use_once

SEARCHES, A_MINUTE = 20, 5


@staff("portal.confirm")
@require_http_methods(["GET", "POST"])
def list_persons(request: HttpRequest) -> HttpResponse:
    """GET shows the requests and where to look for somebody. POST looks: what is typed is in no address, since it may be a receipt."""
    actor = actor_of(request)
    may_ask = bool(may(actor, "account.edit", actor.hotline_id))
    values: dict[str, Any] = {
        "kinds": PERSONS.items(),
        "may_ask": may_ask,
        "page": persons.requests(request.GET.get("page")),
    }
    if request.method == "POST" and may_ask:
        kind, what = request.POST.get("kind", ""), request.POST.get("receipt_or_name", "")
        if kind not in KINDS or not what.strip():
            raise BadInput(what=_("person"), why=_("choose whose data it is, and type what finds them"))
        if not allow("administration.persons", str(actor.id), per_minute=A_MINUTE, burst=SEARCHES):
            raise BadInput(what=_("person"), why=_("you have looked for too many; wait a minute"))
        found = persons.find(kind, what, actor.hotline_id or 0)
        values |= {"kind": kind, "looked": True, "found": [(row, _token(row.kind, row.number)) for row in found]}
    values["rows"] = [
        (row, PERSONS[row.kind], PERSON_ACTS[row.act], PERSON_OUTCOMES[row.outcome]) for row in values["page"].rows
    ]
    return render(request, "administration/persons.html", values)


@staff("account.edit")
@require_http_methods(["GET", "POST"])
def show_person(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """GET shows what is here of somebody, what would go and what stays. POST asks for a copy or for erasing."""
    actor, number = actor_of(request), _number(kind, token)
    plan = persons.plan_of(kind, number, actor.hotline_id or 0)
    if plan is None:
        raise NotFound(what=_("person"))
    if request.method == "POST":
        with hotline_transaction():
            if not use_once(request.POST.get("once", ""), purpose="person"):
                return redirect("administration:list-persons")
            act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
            made = ask_about_person(kind, number, act, reason=reason, actor=actor)
        messages.success(request, _("Asked for. A second person has to confirm it."))
        return redirect("administration:show-person-request", made)
    return render(request, "administration/person.html", _plan_values(kind, plan) | {"once": new_form_key()})


@staff("portal.confirm")
@require_http_methods(["GET", "POST"])
def show_person_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show a request with what would happen; a second person confirms it, or it is refused."""
    actor, row = actor_of(request), persons.request_row(request_id)
    if row is None:
        raise NotFound(what=_("request"))
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if answer not in ("confirm", "refuse"):
            raise BadInput(what=_("answer"), why=_("it must be confirm or refuse"))
        seen = request.POST.get("seen", "")
        settle_person_request(request_id, confirm=answer == "confirm", seen=seen, actor=actor)
        done = (
            _("Done. The log says so, and nothing of the person.")
            if answer == "confirm"
            else _("Refused. Nothing was changed.")
        )
        messages.success(request, done)
        return redirect("administration:show-person-request", request_id)
    plan = None if row.outcome else persons.plan_of(row.kind, row.subject, actor.hotline_id or 0)
    obstacle = None if row.outcome else second_person_obstacle(actor, {row.asked_by_id}, act="portal.confirm")
    values: dict[str, Any] = {
        "row": row,
        "act": PERSON_ACTS[row.act],
        "outcome": PERSON_OUTCOMES[row.outcome],
        "obstacle": people_services.second_person_words(obstacle, actor.hotline_id) if obstacle else None,
        "is_copy": row.act == "export",
        "seen": persons.mark_of_request(row.id, row.act, row.reason, plan),
        "may_take": persons.may_be_taken(row, actor.id, datetime.now(UTC)),
    }
    return render(
        request,
        "administration/person_request.html",
        values | (_plan_values(row.kind, plan) if plan else {"whose": PERSONS[row.kind]}),
    )


@staff("portal.confirm")
@require_POST
def take_copy(request: HttpRequest, request_id: int) -> HttpResponse:
    """Return the copy, to one of the two who agreed to it; each time is logged."""
    actor, row = actor_of(request), persons.request_row(request_id)
    if row is None or not persons.may_be_taken(row, actor.id, datetime.now(UTC)):
        raise NotFound(what=_("request"))
    text = persons.copy_of(row, actor.hotline_id or 0)
    note_copy_taken(request_id, actor=actor)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="person-{request_id}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _plan_values(kind: str, plan: persons.Plan) -> dict[str, Any]:
    return {
        "whose": PERSONS[kind],
        "plan": plan,
        "goes": [ERASED[name] for name in plan.goes],
        "stays": [KEPT[name] for name in plan.stays],
        "first": BEFORE_ERASING.get(plan.first, ""),
        "many": sum(plan.counts.values()),
    }


def _token(kind: str, number: int) -> str:
    return make_token(settings.LEEWARD.secret_bytes, f"person {kind}", number)


def _number(kind: str, token: str) -> int:
    number = read_token(settings.LEEWARD.secret_bytes, f"person {kind}", token) if kind in KINDS else None
    if number is None:
        raise NotFound(what=_("person"))
    return number
