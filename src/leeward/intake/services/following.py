"""What a reporter does with a receipt: add, answer, withdraw, ask for review. All in the hotline's scope."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.intake.errors import (
    AlreadyWithdrawn,
    NothingToReview,
    NothingTyped,
    QuestionIsSettled,
    ReportIsClosed,
    TooMuch,
)
from leeward.intake.models import Item, Report, ReporterMessage, ReviewRequest
from leeward.intake.rules.canned import choices_for
from leeward.intake.rules.standing import is_decision
from leeward.intake.rules.typed import MOST_ADDRESSES, MOST_CHARACTERS, clean
from leeward.intake.rules.urgency import is_more_urgent, made_worse, urgency_of
from leeward.intake.rules.where import IN_WORDS, UNKNOWN, item_drafts, item_without_cards, new_items
from leeward.intake.services.marking import report_changed
from leeward.intake.services.receiving import REPORTER, SEALED, known_keys
from leeward.intake.services.settling import drop_with, kept_back_with
from leeward.intake.services.storing import BECAME_URGENT, write_items
from leeward.jobs.services import erased, publish_event
from leeward.payments.rules.masking import without_card_numbers
from leeward.people.queries import portal
from leeward.sealing.services import forget
from leeward.web_security.services import use_once

MOST_MESSAGES = 100


@dataclass(frozen=True, slots=True)
class Added:
    """The result of an addition: how many new items, and whether it counted at all (a form submitted twice counts
    once).
    """

    items: int
    is_new: bool = True


def _open_report(report_id: int) -> Report:
    """Lock the report for the rest of the transaction; raises AlreadyWithdrawn if it was withdrawn."""
    report: Report = Report.objects.select_for_update().get(pk=report_id)
    if report.withdrawn_at:
        raise AlreadyWithdrawn
    return report


def _clean_text(text: str, report: Report, choice: str = "", *, is_worse: bool = False) -> str:
    text = clean(text)
    if not text and not choice and not is_worse:
        raise NothingTyped
    is_full = not is_worse and ReporterMessage.objects.filter(report=report).count() >= MOST_MESSAGES
    if is_full or len(text) > MOST_CHARACTERS:
        raise TooMuch(addresses=MOST_ADDRESSES, characters=MOST_CHARACTERS, messages=MOST_MESSAGES)
    return text


def add_to_report(
    report_id: int, *, text: str, form_key: str, worse: Collection[str] = (), now: datetime | None = None
) -> Added:
    """Add text to a report; addresses in it become items. `worse` is the form's answer to how it got worse: the report
    is then as urgent as one that said so at first, and takes what comes with it however full it is.
    """
    now = now or datetime.now(UTC)
    with hotline_transaction():
        report = _open_report(report_id)
        kind, threat = made_worse(report.kind, report.threat, worse)
        is_worse = (kind, threat) != (report.kind, report.threat)
        text = _clean_text(text, report, is_worse=is_worse)
        if not use_once(form_key, purpose=f"report.add {report_id}"):
            return Added(0, is_new=False)
        known = known_keys(report)
        country = portal(report.portal_id).country if text else ""
        items = [
            item_without_cards(item)
            for item in new_items(item_drafts(text, {}, country=country, language=report.language), known)
            if item.kind != UNKNOWN
        ]
        if len(known) + len(items) > MOST_ADDRESSES and not is_worse:
            raise TooMuch(addresses=MOST_ADDRESSES, characters=MOST_CHARACTERS, messages=MOST_MESSAGES)
        text = without_card_numbers(text)
        write_items(report, items, now=now)
        if items or is_worse:
            Report.objects.filter(pk=report_id).update(closed_at=None)
        if text:
            ReporterMessage.objects.create(
                hotline_id=report.hotline_id, report=report, direction="from_reporter", text=text, at=now
            )
        becomes_urgent = is_worse and _becomes_worse(report, kind, threat)
        report_changed(report_id, report.hotline_id)
        record(
            "report.added",
            actor=REPORTER,
            hotline_id=report.hotline_id,
            subject=f"report:{report_id}",
            facts={"items": len(items), "text": bool(text), "urgent": becomes_urgent},
        )
        is_urgent = becomes_urgent or bool(report.urgency)
        if becomes_urgent:
            publish_event(BECAME_URGENT, subject_id=report_id, hotline_id=report.hotline_id, urgent=True)
        publish_event("report.added", subject_id=report_id, hotline_id=report.hotline_id, urgent=is_urgent)
    return Added(len(items))


def _becomes_worse(report: Report, kind: str, threat: str) -> bool:
    """Store what its reporter now says about a report; return whether that calls for help that was not needed before."""
    now = urgency_of(kind, threat=threat, is_shown=False, is_marked=False)
    Report.objects.filter(pk=report.pk).update(kind=kind, threat=threat, urgency=now)
    return is_more_urgent(now, report.urgency)


def answer_question(
    report_id: int, question_id: int, *, form_key: str, text: str = "", choice: str = "", now: datetime | None = None
) -> bool:
    """Answer a question of the hotline with a canned answer (`yes`, `no`, `unknown`), text or both.

    Return False if this form was already submitted. Raises QuestionIsSettled if another answer was given or the
    question was withdrawn, ReportIsClosed if the work is done. What came (`now`) before that counts, however late it is taken in.
    """
    now = now or datetime.now(UTC)
    with hotline_transaction():
        report = _open_report(report_id)
        question = ReporterMessage.objects.filter(pk=question_id, report=report, direction="question").first()
        choice = choice if question is not None and choice in choices_for(question.form) else ""
        text = _clean_text(text, report, choice)
        if not use_once(form_key, purpose=f"report.answer {report_id}"):
            return False
        if question is None or question.answered_at or _is_past(question.withdrawn_at, now):
            raise QuestionIsSettled
        if _is_past(report.closed_at, now):
            raise ReportIsClosed
        text = without_card_numbers(text)
        ReporterMessage.objects.create(
            hotline_id=report.hotline_id,
            report=report,
            direction="from_reporter",
            text=text,
            code=choice,
            at=now,
            answers=question,
        )
        ReporterMessage.objects.filter(pk=question.pk).update(answered_at=now)
        report_changed(report_id, report.hotline_id)
        record(
            "report.answered",
            actor=REPORTER,
            hotline_id=report.hotline_id,
            subject=f"report:{report_id}",
            facts={"question": question.pk},
        )
        publish_event(
            "report.answered", subject_id=report_id, hotline_id=report.hotline_id, urgent=bool(report.urgency)
        )
    return True


def _is_past(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


def withdraw_report(report_id: int, *, now: datetime | None = None, actor: Actor = REPORTER) -> None:
    """Withdraw a report: its text, contact, access details and messages are deleted and its receipt opens nothing any
    more. The `actor` is somebody else where its reporter asked the hotline to do it.

    Recognised addresses stay in the form used for comparison, without the way they were typed: a child may need them.
    Idempotent.
    """
    now = now or datetime.now(UTC)
    kept_back = kept_back_with(Report.objects.filter(pk=report_id))
    with hotline_transaction():
        report: Report = Report.objects.select_for_update().get(pk=report_id)
        if report.withdrawn_at:
            return
        drop_with(kept_back, now)
        erase_words(report_id, now=now)
        record(
            "report.withdrawn",
            actor=actor,
            hotline_id=report.hotline_id,
            subject=f"report:{report_id}",
            facts={},
        )
        is_urgent = bool(report.urgency)
        publish_event("report.withdrawn", subject_id=report_id, hotline_id=report.hotline_id, urgent=is_urgent)


def erase_words(report_id: int, *, now: datetime) -> None:
    """Erase all that somebody wrote in a report and what opens it, in the caller's transaction."""
    forget(Report.objects.filter(pk=report_id), *SEALED)
    forget(ReporterMessage.objects.filter(report_id=report_id), "text")
    forget(ReviewRequest.objects.filter(report_id=report_id), "text", "statement")
    Report.objects.filter(pk=report_id).update(
        where="",
        text="",
        contact="",
        password="",
        referrer="",
        receipt_hash=None,
        withdrawn_at=now,
        marked_because="",
        fingerprints="",
        traces=None,
    )
    Item.objects.filter(report_id=report_id).update(typed="")
    Item.objects.filter(report_id=report_id, kind__in=IN_WORDS).update(display="", comparable="")
    ReporterMessage.objects.filter(report_id=report_id).update(text="", asked="", code="", texts={})
    ReviewRequest.objects.filter(report_id=report_id).update(text="", statement="")
    for hotline_id in Report.objects.filter(pk=report_id).values_list("hotline_id", flat=True):
        report_changed(report_id, hotline_id)
    erased(Report, Item, ReporterMessage, ReviewRequest)


