"""Facts about a case read from the database: what the guards of the table of transitions ask about, and who had a part
in it.

Callers of `take_step` supply only what they alone can know: who acts, why, the assessment being stated, and the other
case of a merge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, Q, QuerySet

from leeward.casework.acting.rules.plan import WATCHED_KINDS
from leeward.casework.acting.rules.police import are_owed, may_be_informed
from leeward.casework.acting.rules.undoing import AT_RISK
from leeward.casework.acting.services.case_briefs import others_call_urgent, reports_of
from leeward.casework.acting.services.owing import standing_of, urgent_of
from leeward.casework.assessment.rules.second_assessment import (
    ILLEGAL,
    UNSURE,
    AssessmentResult,
    assessments_agree,
    ends_differ,
    is_grave,
)
from leeward.casework.merging.services.merged import numbers_merged_into
from leeward.casework.models import Appeal, Assessment, Case, CaseItem, Part, PendingAction
from leeward.casework.queue.rules.again import needs_reassessment
from leeward.casework.rules.transitions import ASKABLE, OVERTURNS, Barred, Situation, Transition, asked_by
from leeward.foundation.actor import Actor
from leeward.hashbank.queries import seen_in
from leeward.hosting import queries as hosting_queries
from leeward.intake import queries as intake_queries
from leeward.laws.rules.facts import parse_facts
from leeward.monitoring import queries as monitoring_queries
from leeward.notices.queries import is_held_by_police, is_protection_owed
from leeward.people.queries import portal, second_person_obstacle
from leeward.people.rules.modes import POST_BOX
from leeward.people.rules.permissions import may


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A step that somebody wants to take, with what only they can know about it."""

    actor: Actor
    reason: str = ""
    assessment: AssessmentResult | None = None
    other: Case | None = None


def situation_of(case: Case, line: Transition, wanted: Wanted) -> Situation:
    """Return what this line's guard asks about, read now; all else stays unknown."""
    known: dict[str, object] = dict.fromkeys(ASKABLE)
    known["reason"] = wanted.reason.strip()
    for name in asked_by(line) - {"reason", "had_part"}:
        known[name] = _READ[name](case, wanted)
    if line.barred:
        known["had_part"] = _had_part_in_any(case, line, wanted)
    return Situation(**known)  # type: ignore[arg-type]  # each value is what _READ says of its name


def had_part(case: Case, account_id: int, *, ever: bool, asked_at: datetime | None = None, besides: str = "") -> bool:
    """Return whether this person had a part in the case or in one merged into it: assessed it, decided something or
    sent something. Without `ever`, only in this cycle of the work on this case.

    `asked_at` is when the request for review being answered was made. Answers to earlier requests count as a part;
    changes made since then because another request was upheld don't. Steps of the act `besides` don't count.
    """
    if not ever:
        mine = {"case_id": case.pk, "by_id": account_id, "cycle": case.cycle}
        return _is_any(case, Assessment.objects.filter(**mine), Part.objects.filter(**mine))
    there = {"case_id__in": [case.pk, *numbers_merged_into(case.pk)]}
    assessments = Assessment.objects.filter(by_id=account_id, **there)
    parts = Part.objects.filter(by_id=account_id, **there).exclude(act=besides)
    if asked_at is None:
        return _is_any(case, assessments, parts)
    answers = Appeal.objects.filter(decided_by_id=account_id, decided_at__lt=asked_at, **there)
    return _is_any(case, assessments, parts.exclude(act__in=OVERTURNS, at__gte=asked_at), answers)


def _is_any(case: Case, *rows: QuerySet[Any]) -> bool:
    found = Q()
    for one in rows:
        found |= Q(Exists(one))
    return Case.objects.filter(found, pk=case.pk).exists()


def people_of_cycle(case: Case) -> set[int]:
    """Return the accounts of everybody who assessed it in this cycle of the work."""
    assessments = Assessment.objects.filter(case_id=case.pk, cycle=case.cycle, by_id__isnull=False)
    return set(assessments.values_list("by_id", flat=True))


def people_with_part(case: Case, *, asked_at: datetime | None = None) -> set[int]:
    """Return the accounts of everybody who ever had a part in the case, or in one merged into it; `asked_at` as in
    `had_part`.
    """
    there = {"case_id__in": [case.pk, *numbers_merged_into(case.pk)]}
    parts, answers = Part.objects.filter(**there), Appeal.objects.filter(decided_by__isnull=False, **there)
    if asked_at is not None:
        parts = parts.exclude(act__in=OVERTURNS, at__gte=asked_at)
        answers = answers.filter(decided_at__lt=asked_at)
    assessments = Assessment.objects.filter(by__isnull=False, **there).values_list("by_id", flat=True).order_by()
    return set(
        assessments.union(
            parts.values_list("by_id", flat=True).order_by(), answers.values_list("decided_by_id", flat=True).order_by()
        )
    )


def _had_part_in_any(case: Case, line: Transition, wanted: Wanted) -> bool | None:
    """Return whether the actor had a part in this case or the other one; None if the actor is not a person known here.
    Whoever chose between two decisions may choose again.
    """
    if wanted.actor.kind != "staff" or wanted.actor.id is None:
        return None
    cases = [case] if wanted.other is None else [case, wanted.other]
    ever, besides = line.barred is Barred.EVER, line.act if line.act == "merge_over" else ""
    return any(had_part(one, wanted.actor.id, ever=ever, besides=besides) for one in cases)


def first_assessment_of(case: Case) -> Assessment | None:
    """Return the first assessment of this cycle, or None."""
    return Assessment.objects.filter(case_id=case.pk, cycle=case.cycle, round="first").order_by("id").first()


