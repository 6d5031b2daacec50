"""Queries about requests for review: of reporters, and of others about an address. All in the hotline's scope."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from leeward.foundation.errors import NotFound
from leeward.intake.labels import RELATIONS
from leeward.intake.models import OutsideAppeal, ReviewRequest
from leeward.sealing.fields import open_rows, opened, opened_rows


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A reporter's request for review; `outcome` is empty, `changed` or `kept`."""

    id: int
    report_id: int
    text: str
    asked_at: datetime
    settled_at: datetime | None
    outcome: str
    reasons: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True)
class OutsideAppealRow:
    """The request of an owner, a host or a person depicted about an address."""

    id: int
    hotline_id: int
    portal_id: int
    kind: str
    typed: str
    display: str
    comparable: str
    service: str
    relation: str
    text: str
    contact: str
    language: str
    state: str
    outcome: str
    received_at: datetime
    withdrawn_at: datetime | None
    reasons: str
    statement: str
    report_id: int | None


def _review_row(row: ReviewRequest) -> ReviewRow:
    return ReviewRow(
        row.pk, row.report_id, row.text, row.asked_at, row.settled_at, row.outcome, row.reasons, row.statement
    )


def open_reviews_of(report_id: int) -> list[ReviewRow]:
    """Return a reporter's requests for review that nobody has settled."""
    rows = ReviewRequest.objects.filter(report_id=report_id, settled_at__isnull=True).order_by("id")
    return [_review_row(row) for row in rows]


def reviews_of(report_id: int) -> list[ReviewRow]:
    """Return a reporter's requests for review, oldest first."""
    return [_review_row(row) for row in opened_rows(ReviewRequest.objects.filter(report_id=report_id).order_by("id"))]


def statement_of(origin: str, number: int) -> str:
    """Return the statement that a reporter or somebody outside added to their request for review; empty if there is none."""
    if origin not in ("reporter", "outside"):
        return ""
    if origin == "reporter":
        return opened(ReviewRequest.objects.filter(pk=number).values_list("statement", flat=True).first()) or ""
    return opened(OutsideAppeal.objects.filter(pk=number).values_list("statement", flat=True).first()) or ""


def statements_from_outside(numbers: Collection[int]) -> dict[int, str]:
    """Return the statements added to requests from outside, in one query."""
    rows = list(OutsideAppeal.objects.filter(pk__in=numbers).only("statement"))
    open_rows(rows)
    return {row.pk: row.statement for row in rows}


def relation_of(outside_id: int) -> str:
    """Return how a requester from outside says they are related to the content, in words; empty if they didn't say."""
    kept = OutsideAppeal.objects.filter(pk=outside_id).values_list("relation", flat=True).first()
    return str(RELATIONS.get(kept or "", ""))


def outside_appeal(appeal_id: int) -> OutsideAppealRow:
    """Return the outside appeal of this number; raises NotFound if there is none in this hotline."""
    row = OutsideAppeal.objects.filter(pk=appeal_id).first()
    if row is None:
        raise NotFound(what=_("appeal"))
    return OutsideAppealRow(
        row.pk, row.hotline_id, row.portal_id, row.kind, row.typed, row.display, row.comparable, row.service, row.relation, row.text, row.contact,
        row.language, row.state, row.outcome, row.received_at, row.withdrawn_at, row.reasons, row.statement, row.report_id,
    )  # fmt: skip


def appealed_addresses(outside_ids: Sequence[int]) -> dict[int, str]:
    """Return the addresses that outside appeals ask about, by number."""
    return dict(OutsideAppeal.objects.filter(pk__in=outside_ids).values_list("pk", "display"))
