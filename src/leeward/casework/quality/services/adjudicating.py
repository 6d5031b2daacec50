"""Adjudication: two people who differ confer; one proposes facts, outcome and reasons, and the other agrees. A
supervisor who had no part can decide instead.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.appeals.services.appealing import runs_outside, stop_outside
from leeward.casework.appeals.services.doubting import drop_doubts
from leeward.casework.assessment.queries.drafts import FACTS, PROPOSAL
from leeward.casework.assessment.rules.second_assessment import ILLEGAL, UNSURE, AssessmentResult, ends_differ
from leeward.casework.assessment.rules.seen import ELSEWHERE
from leeward.casework.assessment.services import known_images
from leeward.casework.assessment.services.assessing import (
    countries_of,
    record_assessment,
    refuse_incomplete,
    refuse_unseen,
    settle,
)
from leeward.casework.assessment.services.seeing import how_seen
from leeward.casework.errors import OutcomeNotAllowed
from leeward.casework.models import Assessment, Case, Draft
from leeward.casework.quality.errors import AdjudicationIsOver, NoReasons, NotInAdjudication, ProposalChanged
from leeward.casework.quality.models import Adjudication
from leeward.casework.situations import people_with_part
from leeward.casework.steps import had_part, let_go, locked_case, note_act, now_utc, take_step
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.foundation.whole_text import whole
from leeward.laws.queries import law_version, opinions_for
from leeward.laws.rules.facts import parse_facts
from leeward.people.rules.permissions import may
from leeward.people.services import authorize, demand_second, staff_id
from leeward.sealing.services import unseal

MOST_WORDS = 2000


def open_adjudication(assessment_id: int) -> bool:
    """Open an adjudication if this assessment and the first one came to different endings, and close those that a third
    person's assessment has settled. Idempotent; return whether one was opened.
    """
    with hotline_transaction():
        assessment = Assessment.objects.select_related("case").filter(pk=assessment_id).first()
        if assessment is None or assessment.cycle != assessment.case.cycle:
            return False
        if assessment.round == "adjudication":
            mine = Adjudication.objects.filter(case_id=assessment.case_id, state="open", second__round="second")
            mine.update(state="third", assessment=assessment, settled_at=assessment.at)
            Draft.objects.filter(case_id=assessment.case_id, kind=PROPOSAL).delete()
            return False
        first = (
            Assessment.objects.filter(case_id=assessment.case_id, cycle=assessment.cycle, round="first")
            .order_by("id")
            .first()
        )
        if first is None or first.by_id is None or not _is_dispute(assessment, first):
            return False
        adjudication, is_new = Adjudication.objects.get_or_create(
            second=assessment,
            defaults={
                "hotline_id": assessment.hotline_id,
                "case_id": assessment.case_id,
                "first": first,
                "opened_at": now_utc(),
            },
        )
        if is_new:
            note_act(
                "adjudication.opened",
                assessment.case,
                actor=SYSTEM,
                facts={"adjudication": adjudication.pk, "round": assessment.round},
            )
    return is_new


def _is_dispute(assessment: Assessment, first: Assessment) -> bool:
    if assessment.round == "second":
        return assessment.case.is_disputed
    return assessment.round == "sample" and ends_differ(first.outcome, assessment.outcome)


def is_open(adjudication: Adjudication) -> bool:
    """Return whether there is still something to settle: the case was neither reopened nor merged in the meantime."""
    case = adjudication.case
    return adjudication.state == "open" and adjudication.first.cycle == case.cycle and case.merged_into_id is None


def is_one_of_two(adjudication: Adjudication, actor: Actor) -> bool:
    """Return whether this person is one of the two who confer."""
    return actor.id is not None and actor.id in adjudication.people


def is_third(adjudication: Adjudication, actor: Actor) -> bool:
    """Return whether this person can decide instead of the two: a supervisor who had no part in the case."""
    return bool(may(actor, "case.reassign", adjudication.hotline_id)) and not had_part(
        adjudication.case, actor, ever=True
    )


def propose(
    adjudication_id: int, given: Mapping[str, Any], *, outcome: str, reason: int | None, comment: str, actor: Actor
) -> None:
    """Propose a decision to the other person; it replaces any earlier proposal of either.

    Raises AdjudicationIsOver, NotInAdjudication, NoReasons, OutcomeNotAllowed, FactsMissing, WrongReason (also
    NobodySawIt, as for an assessment), BadFacts.
    """
    assessment = _read(adjudication_id, given, outcome, reason, comment)
    with hotline_transaction():
        adjudication, case = open_one(adjudication_id)
        authorize(actor, "case.assess", case.hotline_id)
        if not is_one_of_two(adjudication, actor):
            raise NotInAdjudication
        seen_by(case, actor, assessment, reason)
        adjudication.proposal = {
            "facts": assessment.facts.to_dict(),
            "outcome": outcome,
            "reason": None if outcome == ILLEGAL else reason,
        }
        adjudication.proposal_comment = whole(comment, MOST_WORDS)
        adjudication.proposed_by_id = staff_id(actor)
        adjudication.proposals += 1
        adjudication.save()
        Draft.objects.filter(case_id=case.pk, by_id=actor.id, kind=PROPOSAL).delete()
        logged = {"adjudication": adjudication.pk, "outcome": outcome, "reason": adjudication.proposal["reason"]}
        note_act("adjudication.proposed", case, actor=actor, facts=logged | {"facts": assessment.facts.to_dict()})


def agree(adjudication_id: int, *, number: int, actor: Actor) -> None:
    """Accept the other person's proposal of this number, which makes it the decision.

    Raises AdjudicationIsOver, NotInAdjudication, ProposalChanged, NobodySawIt, WrongTransition, WordsLocked.
    """
    found = _of(adjudication_id)
    if found.proposal is None or found.proposals != number:
        raise ProposalChanged
    unseal([found])
    proposal = found.proposal
    assessment = AssessmentResult(proposal["outcome"], parse_facts(proposal["facts"]))
    opinions = _opinions(found.case, assessment)
    with hotline_transaction():
        adjudication, case = open_one(adjudication_id)
        authorize(actor, "case.assess", case.hotline_id)
        if not is_one_of_two(adjudication, actor) or adjudication.proposed_by_id == actor.id:
            raise NotInAdjudication
        demand_second(actor, {adjudication.proposed_by_id}, act="case.assess")
        if adjudication.proposals != number:
            raise ProposalChanged
        _end(
            adjudication,
            case,
            assessment,
            opinions,
            reason=proposal["reason"],
            comment=found.proposal_comment,
            by="agree",
            actor=actor,
        )


def decide_instead(
    adjudication_id: int, given: Mapping[str, Any], *, outcome: str, reason: int | None, comment: str, actor: Actor
) -> None:
    """Decide if the two don't agree; only for a supervisor who never had a part in the case. Raises as `propose`."""
    assessment = _read(adjudication_id, given, outcome, reason, comment)
    opinions = _opinions(_of(adjudication_id).case, assessment)
    with hotline_transaction():
        adjudication, case = open_one(adjudication_id)
        authorize(actor, "case.reassign", case.hotline_id)
        if not is_third(adjudication, actor):
            raise NotInAdjudication
        demand_second(actor, people_with_part(case), act="case.reassign")
        comment = whole(comment, MOST_WORDS)
        _end(
            adjudication,
            case,
            assessment,
            opinions,
            reason=None if outcome == ILLEGAL else reason,
            comment=comment,
            by="settle",
            actor=actor,
        )


