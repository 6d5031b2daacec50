"""`POST /api/v1/law/opinion`: the opinions of `leeward law legality` over HTTP; nothing that is sent is kept."""

import json
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from leeward.ground.errors import BadInput, LeewardError
from leeward.laws.queries import opinion_values, opinions_for, register
from leeward.laws.rules.facts import parse_facts

_ALLOWED = ("facts", "jurisdictions", "on")


@csrf_exempt
@require_POST
def opinion(request: HttpRequest) -> JsonResponse:
    """Take `{"facts": {…}, "jurisdictions": ["JM"], "on": "2026-01-31"}` (only facts needed); answer one row each."""
    try:
        given = _body(request)
        facts = parse_facts(given["facts"])
        laws = register()
        codes, day = _codes(given.get("jurisdictions")) or list(laws.files), _day(given.get("on"))
        laws.refuse_before_any_law(codes, day)
        rows = [opinion_values(row) for row in opinions_for(facts, codes, day)]
    except LeewardError as problem:
        return _problem(problem)
    return JsonResponse({"law_version": laws.version, "on": day.isoformat(), "opinions": rows})


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadInput(what="the body", why="it is not JSON") from None
    if not isinstance(given, dict) or not isinstance(given.get("facts"), dict):
        raise BadInput(what="the body", why='it must be an object with the member "facts"')
    for name in given:
        if name not in _ALLOWED:
            raise BadInput(what="the body", why=f"there is no member {name[:30]!r}, only {', '.join(_ALLOWED)}")
    return given


def _codes(given: Any) -> list[str]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
        raise BadInput(what="jurisdictions", why="it must be a list of codes")
    return list(dict.fromkeys(code.strip().upper() for code in given))


def _day(given: Any) -> date:
    if given is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise BadInput(what="on", why=f"{str(given)[:20]!r} is no day, written YYYY-MM-DD") from None


def _problem(problem: LeewardError) -> JsonResponse:
    """The error as problem+json (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": problem.text,
        "status": problem.status,
        "code": problem.code,
        "detail": str(problem.hint),
    }
    return JsonResponse(body, status=problem.status, content_type="application/problem+json")
