"""Stating what a case is: drafts, assessments, and what an assessment leads to."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.rules.plan import CONTENT
from leeward.casework.acting.rules.undoing import ASSESSING_ACTS
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.acting.services.undoing import after_grace_period, as_it_is, done
from leeward.casework.appeals.services.doubting import doubt_decision, drop_doubts
from leeward.casework.assessment.queries.drafts import FACTS
from leeward.casework.assessment.rules.second_assessment import (
    ILLEGAL,
    OUT_OF_SCOPE,
    UNSURE,
    AssessmentResult,
    Round,
    act_after,
    differences,
)
from leeward.casework.assessment.rules.seen import UNSEEN, answered_elsewhere
from leeward.casework.assessment.services import known_images
from leeward.casework.assessment.services.drafts import ENDING, discard_draft_text
from leeward.casework.assessment.services.seeing import how_seen
from leeward.casework.errors import FactsMissing, NobodySawIt, NobodySawOwnPicture, OutcomeNotAllowed, WrongReason
from leeward.casework.exposure.services.budget import note_work
from leeward.casework.models import Assessment, Case, CaseItem, Draft
from leeward.casework.queries import reports_of
from leeward.casework.queue.services import own_pictures
from leeward.casework.rules.reasons import describes_content, fits, needs_comment
from leeward.casework.situations import assessment_result, ends_unheard, first_assessment_of
from leeward.casework.steps import demand_holder, let_go, locked_case, note_act, now_utc, take_step
from leeward.foundation.actor import Actor
from leeward.hosting import queries as hosting_queries
from leeward.intake import queries as intake_queries
from leeward.intake.rules.own_picture import OWN
from leeward.jobs.services import publish_event
from leeward.laws.queries import law_version, opinions_for
from leeward.laws.rules.acts import UNDETERMINED
from leeward.laws.rules.facts import Facts, parse_facts
from leeward.people.queries import portal, portals_of
from leeward.people.services import authorize, staff_id

_ENDS = ("find_illegal", "confirm_illegal", "settle_illegal", "agree_illegal")


def save_draft(case_id: int, given: Mapping[str, Any], *, actor: Actor, elsewhere: str = "") -> None:
    """Keep the facts marked so far by the holder of the case; raises BadFacts if they contradict each other."""
    facts = parse_facts(given)
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.assess", case.hotline_id)
        demand_holder(case, actor)
        case.save(update_fields=["claimed_until"])
        _keep_draft(case, facts, actor, elsewhere)
        note_work(actor)


def record_offline_facts(case_id: int, given: Mapping[str, Any], *, actor: Actor) -> None:
    """Keep facts that were seen on an isolated workstation because the content can't be viewed from here."""
    facts = parse_facts(given)
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.assess", case.hotline_id)
        demand_holder(case, actor)
        case.save(update_fields=["claimed_until"])
        _keep_draft(case, facts, actor, "isolated")
        note_act("case.offline_facts_recorded", case, actor=actor, facts={"facts": facts.to_dict()})


def _keep_draft(case: Case, facts: Facts, actor: Actor, elsewhere: str) -> None:
    values = {
        "hotline_id": case.hotline_id,
        "facts": facts.to_dict(),
        "seen": answered_elsewhere(elsewhere),
        "at": now_utc(),
    }
    Draft.objects.update_or_create(case_id=case.pk, by_id=staff_id(actor), kind=FACTS, defaults=values)


def round_of(case: Case) -> Round:
    """Return which round of assessment comes next."""
    if case.waits_for_second:
        return "adjudication" if case.in_adjudication else "second"
    return "first"


def assess(
    case_id: int,
    given: Mapping[str, Any],
    *,
    outcome: str,
    actor: Actor,
    reason: int | None = None,
    comment: str = "",
    elsewhere: str = "",
) -> str:
    """State facts and outcome of a case that the actor holds; return the resulting act of the table. Whether they saw
    the content here is derived from their previews; `elsewhere` is where else they say they saw it.

    An illegal outcome leads to “decided”, any other to “closed” with one of ICCAM's reasons. Grave facts, “can't tell”
    and the end of an urgent case of which the police never heard lead to a second, blind assessment by somebody else;
    two assessments that differ go to a supervisor who had no part.
    """
    facts = parse_facts(given)
    assessment = AssessmentResult(outcome, facts)
    refuse_incomplete(case_id, assessment, reason, comment)
    countries = countries_of(Case.objects.get(pk=case_id))
    opinions = [asdict(row) for row in opinions_for(facts, countries, now_utc().date())]
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.assess", case.hotline_id)
        demand_holder(case, actor)
        round_ = round_of(case)
        if round_ == "adjudication" and outcome == UNSURE:
            raise OutcomeNotAllowed
        first = first_assessment_of(case) if round_ == "second" else None
        answered = assessment_result(first) if first else None
        unheard = round_ == "first" and ends_unheard(case, assessment, actor.id)
        act = act_after(round_, assessment, answered, ends_unheard=unheard)
        before = as_it_is(case)
        take_step(case, act, actor=actor, reason=str(reason or ""), assessment=assessment)
        seen = how_seen(case, actor, facts, elsewhere=elsewhere)
        refuse_unseen(seen, reason)
        kept = record_assessment(
            case, round_, assessment, opinions, actor=actor, reason=reason, comment=comment, seen=seen
        )
        settle(case, act, outcome, actor=actor, reason=reason, comment=comment)
        Draft.objects.filter(case_id=case.pk, kind=FACTS).delete()
        discard_draft_text(case.pk, ENDING, actor=actor)
        case.save()
        note_work(actor)
        logged: dict[str, Any] = {"round": round_, "outcome": outcome, "reason": reason, "seen": seen, "led_to": act}
        if answered is not None:
            logged["differs"] = list(differences(answered, assessment))
        note_act("case.assessed", case, actor=actor, facts=logged | {"facts": facts.to_dict(), "law": law_version()})
        done(case, act, before, actor=actor, made={"assessment": kept.pk, "outcome": outcome})
    return act