def fingerprints_listed(report_id: int) -> None:
    """Forget here the fingerprints that a report brought: they are in the list now."""
    with hotline_transaction():
        rows = Report.objects.filter(pk=report_id).exclude(fingerprints="")
        forget(rows, "fingerprints")
        if rows.update(fingerprints=""):
            erased(Report)


def ask_for_review(report_id: int, *, text: str = "", form_key: str, now: datetime | None = None) -> bool:
    """Ask somebody who was not involved to look at the decision again; no reason is needed.

    Return False if this form was already submitted. Raises NothingToReview while nothing is decided or a review is
    under way.
    """
    now = now or datetime.now(UTC)
    with hotline_transaction():
        report = _open_report(report_id)
        text = clean(text)
        if len(text) > MOST_CHARACTERS:
            raise TooMuch(addresses=MOST_ADDRESSES, characters=MOST_CHARACTERS, messages=MOST_MESSAGES)
        if not use_once(form_key, purpose=f"report.review {report_id}"):
            return False
        decided = any(is_decision(item.state, item.reason) for item in Item.objects.filter(report=report))
        if not decided or ReviewRequest.objects.filter(report=report, settled_at__isnull=True).exists():
            raise NothingToReview
        review = ReviewRequest.objects.create(
            hotline_id=report.hotline_id, report=report, text=without_card_numbers(text), asked_at=now
        )
        report_changed(report_id, report.hotline_id)
        record(
            "report.review_asked",
            actor=REPORTER,
            hotline_id=report.hotline_id,
            subject=f"report:{report_id}",
            facts={"review": review.pk},
        )
        publish_event("report.review_asked", subject_id=report_id, hotline_id=report.hotline_id)
    return True
