"""Decisions without a second assessment that an appeal or the law as recorded now changes: finding, listing and
reviewing them.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.casework.assessment.queries.rerun import changed_assessments
from leeward.casework.models import Appeal, Assessment, Case, SampledAssessment
from leeward.casework.quality.models import ChangedDecision, LawReview
from leeward.casework.steps import now_utc
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.laws.queries import law_version
from leeward.people.services import authorize, staff_id

_SINCE_EVER = datetime(1990, 1, 1, tzinfo=UTC)
_AT_ONCE = 500
UPHELD = "upheld"


def go_through(hotline_id: int) -> int:
    """Review every decision once for each version of the law; return how many rows are new. Can be interrupted and
    repeated.
    """
    version = law_version()
    if LawReview.objects.filter(hotline_id=hotline_id, law_version=version).exists():
        return 0
    found: list[ChangedDecision] = []
    new = 0
    for change in changed_assessments(_SINCE_EVER):
        if change.round != "first":
            continue
        found.append(
            ChangedDecision(
                hotline_id=hotline_id,
                case_id=change.case_id,
                assessment_id=change.assessment_id,
                why="law",
                country=change.country,
                before=change.then,
                after=change.now,
                found_at=now_utc(),
            )
        )
        if len(found) >= _AT_ONCE:
            new += _keep(found)
            found = []
    new += _keep(found)
    with hotline_transaction():
        LawReview.objects.update_or_create(hotline_id=hotline_id, defaults={"law_version": version, "at": now_utc()})
        facts = {"new": new, "law": version}
        record("decisions.reviewed", actor=SYSTEM, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
    return new


def _keep(found: list[ChangedDecision]) -> int:
    """Store the new ones, except those that a second person has assessed meanwhile."""
    with_second = _with_second_assessment(row.assessment_id for row in found)
    rows = [row for row in found if row.assessment_id not in with_second]
    with hotline_transaction():
        before = ChangedDecision.objects.count()
        ChangedDecision.objects.bulk_create(rows, ignore_conflicts=True)
        return ChangedDecision.objects.count() - before


def _with_second_assessment(assessment_ids: Iterable[int]) -> set[int]:
    done = SampledAssessment.objects.filter(first_id__in=list(assessment_ids), state="done")
    return set(done.values_list("first_id", flat=True))


def note_appeal(appeal_id: int) -> bool:
    """List an answered appeal if it changed a decision that one person made alone. Idempotent."""
    appeal = Appeal.objects.filter(pk=appeal_id, state="upheld").first()
    if appeal is None or appeal.case_id is None:
        return False
    assessments = Assessment.objects.filter(case_id=appeal.case_id, at__lte=appeal.decided_at).exclude(round="sample")
    assessment = assessments.order_by("-id").first()
    if assessment is None or assessment.round != "first" or _with_second_assessment([assessment.pk]):
        return False
    with hotline_transaction():
        _row, is_new = ChangedDecision.objects.get_or_create(
            assessment=assessment,
            why="appeal",
            country="",
            after=UPHELD,
            defaults={
                "hotline_id": assessment.hotline_id,
                "case_id": assessment.case_id,
                "before": assessment.outcome,
                "found_at": now_utc(),
            },
        )
        if is_new:
            facts = {"appeal": appeal_id}
            record(
                "decision.listed",
                actor=SYSTEM,
                hotline_id=assessment.hotline_id,
                subject=f"case:{assessment.case_id}",
                facts=facts,
            )
    return is_new


def see_change(change_id: int, *, actor: Actor) -> Case:
    """Record that a supervisor has seen a changed decision and did what was needed."""
    with hotline_transaction():
        change = ChangedDecision.objects.select_for_update().filter(pk=change_id).first()
        if change is None:
            raise NotFound(what=_("decision"))
        authorize(actor, "quality.read", change.hotline_id)
        case = Case.objects.get(pk=change.case_id)
        if change.seen_at is None:
            change.seen_at, change.seen_by_id = now_utc(), staff_id(actor)
            change.save(update_fields=["seen_at", "seen_by"])
            facts = {"change": change.pk}
            record("decision.seen", actor=actor, hotline_id=change.hotline_id, subject=f"case:{case.pk}", facts=facts)
    return case