@after_grace_period(*ASSESSING_ACTS)
def _assessment_stands(case: Case, _actor: Actor, made: Mapping[str, Any]) -> None:
    """Run what follows once an assessment can't be undone any more: reporters are updated, records and earlier decisions are doubted, and
    listeners are told.
    """
    if made["outcome"] == "not_illegal":
        known_images.doubt_records(case)
        if case.state == "closed":
            doubt_decision(case)
    elif case.outcome == ILLEGAL:
        drop_doubts(case)
    tell_reporters(case)
    known_images.forget_windows(case)
    if case.outcome == OUT_OF_SCOPE and case.state == "closed" and _is_own_picture(case.pk):
        own_pictures.take_out(row.id for row in reports_of(case.pk))
    publish_event("case.assessed", subject_id=made["assessment"], hotline_id=case.hotline_id)


def record_assessment(
    case: Case,
    round_: str,
    assessment: AssessmentResult,
    opinions: list[dict[str, Any]],
    *,
    actor: Actor,
    reason: int | None,
    comment: str,
    seen: str,
) -> Assessment:
    """Store an assessment with the law's version and its opinions on the facts."""
    return Assessment.objects.create(
        hotline_id=case.hotline_id,
        case=case,
        by_id=staff_id(actor),
        cycle=case.cycle,
        round=round_,
        outcome=assessment.outcome,
        reason=reason,
        comment=comment,
        facts=assessment.facts.to_dict(),
        seen=seen,
        law_version=law_version(),
        opinions=opinions,
        at=now_utc(),
    )


def refuse_incomplete(case_id: int, assessment: AssessmentResult, reason: int | None, comment: str) -> None:
    """Raise FactsMissing, NobodySawOwnPicture or WrongReason if the facts or the reason don't support the outcome."""
    if assessment.outcome == ILLEGAL and _is_own_picture(case_id):
        raise NobodySawOwnPicture
    if assessment.outcome == ILLEGAL and assessment.facts == parse_facts({}):
        raise FactsMissing  # nothing was assessed, so no record may say that it was
    if (
        assessment.outcome == ILLEGAL
        and shows_content(case_id)
        and UNDETERMINED in (assessment.facts.medium, assessment.facts.act)
    ):
        raise FactsMissing
    refuse_wrong_reason(assessment, reason, comment)


def refuse_wrong_reason(assessment: AssessmentResult, reason: int | None, comment: str) -> None:
    """Raise WrongReason if an outcome that closes a case has no fitting reason."""
    if assessment.outcome in (ILLEGAL, UNSURE):
        return
    if reason is None or not fits(reason, assessment.outcome) or (needs_comment(reason) and not comment.strip()):
        raise WrongReason


def refuse_unseen(seen: str, reason: int | None) -> None:
    """Raise NobodySawIt if the reason says what a picture shows, and the person giving it saw none."""
    if reason is not None and describes_content(reason) and seen == UNSEEN:
        raise NobodySawIt


def shows_content(case_id: int) -> bool:
    """Return whether the case is about something that can be viewed, and not about a person or a mere description."""
    return _kind_of(case_id) in CONTENT


def _is_own_picture(case_id: int) -> bool:
    return _kind_of(case_id) == OWN


def _kind_of(case_id: int) -> str:
    location_id = Case.objects.values_list("location_id", flat=True).get(pk=case_id)
    return hosting_queries.locations_by_id([location_id])[location_id].kind


def countries_of(case: Case, *, home: str = "") -> list[str]:
    """Return the countries whose law is evaluated: the portal's (`home`), the one where the content is, and those of
    the reporters' portals.
    """
    items = list(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True))
    portal_ids = {row.portal_id for row in intake_queries.reports_of_items(items)}
    return countries_for(case, portal_ids, home=home)


def countries_for(case: Case, reporters_portals: set[int], *, home: str = "") -> list[str]:
    """Return the same countries, given the reporters' portals."""
    home = home or portal(case.portal_id).country
    others: list[str] = []
    if reporters_portals - {case.portal_id}:
        others = [row.country for row in portals_of(case.hotline_id) if row.id in reporters_portals]
    return [code for code in dict.fromkeys([home, case.country, *others]) if code]


def settle(case: Case, act: str, outcome: str, *, actor: Actor, reason: int | None, comment: str) -> None:
    """Store the result of the step on the case."""
    if act == "ask_second":
        case.first_assessor_id = actor.id
        let_go(case)
    elif act == "dispute":
        case.second_assessor_id, case.in_adjudication = actor.id, True
        let_go(case)
    else:
        if case.first_assessor_id is None:
            case.first_assessor_id = actor.id
        elif case.second_assessor_id is None:
            case.second_assessor_id = actor.id
        case.outcome = outcome
        if act in _ENDS:
            case.decided_at = now_utc()
        else:
            case.close_reason, case.close_comment, case.closed_at = reason, comment, now_utc()
            let_go(case)
