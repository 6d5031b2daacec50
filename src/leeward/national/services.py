"""All writes: frameworks taken in, self-assessments begun, answered and closed."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.national.errors import (
    AnswersThere,
    AnswerUnusable,
    FrameworkExists,
    QuestionsOpen,
    SelfAssessmentClosed,
    SelfAssessmentExists,
    TooManyFrameworks,
    YearUnusable,
)
from leeward.national.framework_files import read_framework, shipped_text
from leeward.national.measuring import measured_for
from leeward.national.models import Framework, SelfAnswer, SelfAssessment
from leeward.national.queries import MOST_FRAMEWORKS, assessment, countries_of, people_behind
from leeward.national.rules.framework import is_year
from leeward.national.rules.standing import AnswerDetails, faults_of, open_questions
from leeward.people.errors import FieldIsWrong
from leeward.people.services import authorize, demand_second

ACT = "response.edit"


def add_framework(text: str, *, hotline_id: int, actor: Actor) -> int:
    """Take in a framework; return its number. Raises FrameworkUnusable, FrameworkExists, TooManyFrameworks."""
    authorize(actor, ACT, hotline_id)
    read, shipped = read_framework(text), read_framework(shipped_text())
    if (read.name, read.version) == (shipped.name, shipped.version) and text != shipped_text():
        raise FrameworkExists(name=read.name, version=read.version)  # it would pass for the shipped one
    with hotline_transaction():
        if Framework.objects.count() >= MOST_FRAMEWORKS:
            raise TooManyFrameworks(most=MOST_FRAMEWORKS)
        row = Framework(
            hotline_id=hotline_id,
            name=read.name,
            version=read.version,
            title=read.title,
            text=text,
            by_id=_account(actor),
            at=datetime.now(UTC),
        )
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise FrameworkExists(name=read.name, version=read.version) from error
        _record("framework.added", f"framework:{row.pk}", hotline_id, actor, {"questions": len(read.questions)})
    return row.pk


def begin(framework: int | None, country: str, year: int, *, hotline_id: int, actor: Actor) -> int:
    """Begin a self-assessment by a framework, or by the shipped one; return its number. Raises NotFound, YearUnusable,
    SelfAssessmentExists.
    """
    authorize(actor, ACT, hotline_id)
    now = datetime.now(UTC)
    if country not in dict(countries_of(hotline_id)):
        raise NotFound(what=_("country"))
    if not is_year(year, now.date()):
        raise YearUnusable
    with hotline_transaction():
        row = SelfAssessment(
            hotline_id=hotline_id,
            framework=_framework(framework, hotline_id, actor, now),
            country=country,
            year=year,
            begun_by_id=_account(actor),
            begun_at=now,
        )
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise SelfAssessmentExists from error
        facts = {"country": country, "year": year}
        _record("self_assessment.begun", f"self_assessment:{row.pk}", hotline_id, actor, facts)
    return row.pk


def answer(number: int, question: str, details: AnswerDetails, *, actor: Actor) -> None:
    """Save an answer to one question; those before stay as its history. Raises NotFound, SelfAssessmentClosed,
    AnswerUnusable.
    """
    with hotline_transaction():
        row, now = _open(number, actor), datetime.now(UTC)
        asked = read_framework(row.framework.text).questions.get(question)
        if asked is None:
            raise NotFound(what=_("question"))
        measured = measured_for(row.country, row.year, now, hotline_id=row.hotline_id).get(asked.measure)
        if faults := faults_of(details, measured):
            raise AnswerUnusable(faults)
        SelfAnswer.objects.create(
            hotline_id=row.hotline_id,
            assessment=row,
            question=question,
            phase=details.phase,
            evidence=details.evidence,
            responsible=details.responsible,
            target_on=details.target_on,
            reason=details.reason,
            by_id=_account(actor),
            at=now,
        )
        facts = {"question": question, "phase": details.phase, "measured": measured.phase if measured else None}
        _record("self_assessment.answered", f"self_assessment:{number}", row.hotline_id, actor, facts)


def close(number: int, *, seen: str, actor: Actor) -> None:
    """Close a self-assessment as the second person to all who had a part in it; what is measured now is kept with it.
    `seen` is the mark of what that person looked at. Raises NotFound, SelfAssessmentClosed, NotSecondPerson, QuestionsOpen,
    and FieldIsWrong if something else is said or measured by now.
    """
    with hotline_transaction():
        row, now = _open(number, actor), datetime.now(UTC)
        demand_second(actor, people_behind(number), act=ACT)
        whole = assessment(number, now)
        if whole is None:
            raise NotFound(what=_("self-assessment"))
        if left := open_questions(whole.standings):
            raise QuestionsOpen(number=left)
        if seen != whole.mark:
            raise FieldIsWrong(field=_("National response"), why=_("it was changed in the meantime."))
        measured = {one.question.measure: one.measured for one in whole.standings if one.measured}
        row.measured = {
            name: {"phase": one.phase, "on": one.on.isoformat(), "facts": dict(one.facts)}
            for name, one in measured.items()
        }
        row.closed_by_id, row.closed_at = _account(actor), now
        row.save(update_fields=["measured", "closed_by", "closed_at"])
        facts = {"questions": len(whole.standings), "measured": len(measured)}
        _record("self_assessment.closed", f"self_assessment:{number}", row.hotline_id, actor, facts)


def remove(number: int, *, actor: Actor) -> None:
    """Remove a self-assessment in which nobody answered. Raises NotFound, SelfAssessmentClosed, AnswersThere."""
    with hotline_transaction():
        row = _open(number, actor)
        if SelfAnswer.objects.filter(assessment=row).exists():
            raise AnswersThere
        _record("self_assessment.removed", f"self_assessment:{number}", row.hotline_id, actor)
        row.delete()


def note_export(number: int, kind: str, *, actor: Actor) -> None:
    """Record in the log that a self-assessment was downloaded. Raises NotFound."""
    with hotline_transaction():
        row = _row(number, actor)
        _record("self_assessment.exported", f"self_assessment:{number}", row.hotline_id, actor, {"format": kind})


def _framework(number: int | None, hotline_id: int, actor: Actor, now: datetime) -> Framework:
    if number is not None:
        found = Framework.objects.filter(pk=number).first()
        if found is None:
            raise NotFound(what=_("framework"))
        return found
    read = read_framework(shipped_text())
    values = {"title": read.title, "text": shipped_text(), "by_id": _account(actor), "at": now}
    row, _is_new = Framework.objects.get_or_create(
        hotline_id=hotline_id, name=read.name, version=read.version, defaults=values
    )
    return row


def _row(number: int, actor: Actor) -> SelfAssessment:
    row = SelfAssessment.objects.select_related("framework").select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        raise NotFound(what=_("self-assessment"))
    authorize(actor, ACT, row.hotline_id)
    return row


def _open(number: int, actor: Actor) -> SelfAssessment:
    row = _row(number, actor)
    if row.closed_at is not None:
        raise SelfAssessmentClosed
    return row


def _account(actor: Actor) -> int | None:
    return actor.id if actor.kind == "staff" else None


def _record(event: str, subject: str, hotline_id: int, actor: Actor, facts: Mapping[str, object] | None = None) -> None:
    record(event, actor=actor, hotline_id=hotline_id, subject=subject, facts=facts or {})
