"""The police's API: what is known of their hashes, whom to call, which other agencies ask."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, JsonResponse
from ninja import Router, Schema, Status
from pydantic import Field

from leeward.hashbank.police import queries as police_queries
from leeward.hashbank.police.services import ask, investigate
from leeward.hashbank.rules.police import MOST_ROWS, Asker
from leeward.people.bearer import bearer, in_hotline, key_of, token_actor
from leeward.people.queries import TokenRow
from leeward.web_security.paging import page_of

router = Router(tags=["police"], auth=bearer("police"))
MOST_RECORD = (1 << 63) - 1
Text = Annotated[str, Field(max_length=200)]


class Question(Schema):
    """Hashes that police ask about for one of their cases."""

    reference: Annotated[str, Field(min_length=1, max_length=80)]
    contact: Text = ""
    restriction: Annotated[str, Field(max_length=120)] = ""
    files: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_ROWS)]


class Contact(Schema):
    """A contact: who, about what, how, and the outcome."""

    agency: str
    reference: str
    contact: str
    outcome: str = ""


class RowAnswer(Schema):
    """The answer for one row."""

    match: Literal["known", "near", "altered", "none"]
    distance: int | None = None
    is_harmless: bool = False
    is_conflict: bool = False
    says: dict[str, int] = {}
    record: int | None = None
    since: date | None = None
    classification: str | None = None
    levels: dict[str, str] = {}
    victim: str | None = None
    offender: str | None = None
    outcome: str | None = None
    call: list[Contact] = []
    also_asked: list[Contact] = []
    note: str | None = None
    alteration: str | None = None


class Answers(Schema):
    """The answers in the order of the rows, and the number of the recorded look-up."""

    inquiry: int
    answers: list[RowAnswer]


class Overlap(Schema):
    """Another agency that asked about the same records as one of your cases."""

    reference: str
    agency: str
    their_reference: str
    contact: str
    records: int
    since: str


class Outcome(Schema):
    """Your agency's investigation of a record, or its outcome."""

    record: Annotated[int, Field(ge=1, le=MOST_RECORD)]
    reference: Annotated[str, Field(min_length=1, max_length=80)]
    contact: Text = ""
    restriction: Annotated[str, Field(max_length=120)] = ""
    outcome: Literal["open", "victim_identified", "arrest", "convicted", "closed"] = "open"


def _token(request: HttpRequest) -> TokenRow:
    return key_of(request)


@router.post("/ask", response=Answers, operation_id="police_ask", summary="Is this known, and whom to call?")
@in_hotline
def ask_police(request: HttpRequest, question: Question) -> JsonResponse:
    """Look up at most 1,000 rows of hashes, as `leeward hash --json` prints them, for one case of your agency.

    Every look-up is recorded. Agencies that ask about the same record are told of each other, unless one of them names
    the written order that forbids it (`restriction`).
    """
    token = _token(request)
    asker = Asker(token.agency, question.reference, question.contact, question.restriction)
    inquiry = ask(question.files, asker=asker, actor=token_actor(token))
    answers = [
        answer.as_dict() for answer in inquiry.answers
    ]  # already parsed: checking each again takes longer than the look-up
    return JsonResponse({"inquiry": inquiry.inquiry_id, "answers": answers})


@router.get(
    "/overlaps", response=list[Overlap], operation_id="police_overlaps", summary="Who else asks about the same?"
)
@in_hotline
def overlaps(request: HttpRequest, page: int = 1) -> list[dict[str, Any]]:
    """List the other agencies that asked about records of your cases, for 50 of your cases a page, newest first."""
    cases = page_of(police_queries.inquiries_of(_token(request).agency), str(page)).rows
    found = police_queries.overlaps([row.pk for row in cases])
    return [
        {
            "reference": row.reference,
            "agency": row.agency,
            "their_reference": row.their_reference,
            "contact": row.contact,
            "records": row.records,
            "since": row.since.isoformat(),
        }
        for row in found
    ]


@router.post("/outcomes", response={201: None}, operation_id="police_outcome", summary="Say what came of it")
@in_hotline
def say_outcome(request: HttpRequest, outcome: Outcome) -> Status[None]:
    """Record that your agency investigates a record that it asked about, or the outcome."""
    token = _token(request)
    asker = Asker(token.agency, outcome.reference, outcome.contact, outcome.restriction)
    investigate(outcome.record, asker=asker, outcome=outcome.outcome, actor=token_actor(token))
    return Status(201, None)