def assessment_result(row: Assessment) -> AssessmentResult:
    """Return an assessment as the rules expect it."""
    return AssessmentResult(row.outcome, parse_facts(row.facts))


def count_reports(case_id: int) -> int:
    """Return how many reports a case has, not counting withdrawn ones."""
    items = list(CaseItem.objects.filter(case_id=case_id).values_list("item_id", flat=True))
    return len({row.id for row in intake_queries.reports_of_items(items) if row.withdrawn_at is None})


def _assessments_agree(case: Case, wanted: Wanted) -> bool | None:
    first = first_assessment_of(case)
    return (
        None
        if first is None or wanted.assessment is None
        else assessments_agree(assessment_result(first), wanted.assessment)
    )


def _in_adjudication(case: Case, _wanted: Wanted) -> bool:
    """Return whether two people differ: a second assessment waits for a decision, or a blind assessment of a drawn case
    differs.
    """
    if case.in_adjudication:
        return True
    first = first_assessment_of(case)
    drawn = Assessment.objects.filter(case_id=case.pk, cycle=case.cycle, round="sample").values_list(
        "outcome", flat=True
    )
    return first is not None and any(ends_differ(first.outcome, outcome) for outcome in drawn)


def _needs_reassessment(case: Case, _wanted: Wanted) -> bool:
    """Return whether a new report of a closed case reopens it: always if it is urgent."""
    if _is_urgent_again(case, _wanted):
        return True
    watch = monitoring_queries.watch_of(case.location_id)
    is_watched = watch is not None and watch.state != "off"
    return needs_reassessment(
        outcome=case.outcome, is_watched=is_watched, closed_at=case.closed_at, now=datetime.now(UTC)
    )


def _is_urgent_again(case: Case, _wanted: Wanted) -> bool:
    """Return whether something urgent came in since the case was closed."""
    since, closed_at = case.urgent_since, case.closed_at
    return case.urgent and since is not None and closed_at is not None and since > closed_at


def _is_watched(case: Case, _wanted: Wanted) -> bool:
    return hosting_queries.locations_by_id([case.location_id])[case.location_id].kind in WATCHED_KINDS


def police_are_owed(case: Case) -> bool:
    """Return whether something about a case is still open with the police. What was passed on to them as urgent stays
    so, whatever anybody later says about its urgency.
    """
    if case.urgent:
        return are_owed(urgent_of(case))
    standing = standing_of(case)
    return standing.is_made and not standing.is_settled


def ends_unheard(case: Case, assessment: AssessmentResult, account_id: int | None) -> bool:
    """Return whether this assessment would close a case that somebody else called urgent, and of which the police never
    heard, because their portal tells them only of what is found illegal: nobody does that alone.
    """
    if not case.urgent or assessment.outcome in (ILLEGAL, UNSURE):
        return False
    if standing_of(case).is_made or police_are_owed(case):
        return False
    return others_call_urgent(case, reports_of(case), account_id)


def _is_grave(case: Case, wanted: Wanted) -> bool | None:
    """Return whether another person has to assess the case, too."""
    if wanted.assessment is None:
        return None
    return is_grave(wanted.assessment) or ends_unheard(case, wanted.assessment, wanted.actor.id)


def _not_urgent_is_agreed(case: Case, wanted: Wanted) -> bool:
    """Return whether this actor can end the urgency that a reporter stated: a supervisor once the police have it (for
    them it stays open), else whoever is the second person to say so.
    """
    actor, first = wanted.actor, case.not_urgent_by_id
    have_it = case.passed_at is not None and standing_of(case).sent_at is not None  # told, not only on its way
    if have_it and may(actor, "case.reassign", case.hotline_id):
        return True
    return first is not None and second_person_obstacle(actor, {first}, act="case.claim") is None


def _protection_is_owed(case: Case) -> bool:
    """Return whether it is not known what came of what child protection was told, or is being told in a moment."""
    numbers = [case.pk, *numbers_merged_into(case.pk)]
    is_going = PendingAction.objects.filter(case_id__in=numbers, act=AT_RISK)
    return is_protection_owed(numbers) or is_going.exists()


_READ: dict[str, Callable[[Case, Wanted], bool | int | None]] = {
    "is_post_box": lambda case, _: portal(case.portal_id).mode == POST_BOX,
    "reports_left": lambda case, _: count_reports(case.pk),
    "is_grave": _is_grave,
    "is_unsure": lambda _, wanted: None if wanted.assessment is None else wanted.assessment.outcome == UNSURE,
    "assessments_agree": _assessments_agree,
    "in_adjudication": _in_adjudication,
    "is_held": lambda case, _: is_held_by_police([case.pk]),
    "is_appealed": lambda case, _: Appeal.objects.filter(case_id=case.pk, state="open").exists(),
    "is_watched": _is_watched,
    "was_illegal": lambda case, _: case.outcome == ILLEGAL,
    "needs_reassessment": _needs_reassessment,
    "is_known_file": lambda case, _: bool(seen_in(case.pk, match="known")),
    "is_merged": lambda case, _: case.merged_into_id is not None,
    "is_urgent": lambda case, _: case.urgent,
    "is_reported_urgent": lambda case, wanted: others_call_urgent(case, reports_of(case), wanted.actor.id),
    "not_urgent_is_agreed": _not_urgent_is_agreed,
    "is_urgent_again": _is_urgent_again,
    "is_passed": lambda case, _: case.passed_at is not None,
    "police_may_be_informed": lambda case, _: may_be_informed(urgent_of(case)),
    "police_are_owed": lambda case, _: police_are_owed(case),
    "protection_is_owed": lambda case, _: _protection_is_owed(case),
    "is_settled": lambda case, _: case.urgent and standing_of(case).is_settled,
}
