"""A report goes to another hotline of this installation with its portal: its words, its receipt, and what was said since.

What stays is the report without a word, as if it was withdrawn: what was counted and done here stays true, and no row of
one hotline refers to a row of another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django_scopes import scope

from leeward.audit.services import record
from leeward.foundation.actor import SYSTEM
from leeward.intake.models import HandedItem, Item, Report, ReporterMessage, ReviewRequest
from leeward.intake.services.following import erase_words
from leeward.intake.services.marking import report_changed
from leeward.intake.services.storing import announce_received
from leeward.jobs.services import publish_event
from leeward.sealing.services import unseal


@dataclass(frozen=True, slots=True)
class Known:
    """What the hotline that hands an item over has made of it: its case, the case's state, facts if it was decided, and
    when it told whom.
    """

    case_id: int | None = None
    reference: str = ""
    state: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    done: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewHome:
    """Where reports go: the hotline, its portal, who hands them over, and the row of the former log that says so."""

    hotline_id: int
    portal_id: int
    by: str
    log_row: int
    at: datetime


def hand_over_report(report_id: int, to: NewHome, known: Mapping[int, Known]) -> int:
    """Give a report to another hotline, in the caller's transaction and the scope of the one that hands it over; return its
    number there. Its receipt opens it there from now on. `known` is what was made of each item.
    """
    report = Report.objects.select_for_update().get(pk=report_id)
    items = list(Item.objects.filter(report=report).order_by("pk"))
    messages = list(ReporterMessage.objects.filter(report=report).order_by("pk"))
    reviews = list(ReviewRequest.objects.filter(report=report).order_by("pk"))
    former_hotline = report.hotline_id
    unseal([report, *messages, *reviews])
    erase_words(report_id, now=to.at)
    Report.objects.filter(pk=report_id).update(handed_over_at=to.at, once_digest=None)
    facts: dict[str, object] = {"to": to.hotline_id, "portal": to.portal_id}
    record("report.handed_over", actor=SYSTEM, hotline_id=former_hotline, subject=f"report:{report_id}", facts=facts)
    publish_event("report.withdrawn", subject_id=report_id, hotline_id=former_hotline)
    with scope(hotline=to.hotline_id):
        _own(report, to)
        report.portal_id, report.entered_by_id, report.formerly = to.portal_id, None, report_id
        report.save(force_insert=True)
        for item in items:
            made_of_it = known.get(item.pk, Known())
            _own(item, to)
            item.report = report
            item.save(force_insert=True)
            _keep(item, made_of_it, to)
        _copy_messages(messages, report, to)
        for review in reviews:
            _own(review, to)
            review.report = report
            review.save(force_insert=True)
        report_changed(report.pk, to.hotline_id)
        facts = {"from": former_hotline, "report": report_id, "items": len(items), "urgency": report.urgency}
        subject = f"report:{report.pk}"
        record("report.taken_over", actor=SYSTEM, hotline_id=to.hotline_id, subject=subject, facts=facts)
        announce_received(report)
    return int(report.pk)


def _own(row: Any, to: NewHome) -> None:
    row.pk, row.hotline_id = None, to.hotline_id
    row._state.adding = True


def _keep(item: Item, known: Known, to: NewHome) -> None:
    HandedItem.objects.create(
        hotline_id=to.hotline_id,
        item=item,
        by=to.by,
        case_id=known.case_id,
        reference=known.reference,
        state=known.state,
        facts=dict(known.facts),
        done=dict(known.done),
        log_row=to.log_row,
        at=to.at,
    )


def _copy_messages(messages: list[ReporterMessage], report: Report, to: NewHome) -> None:
    """Copy what was said since, each answer beside its question; who asked is nobody in the other hotline."""
    number_of: dict[int, int] = {}
    for message in messages:
        before = message.pk
        _own(message, to)
        message.report, message.asked_by_id = report, None
        message.answers_id = number_of.get(message.answers_id) if message.answers_id else None
        message.save(force_insert=True)
        number_of[before] = message.pk
