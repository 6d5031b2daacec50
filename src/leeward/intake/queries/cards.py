"""What receipts show, from the rows of the desk; nothing is opened for it. In the hotline's scope."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from leeward.intake.models import Item, OutsideAppeal, Report, ReporterMessage, ReviewRequest
from leeward.intake.rules.card import AppealCard, Card, CardItem, CardQuestion, CardReview, ReportCard, as_shown
from leeward.intake.rules.urgency import Urgency
from leeward.spool.registry import Shown, Teller


def report_cards(numbers: Sequence[int]) -> dict[int, ReportCard]:
    """Return what is shown of these reports."""
    if not numbers:
        return {}
    items, reviews = _by_report(_items(numbers)), _by_report(_reviews(numbers))
    messages: dict[int, list[ReporterMessage]] = {}
    for row in ReporterMessage.objects.filter(report_id__in=numbers).order_by("id"):
        messages.setdefault(row.report_id, []).append(row)
    return {
        row.pk: _report_card(row, items.get(row.pk, ()), messages.get(row.pk, ()), reviews.get(row.pk, ()))
        for row in Report.objects.filter(pk__in=numbers)
    }


def _report_card(
    row: Report,
    items: Sequence[CardItem] = (),
    messages: Sequence[ReporterMessage] = (),
    reviews: Sequence[CardReview] = (),
) -> ReportCard:
    return ReportCard(
        kind=row.kind,
        under_18=row.under_18,
        threat=row.threat,
        urgency=cast("Urgency", row.urgency),
        wish=row.wish,
        happened="yes" if row.happened else "",
        received_at=row.received_at,
        closed_at=row.closed_at,
        has_words=bool(row.where or row.__dict__["text"]),
        items=tuple(items),
        questions=_questions(messages),
        reviews=tuple(reviews),
        messages=len(messages),
    )


def card_just_sent(report_id: int) -> Card | None:
    """Return what the page with a receipt needs of a report, without what came later; None if it is withdrawn, or not of this hotline."""
    row = Report.objects.filter(pk=report_id, withdrawn_at=None).first()
    return None if row is None else Card(_report_card(row), report_id=report_id)


def report_card(report_id: int) -> Card | None:
    """Return what is shown of one report; None if there is none in this hotline."""
    found = report_cards([report_id]).get(report_id)
    return None if found is None else Card(found, report_id=report_id)


def appeal_card(appeal_id: int) -> Card | None:
    """Return what is shown of one request from outside; None if there is none in this hotline."""
    return _appeal_cards([appeal_id]).get(appeal_id)


def _appeal_cards(numbers: Sequence[int]) -> dict[int, Card]:
    rows = list(OutsideAppeal.objects.filter(pk__in=numbers))
    reports = report_cards([row.report_id for row in rows if row.report_id])
    return {
        row.pk: Card(
            reports.get(row.report_id or 0),
            AppealCard(row.state, row.outcome, row.reasons, row.received_at, bool(row.__dict__["statement"])),
            report_id=row.report_id or 0,
            appeal_id=row.pk,
        )
        for row in rows
    }


def _shown_of_reports(numbers: Sequence[int]) -> Mapping[int, Shown]:
    rows = Report.objects.filter(pk__in=numbers, receipt_hash__isnull=False)
    receipts = {row[0]: (row[1] or "", row[2] or "") for row in rows.values_list("pk", "receipt_hash", "once_digest")}
    cards = report_cards(list(receipts))
    return {
        number: Shown(receipt, once, as_shown(Card(cards[number])))
        for number, (receipt, once) in receipts.items()
        if number in cards
    }


def _shown_of_appeals(numbers: Sequence[int]) -> Mapping[int, Shown]:
    rows = OutsideAppeal.objects.filter(pk__in=numbers, receipt_hash__isnull=False)
    receipts = {row[0]: (row[1] or "", row[2] or "") for row in rows.values_list("pk", "receipt_hash", "once_digest")}
    cards = _appeal_cards(list(receipts))
    return {
        number: Shown(receipt, once, as_shown(cards[number]))
        for number, (receipt, once) in receipts.items()
        if number in cards
    }


def _reports_after(number: int, most: int) -> list[int]:
    rows = Report.objects.filter(pk__gt=number, receipt_hash__isnull=False).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:most])


def _appeals_after(number: int, most: int) -> list[int]:
    rows = OutsideAppeal.objects.filter(pk__gt=number, receipt_hash__isnull=False).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:most])


REPORTS = Teller(_shown_of_reports, _reports_after)
APPEALS = Teller(_shown_of_appeals, _appeals_after)


def _items(numbers: Sequence[int]) -> list[tuple[int, CardItem]]:
    rows = Item.objects.filter(report_id__in=numbers).order_by("id")
    return [
        (row[0], CardItem(*row[1:]))
        for row in rows.values_list("report_id", "kind", "state", "reason", "state_changed_at")
    ]


def _reviews(numbers: Sequence[int]) -> list[tuple[int, CardReview]]:
    rows = ReviewRequest.objects.filter(report_id__in=numbers).order_by("id")
    fields = ("report_id", "settled_at", "outcome", "reasons", "statement")
    return [(row[0], CardReview(row[1], row[2], row[3], bool(row[4]))) for row in rows.values_list(*fields)]


def _by_report[Part](rows: Sequence[tuple[int, Part]]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    for number, part in rows:
        found.setdefault(number, []).append(part)
    return found


def _questions(messages: Sequence[ReporterMessage]) -> tuple[CardQuestion, ...]:
    answers: dict[Any, ReporterMessage] = {row.answers_id: row for row in messages if row.answers_id}
    return tuple(
        CardQuestion(
            row.pk,
            row.form,
            row.asked,
            row.at,
            row.code,
            row.texts,
            row.answered_at,
            row.withdrawn_at,
            pressed=answers[row.pk].code if row.pk in answers else "",
            wrote=row.pk in answers and bool(answers[row.pk].__dict__["text"]),
        )
        for row in messages
        if row.direction == "question"
    )