def _of(adjudication_id: int) -> Adjudication:
    adjudication = Adjudication.objects.select_related("case", "first", "second").filter(pk=adjudication_id).first()
    if adjudication is None:
        raise NotFound(what=_("adjudication"))
    return adjudication


def open_one(adjudication_id: int) -> tuple[Adjudication, Case]:
    """Return the open adjudication and its locked case, in the cycle in which both assessed; raises AdjudicationIsOver."""
    case = locked_case(_of(adjudication_id).case_id)
    adjudication = _of(adjudication_id)
    if not is_open(adjudication):
        raise AdjudicationIsOver
    return adjudication, case


def _read(
    adjudication_id: int, given: Mapping[str, Any], outcome: str, reason: int | None, comment: str
) -> AssessmentResult:
    if outcome == UNSURE:
        raise OutcomeNotAllowed
    assessment = AssessmentResult(outcome, parse_facts(given))
    refuse_incomplete(_of(adjudication_id).case_id, assessment, reason, comment)
    if not comment.strip():
        raise NoReasons
    return assessment


def seen_by(case: Case, actor: Actor, assessment: AssessmentResult, reason: int | None) -> str:
    """Return how this person has seen what they decide about: here, or where they said when they assessed it in this
    cycle. Raises NobodySawIt if the reason says what a picture shows and they saw none, as for an assessment
    (`refuse_unseen`).
    """
    mine = Assessment.objects.filter(case_id=case.pk, cycle=case.cycle, by_id=staff_id(actor), seen__in=ELSEWHERE)
    elsewhere = mine.order_by("-pk").values_list("seen", flat=True).first() or ""
    seen = how_seen(case, actor, assessment.facts, elsewhere=elsewhere)
    refuse_unseen(seen, reason)
    return seen


