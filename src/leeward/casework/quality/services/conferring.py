"""Two people who differ confer: one proposes facts, end and reasons, the other agrees. A supervisor who had no part can decide instead."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import turn
from leeward.casework.drafts import FACTS, PROPOSAL
from leeward.casework.errors import OutcomeNotAllowed
from leeward.casework.models import Assessment, Case, Draft
from leeward.casework.quality.errors import ConferenceIsOver, NoReasons, NotInConference, ProposalChanged
from leeward.casework.quality.models import Conference
from leeward.casework.rules.second_look import ILLEGAL, UNSURE, Look, ends_differ
from leeward.casework.services import known_images
from leeward.casework.services.appealing import stop_outside
from leeward.casework.services.assessing import countries_of, keep_look, refuse_incomplete, settle
from leeward.casework.services.seeing import how_seen
from leeward.casework.services.steps import demand, had_part, let_go, locked_case, note_act, now_utc, person, take_step
from leeward.casework.services.telling import tell_reporters
from leeward.ground.actor import SYSTEM, Actor
from leeward.ground.errors import NotFound
from leeward.laws.queries import law_version, opinions_for
from leeward.laws.rules.facts import parse_facts
from leeward.people.rules.permissions import may
from leeward.people.services import demand_second

MOST_WORDS = 2000
_RUNS_OUTSIDE = ("acting", "monitoring", "removed")


def open_conference(look_id: int) -> bool:
    """Open a conference where this look and the first one came to different ends, and end those that a third person's look has
    settled. Safe to run twice; returns whether one was opened."""
    with turn():
        look = Assessment.objects.select_related("case").filter(pk=look_id).first()
        if look is None or look.turn != look.case.turn:
            return False
        if look.round == "conference":
            mine = Conference.objects.filter(case_id=look.case_id, state="open", second__round="second")
            mine.update(state="third", look=look, settled_at=look.at)
            Draft.objects.filter(case_id=look.case_id, kind=PROPOSAL).delete()
            return False
        first = Assessment.objects.filter(case_id=look.case_id, turn=look.turn, round="first").order_by("id").first()
        if first is None or first.by_id is None or not _is_dispute(look, first):
            return False
        conference, is_new = Conference.objects.get_or_create(
            second=look,
            defaults={"hotline_id": look.hotline_id, "case_id": look.case_id, "first": first, "opened_at": now_utc()},
        )
        if is_new:
            note_act(
                "conference.opened", look.case, actor=SYSTEM, facts={"conference": conference.pk, "round": look.round}
            )
    return is_new


def _is_dispute(look: Assessment, first: Assessment) -> bool:
    if look.round == "second":
        return look.case.in_conference and look.case.state == "second_look"
    return look.round == "sample" and ends_differ(first.outcome, look.outcome)


def is_open(conference: Conference) -> bool:
    """Whether there is still something to confer about: the case wasn't opened anew meanwhile, nor merged into another."""
    case = conference.case
    return conference.state == "open" and conference.first.turn == case.turn and case.merged_into_id is None


def is_one_of_two(conference: Conference, actor: Actor) -> bool:
    """Whether this person is one of the two who confer."""
    return actor.id is not None and actor.id in conference.people


def is_third(conference: Conference, actor: Actor) -> bool:
    """Whether this person can decide instead of the two: a supervisor who had no part in the case."""
    return bool(may(actor, "case.reassign", conference.hotline_id)) and not had_part(conference.case, actor, ever=True)


def propose(
    conference_id: int, given: Mapping[str, Any], *, outcome: str, reason: int | None, words: str, actor: Actor
) -> None:
    """Propose to the other one how the case is decided; a later proposal of either takes the place of the earlier one.

    Raises ConferenceIsOver, NotInConference, NoReasons, OutcomeNotAllowed, FactsMissing, WrongReason, BadFacts.
    """
    look = _read(conference_id, given, outcome, reason, words)
    with turn():
        conference, case = open_one(conference_id)
        demand(actor, "case.assess", case.hotline_id)
        if not is_one_of_two(conference, actor):
            raise NotInConference
        conference.proposal = {
            "facts": look.facts.to_dict(),
            "outcome": outcome,
            "reason": None if outcome == ILLEGAL else reason,
            "words": words.strip()[:MOST_WORDS],
        }
        conference.proposed_by_id = person(actor)
        conference.proposals += 1
        conference.save()
        Draft.objects.filter(case_id=case.pk, by_id=actor.id, kind=PROPOSAL).delete()
        told = {"conference": conference.pk, "outcome": outcome, "reason": conference.proposal["reason"]}
        note_act("conference.proposed", case, actor=actor, facts=told | {"facts": look.facts.to_dict()})


