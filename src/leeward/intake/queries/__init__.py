"""Queries about reports, their items and later messages, all in the hotline's scope."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import cast

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext as _

from leeward.foundation.errors import NotFound
from leeward.intake.labels import CHOICES, WHEN
from leeward.intake.models import CannedQuestion, Item, Report, ReporterMessage
from leeward.intake.queries.reviews import (
    OutsideAppealRow,
    ReviewRow,
    appealed_addresses,
    open_reviews_of,
    outside_appeal,
    relation_of,
    reviews_of,
    statement_of,
    statements_from_outside,
)
from leeward.intake.rules.canned import SHIPPED, best_text
from leeward.intake.rules.card import CardQuestion
from leeward.intake.rules.own_picture import Wished
from leeward.intake.rules.urgency import Urgency
from leeward.sealing.fields import opened_rows
from leeward.web_security.paging import mapping_of, moment_of, packed, unpacked

__all__ = [
    "CannedRow",
    "ItemRow",
    "MessageRow",
    "OutsideAppealRow",
    "ReportRow",
    "ReviewRow",
    "ShownItem",
    "appealed_addresses",
    "canned_questions",
    "items_by_id",
    "items_in",
    "items_of",
    "messages_of",
    "messages_of_reports",
    "newest_items",
    "open_questions",
    "open_reviews_of",
    "outside_appeal",
    "own_questions",
    "questions_of",
    "rehearsal_of",
    "relation_of",
    "report",
    "report_ids_of",
    "report_row",
    "report_with_items",
    "reports_of_items",
    "reports_with_items",
    "reviews_of",
    "seen_when",
    "shown_of_items",
    "shown_of_reports",
    "statement_of",
    "statements_from_outside",
    "wording",
]


@dataclass(frozen=True, slots=True)
class ReportRow(Wished):
    """A report as other slices see it; `where` is what was pasted there, as typed. A withdrawn one has no text at all,
    nor has one that went to another hotline (`handed_over_at`); one that came from there has the number that it had (`formerly`).
    """

    id: int
    hotline_id: int
    portal_id: int
    kind: str
    under_18: bool
    threat: str
    urgency: Urgency
    marked_because: str
    language: str
    where: str
    text: str
    when_seen: str
    contact: str
    needs_login: bool
    password: str
    referrer: str
    source: str
    entered_by: int | None
    received_at: datetime
    closed_at: datetime | None
    withdrawn_at: datetime | None
    happened: str = ""
    wish: str = ""
    fingerprints: str = ""
    handed_over_at: datetime | None = None
    formerly: int | None = None

    @property
    def urgent(self) -> bool:
        """Return whether somebody must be paged for it and its cases have priority."""
        return bool(self.urgency)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of a report, and its state for the reporter."""

    id: int
    report_id: int
    kind: str
    typed: str
    display: str
    comparable: str
    service: str
    state: str
    reason: str
    state_changed_at: datetime
    done_before: Collection[str] = ()  # as in ShownItem; read by `report_with_items` only


@dataclass(frozen=True, slots=True)
class ShownItem:
    """What the receipt of a report currently shows about one item, and what another hotline had done about it before."""

    id: int
    report_id: int
    state: str
    reason: str
    state_changed_at: datetime
    done_before: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message after the report; `answers` is the number of the question that it answers."""

    id: int
    report_id: int
    direction: str
    form: str
    text: str
    at: datetime
    asked_by: int | None
    answers: int | None
    answered_at: datetime | None
    code: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    withdrawn_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Return whether it still waits for its answer."""
        return self.direction == "question" and self.answered_at is None and self.withdrawn_at is None


def report_row(row: Report) -> ReportRow:
    """Return a report as other slices see it."""
    return ReportRow(
        row.pk, row.hotline_id, row.portal_id, row.kind, row.under_18, row.threat, cast("Urgency", row.urgency), row.marked_because,
        row.language, row.where, row.text, row.when_seen, row.contact, row.needs_login, row.password, row.referrer, row.source, row.entered_by_id,
        row.received_at, row.closed_at, row.withdrawn_at, row.happened, row.wish, row.fingerprints, row.handed_over_at, row.formerly,
    )  # fmt: skip


_ITEM_COLUMNS = (
    "id", "report_id", "kind", "typed", "display", "comparable", "service", "state", "reason", "state_changed_at",
)  # fmt: skip


def _item_row(row: Item) -> ItemRow:
    return ItemRow(
        row.pk, row.report_id, row.kind, row.typed, row.display, row.comparable, row.service, row.state, row.reason,
        row.state_changed_at,
    )  # fmt: skip