def _opinions(case: Case, assessment: AssessmentResult) -> list[dict[str, Any]]:
    return [asdict(row) for row in opinions_for(assessment.facts, countries_of(case), now_utc().date())]


def _end(
    adjudication: Adjudication,
    case: Case,
    assessment: AssessmentResult,
    opinions: list[dict[str, Any]],
    *,
    reason: int | None,
    comment: str,
    by: str,
    actor: Actor,
) -> None:
    """Store the result as the decision, and move the case along its table if that changes something."""
    act = _act(adjudication, case, assessment, by)
    state, waited = case.state, case.waits_for_second
    seen = seen_by(case, actor, assessment, reason)
    if act:
        take_step(case, act, actor=actor, reason=str(reason or ""), assessment=assessment)
    kept = record_assessment(
        case, "adjudication", assessment, opinions, actor=actor, reason=reason, comment=comment, seen=seen
    )
    if act:
        if assessment.outcome == ILLEGAL:
            case.close_reason, case.close_comment, case.closed_at = None, "", None
        settle(case, act, assessment.outcome, actor=actor, reason=reason, comment=comment)
        let_go(case)
        if not waited and assessment.outcome != ILLEGAL:
            was_acting = runs_outside(case, state)
            was_wrong = assessment.outcome == "not_illegal" or state != "closed"
            stop_outside(case, was_acting=was_acting, actor=actor, was_wrong=was_wrong)
        Draft.objects.filter(case_id=case.pk, kind=FACTS).delete()
        case.save()
        if assessment.outcome == ILLEGAL:
            drop_doubts(case)
        tell_reporters(case)
        if assessment.outcome == "not_illegal":
            known_images.doubt_records(case)
    adjudication.state = "agreed" if by == "agree" else "third"
    adjudication.assessment, adjudication.settled_at = kept, kept.at
    adjudication.save()
    Draft.objects.filter(case_id=case.pk, kind=PROPOSAL).delete()
    logged = {
        "adjudication": adjudication.pk,
        "by": adjudication.state,
        "outcome": assessment.outcome,
        "reason": reason,
        "led_to": act,
    }
    logged |= {"facts": assessment.facts.to_dict(), "law": law_version()}
    note_act("adjudication.settled", case, actor=actor, facts=logged)


def _act(adjudication: Adjudication, case: Case, assessment: AssessmentResult, by: str) -> str:
    """Return the act of the table that this outcome calls for; empty if a case that went on meanwhile stays as it is."""
    end = "illegal" if assessment.outcome == ILLEGAL else "other"
    if adjudication.second.round == "second":
        return f"{by}_{end}"
    return "" if (case.outcome == ILLEGAL) == (assessment.outcome == ILLEGAL) else f"agree_{end}"
