"""Exports over HTTP: a case in a format, validated, and the verdicts that were kept."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from leeward.outputs import queries, services
from leeward.people.bearer import bearer, in_hotline, key_of, token_actor

router = Router(tags=["exports"], auth=bearer("export"))
Name = Annotated[str, Field(max_length=16)]


class Choices(Schema):
    """What an export may be told: a kind of exploitation, and an OpenPGP key to encrypt to."""

    exploitation: Annotated[str, Field(max_length=20)] = ""
    certificate: Annotated[str, Field(max_length=200_000)] = ""


class Verdict(Schema):
    """One export of a case: its format, whether it was valid, why not, by which validator, and the SHA-256 of the file."""

    format: str
    at: datetime
    is_valid: bool
    refusals: list[list[str]]
    validator: str
    sha256: str
    bytes: int


@router.post(
    "/{str:form}/{str:subject}",
    operation_id="export_make",
    summary="Export a case in a format",
    response={200: None},
    openapi_extra={
        "responses": {
            200: {"description": "The file", "content": {"application/octet-stream": {"schema": {"type": "string"}}}},
            409: {"description": "It was refused: problem+json; the verdict is kept"},
        }
    },
)
@in_hotline
def make(request: HttpRequest, form: Name, subject: Annotated[str, Field(max_length=20)], choices: Choices) -> Any:
    """Return the file of a case, or of a quarter for `stats-inhope` (such as 2026Q3), if it is valid.

    The verdict is kept with the case, whether it is valid or not.
    """
    token = key_of(request)
    actor = token_actor(token)
    if form == services.STATS:
        made = services.export_quarter(subject, hotline_id=token.hotline_id, actor=actor)
    else:
        options = services.Options(choices.exploitation, choices.certificate)
        made = services.export_case(form, subject, options=options, actor=actor)
    return file_answer(made.demand())


@router.get(
    "/{str:subject}", response=list[Verdict], operation_id="export_verdicts", summary="What was exported of a case"
)
@in_hotline
def verdicts(request: HttpRequest, subject: Annotated[str, Field(max_length=20)]) -> list[dict[str, Any]]:
    """List the exports of a case, newest first."""
    return [
        {
            "format": row.format,
            "at": row.at,
            "is_valid": row.is_valid,
            "refusals": [[one.code, one.where] for one in row.refusals],
            "validator": row.validator,
            "sha256": row.digest,
            "bytes": row.bytes,
        }
        for row in queries.exports_of(subject)
    ]


def file_answer(made: services.Exported) -> HttpResponse:
    """Return an export as a file that no browser opens by itself."""
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