def _message_row(row: ReporterMessage) -> MessageRow:
    return MessageRow(
        row.pk, row.report_id, row.direction, row.form, row.asked or row.text, row.at, row.asked_by_id, row.answers_id, row.answered_at,
        row.code, row.texts, row.withdrawn_at,
    )  # fmt: skip


def report(report_id: int) -> ReportRow:
    """Return the report of this number; raises NotFound if there is none in this hotline."""
    row = Report.objects.filter(pk=report_id).first()
    if row is None:
        raise NotFound(what=_("report"))
    return report_row(row)


def items_of(report_id: int) -> list[ItemRow]:
    """Return the items of a report, in the order in which they were named."""
    return [_item_row(row) for row in Item.objects.filter(report_id=report_id).order_by("id")]


def report_with_items(report_id: int) -> tuple[ReportRow, list[ItemRow]]:
    """Return a report and its items, with what another hotline had done about each before; one query. Raises NotFound."""
    rows = _with_items(Report.objects.filter(pk=report_id), "handed__done")
    if not rows:
        raise NotFound(what=_("report"))
    return rows[0]


def reports_by_id(report_ids: Collection[int]) -> list[tuple[ReportRow, list[ItemRow]]]:
    """Return those of these reports that exist, each as `report_with_items` does, in the order of their numbers; one query."""
    return _with_items(Report.objects.filter(pk__in=report_ids).order_by("pk"), "handed__done")


def _with_items(reports: QuerySet[Report], *more: str) -> list[tuple[ReportRow, list[ItemRow]]]:
    """Return reports, each with its items in the order in which they were named; one query, in which no report is repeated for each of
    its items: a long one would take as much again for each."""
    items = packed(Item.objects.filter(report_id=OuterRef("pk")), (*_ITEM_COLUMNS, *more), by="report_id")
    rows = opened_rows(reports.annotate(with_items=items))
    return [(report_row(row), _items_from(row.with_items)) for row in rows]


def _items_from(text: str | None) -> list[ItemRow]:
    found = sorted(unpacked(text), key=itemgetter("id"))
    return [
        ItemRow(
            **{name: row[name] for name in _ITEM_COLUMNS if name != "state_changed_at"},
            state_changed_at=moment_of(row["state_changed_at"]),
            done_before=mapping_of(row.get("handed__done")) or (),
        )
        for row in found
    ]


def report_ids_of(item_ids: Collection[int]) -> dict[int, int]:
    """Return which report each of some items belongs to."""
    return dict(Item.objects.filter(pk__in=item_ids).values_list("pk", "report_id"))


def items_in(report_ids: Collection[int]) -> dict[int, int]:
    """Return the items of some reports, each with its report."""
    return dict(Item.objects.filter(report_id__in=report_ids).values_list("pk", "report_id"))


def shown_of_items(item_ids: Collection[int]) -> list[ShownItem]:
    """Return what the receipts of some items currently show."""
    rows = Item.objects.filter(pk__in=item_ids).order_by("pk")
    fields = ("pk", "report_id", "state", "reason", "state_changed_at", "handed__done")
    return [
        ShownItem(number, report_id, state, reason, at, done or ())
        for number, report_id, state, reason, at, done in rows.values_list(*fields)
    ]


