"""The law over HTTP, open to all: opinions on a set of facts, duties to report and their deadlines. Nothing is stored."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema

from leeward.foundation.errors import BadInput
from leeward.laws.queries import duties_due, duties_of, opinion_values, opinions_for, register
from leeward.laws.rules.facts import parse_facts
from leeward.laws.rules.reporting import ROLES

router = Router(tags=["law"])
_OPINION = ("facts", "jurisdictions", "on")
_DUE = ("role", "known_at", "reported_at")


class Moment(Schema):
    """One duty with its deadlines; null means that the law, as recorded, does not say, or that the period has not
    begun.
    """

    id: str
    who: str
    binds: list[str]
    applies: Literal["yes", "unknown"]
    to: str | None
    trigger: str | None
    trigger_words: str | None
    content: str | None
    speed_words: str | None
    speed_hours: float | None
    report_by: datetime | None
    keep_days: int | None
    keep_from: str | None
    keep_until: datetime | None
    destroy: str | None
    destroy_after: datetime | None
    foreign_report: Literal["yes", "no", "unknown"]
    foreign_report_words: str | None
    citations: list[str]


class Due(Schema):
    """Every duty that binds, or may bind, a role in a jurisdiction."""

    jurisdiction: str
    name: str
    on: date
    law_version: str
    reviewed: bool
    caution: str
    recorded: bool
    no_duty: str | None
    duties: list[Moment]


def _body_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


_DAY = {"type": "string", "format": "date"}
_TIME = {"type": "string", "format": "date-time"}


@router.post(
    "/opinion",
    summary="What does the law of each jurisdiction make of these facts?",
    operation_id="law_opinion",
    openapi_extra=_body_of(
        {
            "type": "object",
            "required": ["facts"],
            "additionalProperties": False,
            "properties": {
                "facts": {"type": "object"},
                "jurisdictions": {"type": "array", "items": {"type": "string"}},
                "on": _DAY,
            },
        }
    ),
    response=dict[str, Any],
)
def opinion(request: HttpRequest) -> Any:
    """Takes `{"facts": {…}, "jurisdictions": ["JM"], "on": "2026-01-31"}` (only facts is required); returns one row
    each.

    The facts are those of `leeward law legality`. It needs no key, and nothing that is sent is stored.
    """
    given = _object(request, _OPINION)
    if not isinstance(given.get("facts"), dict):
        raise BadInput(what="the body", why='it must be an object with the member "facts"')
    facts = parse_facts(given["facts"])
    laws = register()
    codes, day = _codes(given.get("jurisdictions")) or list(laws.files), _day(given.get("on"))
    laws.refuse_before_any_law(codes, day)
    rows = [opinion_values(row) for row in opinions_for(facts, codes, day, laws)]
    return {"law_version": laws.version, "on": day, "opinions": rows}


@router.get(
    "/duties/{str:code}",
    summary="Who must report what, to whom, how fast?",
    operation_id="law_duties",
    response=dict[str, Any],
)
def duties(request: HttpRequest, code: str, on: str | None = None) -> Any:
    """Everything that the register has on reporting in a jurisdiction on a given day. Null means "not recorded"."""
    sheet = duties_of(code, _day(on))
    return {"law_version": register().version, "on": _day(on), **asdict(sheet)}


@router.post(
    "/duties/{str:code}/due",
    summary="When must it be reported, kept and destroyed?",
    operation_id="law_duties_due",
    openapi_extra=_body_of(
        {
            "type": "object",
            "required": ["role", "known_at"],
            "additionalProperties": False,
            "properties": {"role": {"enum": list(ROLES)}, "known_at": _TIME, "reported_at": _TIME},
        }
    ),
    response=Due,
)
def due(request: HttpRequest, code: str) -> Any:
    """Takes `{"role": "host", "known_at": "2026-11-24T09:00:00Z"}`, and `reported_at` once it was reported.

    Returns each duty that binds the role by the law of the day on which the material became known. If the law gives
    only words, `report_by` is null and `speed_words` has them; `applies` is "unknown" if nobody recorded since when.
    """
    given = _object(request, _DUE)
    role = given.get("role")
    if role not in ROLES:
        raise BadInput(what="role", why=f"it must be one of {', '.join(ROLES)}")
    known_at = _moment("known_at", given.get("known_at"))
    reported_at = _moment("reported_at", given["reported_at"]) if given.get("reported_at") is not None else None
    if reported_at and reported_at < known_at:
        raise BadInput(what="reported_at", why="it lies before known_at")
    return duties_due(code, role=role, known_at=known_at, reported_at=reported_at)


def _object(request: HttpRequest, allowed: tuple[str, ...]) -> dict[str, Any]:
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadInput(what="the body", why="it is not JSON") from None
    if not isinstance(given, dict):
        raise BadInput(what="the body", why=f'it must be an object with the member "{allowed[0]}"')
    for name in given:
        if name not in allowed:
            raise BadInput(what="the body", why=f"there is no member {name[:30]!r}, only {', '.join(allowed)}")
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


def _moment(name: str, given: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise BadInput(what=name, why=f"{str(given)[:40]!r} is no time, written 2026-01-31T09:00:00Z") from None
    if moment.utcoffset() is None:
        raise BadInput(what=name, why="it has no time zone; end it with Z or +01:00")
    return moment.astimezone(UTC)
