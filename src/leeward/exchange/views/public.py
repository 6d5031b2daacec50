"""What other hotlines use: the card behind an invitation, their new keys, their messages. Each request proves by its signature whose it is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scope

from leeward.exchange import queries, services
from leeward.exchange.errors import InvitationUnknown, TooManyTries
from leeward.exchange.rules.cards import write_card
from leeward.exchange.rules.signing import Reply, Request
from leeward.foundation.errors import LeewardError
from leeward.web_security.caller import caller_of
from leeward.web_security.services import allow

WRONG_A_MINUTE = 10.0
WRONG_AT_ONCE = 30
JSON = "application/json"


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET: our card, or to people what to do with the link. POST: the other hotline's card, signed by its own key."""
    if request.method == "POST":
        try:
            return _answered(services.answer_invitation(token, _signed(request)))
        except LeewardError as error:
            return _refused(request, error)
    found = queries.invitation_behind(token)
    if found is None or not found.is_open:
        if not allow("wrong peer link", caller_of(request), per_minute=WRONG_A_MINUTE, burst=WRONG_AT_ONCE):
            raise TooManyTries
        raise InvitationUnknown
    if JSON not in request.headers.get("accept", ""):
        return render(request, "exchange/invitation.html", {"invitation": found})
    with scope(hotline=found.hotline_id):
        return HttpResponse(write_card(queries.own_card(found.hotline_id)), content_type=JSON)


@require_POST
def keys(request: HttpRequest, identifier: str) -> HttpResponse:
    """Take a peer's new key, announced under one that we know."""
    try:
        return _answered(services.take_new_key(identifier, _signed(request)))
    except LeewardError as error:
        return _refused(request, error)


@require_POST
def restored(request: HttpRequest, identifier: str) -> HttpResponse:
    """Keep that a peer was restored from a backup."""
    try:
        return _answered(services.take_restored(identifier, _signed(request)))
    except LeewardError as error:
        return _refused(request, error)


@require_POST
def messages(request: HttpRequest, identifier: str) -> HttpResponse:
    """Take a peer's messages about items and sign what became of each."""
    try:
        return _answered(services.take_messages(identifier, _signed(request)))
    except LeewardError as error:
        return _refused(request, error)


def _signed(request: HttpRequest) -> Request:
    """The request as its sender signed it: to our published address, whatever stands in front of this process."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method or "", settings.LEEWARD.base_url + request.get_full_path(), headers, request.body)


def _answered(reply: Reply) -> HttpResponse:
    return HttpResponse(reply.body, status=reply.status_code, headers=reply.headers)


def _refused(request: HttpRequest, error: LeewardError) -> HttpResponse:
    """A refusal for a program; who is refused often has to wait."""
    if not allow("refused peer", caller_of(request), per_minute=WRONG_A_MINUTE, burst=WRONG_AT_ONCE):
        error = TooManyTries()
    problem = {"title": error.text, "code": error.code, "status": error.status}
    return JsonResponse(problem, status=error.status, content_type="application/problem+json")