def shown_of_reports(report_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Return what is shown of each item of some reports: its coarse state and the reason, by report."""
    found: dict[int, list[tuple[str, str]]] = {}
    rows = Item.objects.filter(report_id__in=report_ids).order_by("id").values_list("report_id", "state", "reason")
    for number, state, reason in rows:
        found.setdefault(number, []).append((state, reason))
    return found


def open_questions(report_ids: Collection[int]) -> list[MessageRow]:
    """Return the questions about some reports that wait for an answer, oldest first."""
    rows = ReporterMessage.objects.filter(
        report_id__in=report_ids, direction="question", answered_at=None, withdrawn_at=None
    )
    return [_message_row(row) for row in rows.order_by("id")]


def newest_items(received_before: datetime, most: int) -> list[tuple[int, int]]:
    """Return the numbers of the newest items received before a time, and of their reports."""
    newest = Item.objects.order_by("-id")[: most * 2]
    items = [
        (row[0], row[1])
        for row in newest.values_list("id", "report_id", "report__received_at")
        if row[2] < received_before
    ]
    return items[:most]


def items_by_id(item_ids: Sequence[int]) -> dict[int, ItemRow]:
    """Return items by number."""
    return {row.pk: _item_row(row) for row in Item.objects.filter(pk__in=item_ids)}


def reports_of_items(item_ids: Sequence[int]) -> list[ReportRow]:
    """Return the reports that these items belong to, oldest first."""
    owners = Item.objects.filter(pk__in=item_ids).values("report_id")
    return [report_row(row) for row in opened_rows(Report.objects.filter(pk__in=owners).order_by("id"))]


def reports_with_items(item_ids: Iterable[int]) -> list[tuple[ReportRow, list[ItemRow]]]:
    """Return the reports of these items, each with everything that it names in the order in which it was named; one
    query, even if `item_ids` is itself a query.
    """
    owners = Item.objects.filter(pk__in=item_ids).values("report_id")
    return _with_items(Report.objects.filter(pk__in=owners).order_by("id"))


def messages_of(report_id: int) -> list[MessageRow]:
    """Return every message after the report, oldest first."""
    return messages_of_reports([report_id])


def messages_of_reports(report_ids: Sequence[int]) -> list[MessageRow]:
    """Return every message after these reports, oldest first, in one query."""
    rows = opened_rows(ReporterMessage.objects.filter(report_id__in=report_ids).order_by("id"))
    return [_message_row(row) for row in rows]


def seen_when(report: ReportRow) -> str:
    """Return when a reporter saw it, in words."""
    return str(WHEN.get(report.when_seen, report.when_seen))


def wording(message: MessageRow | CardQuestion, *, otherwise: str = "en") -> tuple[str, str]:
    """Return the text of a question or answer, in the language of the page as far as available, and its language tag
    (empty for a person's own words).
    """
    if message.direction == "question" and message.text:
        if message.code in SHIPPED:
            return _shipped(message.code)
        if message.texts:
            return best_text(message.texts, get_language() or "en", otherwise)
    choice = str(CHOICES[message.code]) if message.direction != "question" and message.code in CHOICES else ""
    return "\n".join(part for part in (choice, message.text) if part), ""


def _shipped(code: str) -> tuple[str, str]:
    english = SHIPPED[code].text
    text = gettext(english)
    return text, "en" if text == english else get_language() or "en"


@dataclass(frozen=True, slots=True)
class CannedRow:
    """A canned question: shipped, or the hotline's own with its texts by language."""

    code: str
    form: str
    texts: Mapping[str, str]
    is_off: bool

    @property
    def is_shipped(self) -> bool:
        """Return whether it is shipped with the program, in every language."""
        return self.code in SHIPPED

    def text_in(self, language: str = "", *, otherwise: str = "en") -> tuple[str, str]:
        """Return its text in a language (by default the page's), and the language it is in."""
        if not self.is_shipped:
            return best_text(self.texts, language or get_language() or "en", otherwise)
        if not language:
            return _shipped(self.code)
        with override(language):
            return _shipped(self.code)


def own_questions() -> Subquery:
    """Return a subquery for `questions_of` with what a row's hotline has changed in the list of questions."""
    own = CannedQuestion.objects.filter(hotline_id=OuterRef("hotline_id"))
    return packed(own, ("code", "form", "texts", "is_off"), by="hotline_id")


def questions_of(own: str | None) -> list[CannedRow]:
    """Return a hotline's list of questions from the result of `own_questions`."""
    rows = (CannedRow(row["code"], row["form"], mapping_of(row["texts"]), bool(row["is_off"])) for row in unpacked(own))
    return _with_shipped(sorted(rows, key=lambda row: row.code))


def canned_questions(hotline_id: int) -> list[CannedRow]:
    """Return the shipped questions, then the hotline's own by code; hidden ones are marked."""
    own = CannedQuestion.objects.filter(hotline_id=hotline_id).order_by("code")
    return _with_shipped([CannedRow(row.code, row.form, row.texts, row.is_off) for row in own])


def _with_shipped(own: Sequence[CannedRow]) -> list[CannedRow]:
    kept = {row.code: row for row in own}
    shipped = [CannedRow(code, one.form, {}, code in kept and kept[code].is_off) for code, one in SHIPPED.items()]
    return shipped + [row for row in own if not row.is_shipped]


def rehearsal_of(portal_id: int) -> str:
    """Return the progress of a portal's test report: "" (none was sent), "came", or "decided" by a person or passed on
    to the police.
    """
    found = Report.objects.filter(portal_id=portal_id, source="rehearsal", withdrawn_at=None)
    if not found.exists():
        return ""
    settled = Item.objects.filter(report__in=found).exclude(state__in=("received", "looking"))
    return "decided" if settled.exists() else "came"
