"""Questions to reporters: asking, withdrawing, and a hotline's own list of them. All in the hotline's scope."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.whole_text import whole
from leeward.intake.errors import AlreadyWithdrawn, CodeTaken, NothingTyped, QuestionIsSettled, ReportIsClosed, TooMuch
from leeward.intake.models import CannedQuestion, Report, ReporterMessage
from leeward.intake.rules.canned import FORMS, MOST_LETTERS, MOST_OWN, SHIPPED, Canned, best_text, leads_elsewhere
from leeward.intake.rules.typed import MOST_ADDRESSES, clean
from leeward.intake.services.following import MOST_MESSAGES
from leeward.intake.services.marking import report_changed
from leeward.people.services import authorize

MOST_QUESTION = 2000


def ask_reporter(
    report_id: int,
    *,
    actor: Actor,
    text: str = "",
    form: str = "words",
    canned: str = "",
    now: datetime | None = None,
) -> int:
    """Put a question on the receipt's page: a canned one by its code, or a text with the form of its answer. Return its
    number.
    """
    if form not in FORMS:
        raise BadInput(
            what=_("the form of the answer"), why=_("it is not one of %(known)s") % {"known": ", ".join(FORMS)}
        )
    now = now or datetime.now(UTC)
    with hotline_transaction():
        report = Report.objects.select_for_update().get(pk=report_id)
        authorize(actor, "report.ask", report.hotline_id)
        texts: dict[str, str] = {}
        if canned:
            chosen, texts = _canned(report.hotline_id, canned)
            text, form = chosen.text, chosen.form
        text = whole(clean(text), MOST_QUESTION)
        if not text:
            raise NothingTyped
        if report.withdrawn_at:
            raise AlreadyWithdrawn
        if report.closed_at:
            raise ReportIsClosed
        if ReporterMessage.objects.filter(report=report).count() >= MOST_MESSAGES:
            raise TooMuch(addresses=MOST_ADDRESSES, characters=MOST_QUESTION, messages=MOST_MESSAGES)
        question = ReporterMessage.objects.create(
            hotline_id=report.hotline_id,
            report=report,
            direction="question",
            form=form,
            asked=text,
            code=canned,
            texts=texts,
            at=now,
            asked_by_id=actor.id,
        )
        report_changed(report_id, report.hotline_id)
        record(
            "report.asked",
            actor=actor,
            hotline_id=report.hotline_id,
            subject=f"report:{report_id}",
            facts={"question": question.pk},
        )
    return int(question.pk)


def _canned(hotline_id: int, code: str) -> tuple[Canned, dict[str, str]]:
    row = CannedQuestion.objects.filter(hotline_id=hotline_id, code=code).first()
    if (row is None and code not in SHIPPED) or (row is not None and row.is_off):
        raise NotFound(what=_("question"))
    if code in SHIPPED:
        return SHIPPED[code], {}
    assert row is not None
    return Canned(best_text(row.texts, "en")[0], row.form), dict(row.texts)


def withdraw_question(question_id: int, *, actor: Actor, now: datetime | None = None) -> None:
    """Withdraw a question that nobody has answered; idempotent."""
    with hotline_transaction():
        row = ReporterMessage.objects.select_for_update().filter(pk=question_id, direction="question").first()
        if row is None:
            raise NotFound(what=_("question"))
        authorize(actor, "report.ask", row.hotline_id)
        if row.withdrawn_at:
            return
        if row.answered_at:
            raise QuestionIsSettled
        ReporterMessage.objects.filter(pk=question_id).update(withdrawn_at=now or datetime.now(UTC))
        report_changed(row.report_id, row.hotline_id)
        record(
            "report.question_withdrawn",
            actor=actor,
            hotline_id=row.hotline_id,
            subject=f"report:{row.report_id}",
            facts={"question": question_id},
        )


def keep_question(
    code: str, *, texts: Mapping[str, str], form: str, hotline_id: int, actor: Actor, is_new: bool = False
) -> None:
    """Create or change a question of the hotline's own; questions already asked stay as they were asked. It leads
    reporters nowhere else: one person writes it, and others ask it in languages that they may not read.
    """
    kept = {tag: clean(text) for tag, text in texts.items() if clean(text)}
    if not kept:
        raise NothingTyped
    if form not in FORMS or any(len(text) > MOST_LETTERS for text in kept.values()):
        raise BadInput(what=_("The question"), why=_("it is too long, or has no kind of answer"))
    with hotline_transaction():
        authorize(actor, "question.edit", hotline_id)
        row = CannedQuestion.objects.filter(hotline_id=hotline_id, code=code).first()
        if code in SHIPPED or (is_new and row is not None):
            raise CodeTaken
        if row is None and not is_new:
            raise NotFound(what=_("question"))
        if row is None and CannedQuestion.objects.exclude(code__in=SHIPPED).count() >= MOST_OWN:
            raise BadInput(
                what=_("The question"), why=_("there are %(number)s already, which is the most") % {"number": MOST_OWN}
            )
        row = row or CannedQuestion(hotline_id=hotline_id, code=code)
        if (row.texts, row.form) == (kept, form):
            return
        if any(leads_elsewhere(text) for text in kept.values()):
            raise BadInput(what=_("The question"), why=_("it has an address or a number that reporters would follow"))
        row.texts, row.form = kept, form
        row.save()
        _record("question.kept", row, actor)


def switch_question(code: str, *, is_off: bool, hotline_id: int, actor: Actor) -> None:
    """Hide a question, so that it is no longer offered, or bring it back."""
    with hotline_transaction():
        authorize(actor, "question.edit", hotline_id)
        row = CannedQuestion.objects.filter(hotline_id=hotline_id, code=code).first()
        if row is None and code not in SHIPPED:
            raise NotFound(what=_("question"))
        row = row or CannedQuestion(hotline_id=hotline_id, code=code, form=SHIPPED[code].form)
        if row.is_off == is_off:
            return
        row.is_off = is_off
        row.save()
        _record("question.put_away" if is_off else "question.brought_back", row, actor)


def _record(event: str, row: CannedQuestion, actor: Actor) -> None:
    record(event, actor=actor, hotline_id=row.hotline_id, subject=f"question:{row.pk}", facts={"form": row.form})