def agree(conference_id: int, *, number: int, actor: Actor) -> None:
    """Say yes to the other one's proposal of this number: it is the decision now.

    Raises ConferenceIsOver, NotInConference, ProposalChanged, WrongTransition.
    """
    found = _of(conference_id)
    if found.proposal is None or found.proposals != number:
        raise ProposalChanged
    proposal = found.proposal
    look = Look(proposal["outcome"], parse_facts(proposal["facts"]))
    opinions = _opinions(found.case, look)
    with turn():
        conference, case = open_one(conference_id)
        demand(actor, "case.assess", case.hotline_id)
        if not is_one_of_two(conference, actor) or conference.proposed_by_id == actor.id:
            raise NotInConference
        demand_second(actor, {conference.proposed_by_id}, act="case.assess")
        if conference.proposals != number:
            raise ProposalChanged
        _end(
            conference,
            case,
            look,
            opinions,
            reason=proposal["reason"],
            words=proposal["words"],
            by="agree",
            actor=actor,
        )


def decide_instead(
    conference_id: int, given: Mapping[str, Any], *, outcome: str, reason: int | None, words: str, actor: Actor
) -> None:
    """Decide where the two don't agree; only by a supervisor who never had a part in the case. Raises as `propose` does."""
    look = _read(conference_id, given, outcome, reason, words)
    opinions = _opinions(_of(conference_id).case, look)
    with turn():
        conference, case = open_one(conference_id)
        demand(actor, "case.reassign", case.hotline_id)
        if not is_third(conference, actor):
            raise NotInConference
        words = words.strip()[:MOST_WORDS]
        _end(
            conference,
            case,
            look,
            opinions,
            reason=None if outcome == ILLEGAL else reason,
            words=words,
            by="settle",
            actor=actor,
        )


def _of(conference_id: int) -> Conference:
    conference = Conference.objects.select_related("case", "first", "second").filter(pk=conference_id).first()
    if conference is None:
        raise NotFound(what=_("conference"))
    return conference


def open_one(conference_id: int) -> tuple[Conference, Case]:
    """The open conference and its locked case, in the turn of the work in which both looked; raises ConferenceIsOver."""
    case = locked_case(_of(conference_id).case_id)
    conference = _of(conference_id)
    if not is_open(conference):
        raise ConferenceIsOver
    return conference, case


def _read(conference_id: int, given: Mapping[str, Any], outcome: str, reason: int | None, words: str) -> Look:
    if outcome == UNSURE:
        raise OutcomeNotAllowed
    look = Look(outcome, parse_facts(given))
    refuse_incomplete(_of(conference_id).case_id, look, reason, words)
    if not words.strip():
        raise NoReasons
    return look


def _opinions(case: Case, look: Look) -> list[dict[str, Any]]:
    return [asdict(row) for row in opinions_for(look.facts, countries_of(case), now_utc().date())]


def _end(
    conference: Conference,
    case: Case,
    look: Look,
    opinions: list[dict[str, Any]],
    *,
    reason: int | None,
    words: str,
    by: str,
    actor: Actor,
) -> None:
    """Keep what came of it as the decision, and move the case along its table where that changes something."""
    act = _act(conference, case, look, by)
    state = case.state
    if act:
        take_step(case, act, actor=actor, reason=str(reason or ""), look=look)
    seen = how_seen(case, actor, look.facts, elsewhere="")
    kept = keep_look(case, "conference", look, opinions, actor=actor, reason=reason, words=words, seen=seen)
    if act:
        if look.outcome == ILLEGAL:
            case.close_reason, case.close_words, case.closed_at = None, "", None
        settle(case, act, look.outcome, actor=actor, reason=reason, words=words)
        let_go(case)
        if state != "second_look" and look.outcome != ILLEGAL:
            stop_outside(case, was_acting=state in _RUNS_OUTSIDE, actor=actor)
        Draft.objects.filter(case_id=case.pk, kind=FACTS).delete()
        case.save()
        tell_reporters(case)
        if look.outcome == "not_illegal":
            known_images.doubt_records(case)
    conference.state = "agreed" if by == "agree" else "third"
    conference.look, conference.settled_at = kept, kept.at
    conference.save()
    Draft.objects.filter(case_id=case.pk, kind=PROPOSAL).delete()
    told = {
        "conference": conference.pk,
        "by": conference.state,
        "outcome": look.outcome,
        "reason": reason,
        "led_to": act,
    }
    told |= {"facts": look.facts.to_dict(), "law": law_version()}
    note_act("conference.settled", case, actor=actor, facts=told)


def _act(conference: Conference, case: Case, look: Look, by: str) -> str:
    """The act of the table that this end asks for; empty where a case that went on meanwhile stays as it is."""
    end = "illegal" if look.outcome == ILLEGAL else "other"
    if conference.second.round == "second":
        return f"{by}_{end}"
    return "" if (case.outcome == ILLEGAL) == (look.outcome == ILLEGAL) else f"agree_{end}"
