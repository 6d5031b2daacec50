"""The upload check for programs: takes files or hashes and returns one answer each."""

import json
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema, Status

from leeward.foundation.errors import BadInput
from leeward.hashbank.records.services.guarding import say_of_match
from leeward.hashbank.uploads.queries import MOST_FILES, TooMuchAtOnce, body_of, form_files
from leeward.hashbank.uploads.services.checking import check_files, check_rows, subscriber_of
from leeward.matching.lists import Answer
from leeward.people.bearer import bearer, in_hotline, key_of, token_actor

MOST_JSON_BYTES = 5_000_000
PER_MINUTE, BURST = 60_000.0, 3_000
OWN_PICTURES_SCOPE = "own_pictures"
router = Router(tags=["check"])


class _Asking(NamedTuple):
    """Whose question it is, and whether they agreed to how fingerprints of people's own pictures are treated."""

    subscriber: str
    own_pictures: bool


class CheckAnswer(Schema):
    """The bank's answer for one file."""

    match: Literal["known", "near", "altered", "none"]
    distance: int | None = None
    bank: str | None = None
    classification: str | None = None
    record: int | None = None
    advice: Literal["block", "review", "allow"]
    note: str | None = None
    alteration: Literal["covered", "framed", "cropped", "rotated", "framed_cropped", "cropped_here"] | None = None


_HASHES = {
    "type": "object",
    "description": "The hashes of one file under the names of their kinds, as `leeward hash --json` prints them.",
    "properties": {
        **{name: {"type": "string"} for name in ("pdq", "pdq_nn512", "md5", "sha1", "sha256", "sha512")},
        **{name: {"type": "string"} for name in ("ed2k", "aich", "tth", "bt2", "photodna")},
        "quality": {"type": "integer", "minimum": 0, "maximum": 100},
        "pdq_dihedral": {"type": "array", "items": {"type": "string"}},
        "frames": {"type": "array", "items": {"type": "object"}},
        "variants": {"type": "array", "items": {"type": "object"}, "maxItems": 64},
    },
}
_BINARY = {"type": "string", "format": "binary"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [_HASHES, {"type": "array", "items": _HASHES, "maxItems": MOST_FILES}]}
            },
            "image/*": {"schema": _BINARY},
            "application/octet-stream": {"schema": _BINARY},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "array", "items": _BINARY, "maxItems": MOST_FILES}},
                }
            },
        },
    }
}


@router.post(
    "",
    auth=bearer("check", per_minute=PER_MINUTE, burst=BURST),
    response=CheckAnswer | list[CheckAnswer],
    openapi_extra=_BODY,
    summary="Is this file known?",
    operation_id="check",
)
@in_hotline
def check(request: HttpRequest) -> Any:
    """Send a picture as the body, up to 100 files as a form, or hashes as JSON: one object, or a list of up to 100.

    A request may contain at most LEEWARD_CHECK_MAX_BYTES in all (25 MB unless the operator changes it): send large
    pictures in several requests. A single item gets one answer, a form or a list gets a list in the same order. Files
    are hashed in memory and discarded; nothing of them is stored or logged. A file that can't be checked gets an answer
    too: see `note`. "altered" is a picture that is known once the `alteration` is undone (a border, a crop, a few
    degrees, something over it): for review by a person, never to be acted upon alone.

    A key that also has the scope `own_pictures`, and whose holder two people have confirmed, is told of files that are
    like a picture which a person sent fingerprints of, as one of themselves: bank "own pictures", always "near" and
    "review".
    """
    kind = request.content_type or ""
    key = key_of(request)
    who = _Asking(subscriber_of(key), OWN_PICTURES_SCOPE in key.scopes and key.is_vouched)
    if kind == "application/json":
        return _hashes(request, who)
    if kind == "multipart/form-data":
        files = [data for _, data in form_files(request)]
        if not files:
            raise BadInput(what="The form", why="it holds no file")
        return [answer.as_dict() for answer in check_files(files, **who._asdict())]
    if kind.startswith(("image/", "video/")) or kind == "application/octet-stream":
        return check_files([body_of(request, settings.LEEWARD.check_max_bytes)], **who._asdict())[0].as_dict()
    raise BadInput(
        what="The body", why="its Content-Type is none of image/*, video/*, multipart/form-data, application/json"
    )


class Feedback(Schema):
    """Your feedback on a match that the check reported."""

    record: int
    is_right: bool


@router.post(
    "/feedback",
    auth=bearer("check"),
    response={201: None},
    summary="Was a match right?",
    operation_id="check_feedback",
)
@in_hotline
def feedback(request: HttpRequest, body: Feedback) -> Status[None]:
    """Report whether a match was right.

    The record continues to match; a person at the hotline settles what you call wrong, and the weight of your feedback
    depends on how often you were right before. 404 for a record that the hotline does not have.
    """
    token = key_of(request)
    say_of_match(body.record, is_true=body.is_right, source=subscriber_of(token), actor=token_actor(token))
    return Status(201, None)


def _hashes(request: HttpRequest, who: _Asking) -> Any:
    rows = json_rows(body_of(request, MOST_JSON_BYTES), most=MOST_FILES)
    answers: list[Answer] = check_rows(rows if isinstance(rows, list) else [rows], **who._asdict())
    return [answer.as_dict() for answer in answers] if isinstance(rows, list) else answers[0].as_dict()


def json_rows(body: bytes, *, most: int) -> dict[str, Any] | list[dict[str, Any]]:
    """Parse one row of hashes or a list of them; raises BadInput, TooMuchAtOnce. The input is never quoted."""
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput(what="The body", why="it is not JSON") from error
    if isinstance(rows, dict):
        return rows
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BadInput(what="The body", why="it is neither an object of hashes nor a list of them")
    if len(rows) > most:
        raise TooMuchAtOnce(why=f"more than {most} rows")
    return rows
