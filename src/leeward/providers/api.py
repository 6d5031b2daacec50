"""`/api/v1/provider`: mandatory reports of providers in bulk, their receipts, and what became of them."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.params.functions import Header

from leeward.foundation.errors import BadInput, NotFound
from leeward.people.bearer import bearer, in_hotline, key_of, token_actor
from leeward.providers import services
from leeward.providers.bodies import JSON_LINES, lines_in
from leeward.providers.labels import refusal
from leeward.providers.queries import lines as queries_lines
from leeward.providers.queries import receipts
from leeward.providers.queries.law import privilege_in
from leeward.providers.rules.line import (
    CLASSES,
    HASHES,
    INCIDENT,
    KINDS_OF_EVENT,
    KINDS_OF_REPORT,
    MOST_ADDRESS,
    MOST_COUNTRIES,
    MOST_LISTED,
    MOST_NAME,
    MOST_SIZE,
    MOST_WORDS,
    PRIORITIES,
    REFERENCE,
    place_of_incident,
)
from leeward.providers.rules.receipt import batch_number

PER_MINUTE, BURST = 600.0, 100
router = Router(tags=["provider"])


class LineOut(Schema):
    """The answer to one line, by its number in what was sent (from 1)."""

    line: int
    state: Literal["accepted", "same", "refused"] = Field(
        description="same: it came before, under this incident number."
    )
    incident: str = Field("", description="The number of the report; a later one names it in `of`.")
    digest: str = Field("", description="SHA-256 of the line as JSON with sorted keys and without spaces.")
    code: str = Field("", description="Why it was refused.")
    field: str = ""
    sentence: str = ""


class BatchOut(Schema):
    """The answer to a batch, with its receipt."""

    batch: str
    is_new: bool = Field(description="False where this idempotency key came before with the same lines.")
    sandbox: bool
    accepted: int
    same: int
    refused: int
    receipt: dict[str, Any] | None = Field(
        description="Signed; keep it. `proof` is null until the log’s next checkpoint, a minute later: fetch it again."
    )
    lines: list[LineOut]


class ReportOut(Schema):
    """What became of one report."""

    incident: str
    reference: str
    kind: str
    received_at: datetime
    feedback: Literal["received", "acted", "not_illegal", "known", "more_needed", "done"] = Field(
        description="It follows from what became of the case."
    )
    questions: list[str] = Field(description="What we need to know; a subsequent report answers.")
    keep_until: datetime | None = Field(description="By the law that is on record; null: none is.")
    held_until: datetime | None = Field(description="By an order of the police: destroy nothing before.")


class ReportsOut(Schema):
    """Reports, newest first."""

    reports: list[ReportOut]
    next: str | None = Field(description="The value of `before` for the next page.")


def _words(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


def _list_of(items: dict[str, Any], most: int = MOST_LISTED) -> dict[str, Any]:
    return {"type": "array", "maxItems": most, "items": items}


def _record(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


_TIME = {"type": "string", "format": "date-time", "description": "With its zone, and not in the future."}
_REFERENCE = {"type": "string", "pattern": REFERENCE}
_ADDRESS = {
    "type": "string",
    "maxLength": MOST_ADDRESS,
    "pattern": r"^([hH][tT][tT][pP][sS]?://|[fF][tT][pP]://|[mM][aA][gG][nN][eE][tT]:\?|[eE][dD]2[kK]://|gnutella:)[^\s]{2,}$",
}
_ACCOUNT = {
    "service": _words(100),
    "id": _words(MOST_NAME),
    "name": _words(MOST_NAME),
    "email": _words(254),
    "phone": _words(40),
}
_EVENT = {
    "at": _TIME,
    "kind": {"enum": [*KINDS_OF_EVENT]},
    "ip": {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
    "port": {"type": "integer", "minimum": 0, "maximum": 65_535},
    "account": _words(MOST_NAME),
}
_HASHES = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        name: {"type": "string", "pattern": f"^[0-9a-fA-F]{{{length}}}$"} for name, length in HASHES.items()
    },
}
_FILE = {
    "name": _words(MOST_NAME),
    "hashes": _HASHES,
    "viewed": {"type": "boolean", "description": "Whether a person at your side looked at it."},
    "classification": {"enum": list(CLASSES)},
    "size": {"type": "integer", "minimum": 0, "maximum": MOST_SIZE},
}


def _is(*kinds: str) -> dict[str, Any]:
    return {"required": ["kind"], "properties": {"kind": {"enum": [*kinds]}}}


_NOT_EMPTY = [
    {"required": [name], "properties": {name: {"minItems": 1}}} for name in ("addresses", "accounts", "events", "files")
] + [{"required": ["words"], "properties": {"words": {"minLength": 1}}}]
_LINE: dict[str, Any] = _record(
    [],
    {
        "kind": {"enum": list(KINDS_OF_REPORT), "default": "first"},
        "of": {
            "type": "string",
            "pattern": INCIDENT,
            "description": "The incident number that a later report is about.",
        },
        "reference": _REFERENCE | {"description": "Your own number for it."},
        "known_at": _TIME | {"description": "When you came to know of it; needed in a first report."},
        "priority": {"enum": list(PRIORITIES), "description": "Your own class; P1 is urgent here."},
        "danger": {"type": "boolean", "description": "A child is in danger now. Call the police too."},
        "countries": _list_of({"type": "string", "pattern": "^[A-Z]{2}$"}, MOST_COUNTRIES),
        "addresses": _list_of(_ADDRESS),
        "accounts": _list_of(_record([], _ACCOUNT)),
        "events": _list_of(_record(["at"], _EVENT)),
        "files": _list_of(_record(["hashes"], _FILE)),
        "words": _words(MOST_WORDS),
        "cybertip": _REFERENCE | {"description": "The number of the CyberTip, where it was reported there too."},
        "kept": {"type": "boolean", "description": "You keep the evidence."},
        "user_told": {"type": "boolean"},
        "privileged": {"type": "boolean", "description": "Legal privilege: such a line is not taken."},
    },
) | {
    "description": "No content, ever: a line with anything that looks like a file is refused.",
    "allOf": [
        {"if": _is(*KINDS_OF_REPORT[1:]), "then": {"required": ["of"]}, "else": {"required": ["known_at"]}},
        {"if": _is("withdrawal"), "else": {"anyOf": _NOT_EMPTY}},
    ],
}


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _LINE},
            JSON_LINES[0]: {"schema": {"type": "string", "description": "One such object a line, up to 10,000."}},
            "text/csv": {
                "schema": {"type": "string", "description": "With a heading: the names of the columns, in any order."}
            },
        },
    }
}


@router.post(
    "/reports",
    auth=bearer("provider", per_minute=PER_MINUTE, burst=BURST),
    response={201: BatchOut, 200: BatchOut},
    openapi_extra=_BODY,
    summary="Report what you must",
    operation_id="provider_report",
)
@in_hotline
def report(
    request: HttpRequest, idempotency_key: str = Header(alias="Idempotency-Key", min_length=16, max_length=200)
) -> Status[dict[str, Any]]:
    """Send one report as JSON, or up to 10,000 as JSON lines (16 MB), and keep the receipt.

    Each line is answered by its number: good ones are taken, bad ones refused with a code and a sentence. All of it is
    stored at once, before the answer. Make a random idempotency key for each batch and send it again with every
    repetition; 200 is the same answer again, 409 means that it was used for something else. 422: no line could be
    taken. What comes by a key of the sandbox is answered alike and goes nowhere.
    """
    key, now = key_of(request), services.now_utc()
    door = services.door_of_key(key.id, key.hotline_id, token_actor(key))
    read = services.read_lines(lines_in(request, request.content_type or "", _length_of(request)), now)
    taken = services.take_batch(read, door, once=idempotency_key, now=now)
    batch = receipts.batch_here(door.provider_id, taken.batch_id)
    privilege = ""
    if any(one.code == "privileged" for one in taken.answers):
        privilege = privilege_in(batch.provider, now.date())
    answer = {
        "batch": batch_number(taken.batch_id),
        "is_new": taken.is_new,
        "sandbox": door.is_sandbox,
        **{state: taken.count(state) for state in ("accepted", "same", "refused")},
        "receipt": receipts.receipt(batch) if batch.root else None,
        "lines": [_line_out(one, privilege) for one in taken.answers],
    }
    return Status(201 if taken.is_new else 200, answer)


def _length_of(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "")
    if not (
        text.isascii() and text.isdecimal() and len(text) < 20
    ):  # in pieces of unknown number, of which none would be read
        raise BadInput(what=_("The body"), why=_("its length is missing: send a Content-Length"))
    return int(text)


def _line_out(one: services.LineAnswer, privilege: str) -> dict[str, Any]:
    return {
        "line": one.line,
        "state": one.state,
        "incident": one.incident,
        "digest": one.digest,
        "code": one.code,
        "field": one.field,
        "sentence": refusal(one.code, one.field, privilege=privilege) if one.code else "",
    }


@router.get(
    "/reports",
    auth=bearer("provider", per_minute=PER_MINUTE, burst=BURST),
    response=ReportsOut,
    summary="What became of your reports",
    operation_id="provider_reports",
)
@in_hotline
def reports(request: HttpRequest, before: str = "") -> dict[str, Any]:
    """Return 200 reports, newest first; `before` is the `next` of the page before."""
    key = key_of(request)
    door = services.door_of_key(key.id, key.hotline_id, token_actor(key))
    rows, following = queries_lines.newest_of(door.provider_id, before, is_sandbox=door.is_sandbox)
    return {"reports": rows, "next": following}


@router.get(
    "/receipts/{str:number}",
    auth=bearer("provider", per_minute=PER_MINUTE, burst=BURST),
    response=dict[str, Any],
    summary="A receipt, with the log’s proof",
    operation_id="provider_receipt",
)
@in_hotline
def receipt(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return the receipt of a batch (P000012), or of one report (P000012-00001), which names no other report.

    `leeward provider verify-receipt FILE` checks it without asking anybody.
    """
    key = key_of(request)
    door = services.door_of_key(key.id, key.hotline_id, token_actor(key))
    place = place_of_incident(number if "-" in number else f"{number[:20]}-00000")
    if place is None:
        raise NotFound(what="receipt")
    return receipts.receipt(receipts.batch_of(door.provider_id, place[0], is_sandbox=door.is_sandbox), place[1] or None)
