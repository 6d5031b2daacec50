"""The one view behind `/hma/`: finds the route, authenticates the client, and formats every answer as HMA's clients
expect it.

How each refusal is sent depends on what the clients make of its status; `docs/how-to/hma.md` has the table.
"""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django_scopes import scope

from leeward.foundation.errors import LeewardError
from leeward.hashbank.hma.asking import asker_of, is_open
from leeward.hashbank.hma.errors import IllTyped
from leeward.hashbank.hma.views.openapi import document
from leeward.hashbank.hma.views.routes import Found, Route, find, site_map

AS_JSON = frozenset({400, 403, 404, 409})
"""Statuses whose refusals are JSON objects; all others are plain text."""
ALIVE, NOT_LOADED = "I-AM-ALIVE", "INDEX-NOT-LOADED"
_CLOSED = "This hotline's HMA routes are switched off at present."


def dispatch(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer a request below `/hma/`; repeated slashes count as one, and the first segment may be a key."""
    if not is_open():
        return _text(_CLOSED, 503)
    parts = [part for part in rest.split("/") if part]
    key, found = "", find(parts)
    if found is None and len(parts) > 1 and (behind := find(parts[1:])) is not None:
        key, found, parts = parts[0], behind, parts[1:]
    if not parts:
        return HttpResponseRedirect("status")
    ends_in_slash = rest.endswith("/") and parts != ["openapi"]
    if found is None or ends_in_slash:
        return _unknown(parts)
    method = "GET" if request.method == "HEAD" else request.method or ""
    if method not in found.by_method:
        return _other_method(method, found)
    return _answered(request, key, found.by_method[method], found)


def _unknown(parts: list[str]) -> HttpResponse:
    """Answer for an unknown path. Never 404 where a bank was asked for: one client would take that for a deleted bank."""
    if "bank" in parts:
        return JsonResponse({"message": "there is no such address"}, status=400)
    return _text("<!doctype html><title>404 Not Found</title><h1>Not Found</h1>", 404)


def _other_method(method: str, found: Found) -> HttpResponse:
    answer = _text("" if method == "OPTIONS" else "Method Not Allowed", 200 if method == "OPTIONS" else 405)
    answer.headers["Allow"] = ", ".join(sorted({*found.by_method, "HEAD", "OPTIONS"}))
    return answer


def _answered(request: HttpRequest, key: str, route: Route, found: Found) -> HttpResponse:
    try:
        if route.view is None:
            return _ABOUT[route.path]()
        asker = asker_of(request, key, route.needs)
        with scope(hotline=asker.hotline_id):
            answer = route.view(request, asker, *found.values)
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        return _json(body, status)
    except IllTyped as refusal:
        return _json(refusal.rows, 422)
    except LeewardError as refusal:
        return _refused(refusal)
    except (DatabaseError, OSError):
        return _text("The bank can't be asked at present.", 503)


def _refused(refusal: LeewardError) -> HttpResponse:
    """Format a refusal. A key with too narrow a scope is answered like a wrong key, because one client cannot read the
    reason of other 403s.
    """
    status = 401 if refusal.code == "key_too_narrow" else refusal.status
    if refusal.code == "not_allowed" or status not in AS_JSON or refusal.code == "hma_plain_refusal":
        return _text(refusal.text, 401 if refusal.code == "not_allowed" else status)
    return JsonResponse({"message": refusal.text}, status=400 if status == 409 else status)


def _json(body: Any, status: int) -> JsonResponse:
    return JsonResponse(body, status=status, safe=False, json_dumps_params={"sort_keys": True})


def _text(words: str, status: int) -> HttpResponse:
    kind = "text/html" if words.startswith("<") or status == 200 else "text/plain"
    return HttpResponse(words, status=status, content_type=f"{kind}; charset=utf-8")


def _alive() -> HttpResponse:
    """Report that the server is ready: the index is loaded by the first look-up and never lags, so it is neither
    missing nor stale.
    """
    from django.db import connection

    try:
        connection.ensure_connection()
    except DatabaseError:
        return _text(NOT_LOADED, 503)
    return _text(ALIVE, 200)


_ABOUT: dict[str, Callable[[], HttpResponse]] = {
    "/status": _alive,
    "/status/live": lambda: _text(ALIVE, 200),
    "/site-map": lambda: _json(site_map(), 200),
    "/openapi": lambda: _json(document(), 200),
    "/openapi/openapi.json": lambda: _json(document(), 200),
}
