"""The only way in which a case changes its state: one line of the table, one permission, one audit row."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from leeward.audit.services import record
from leeward.casework import situations, timing
from leeward.casework.assessment.rules.second_assessment import AssessmentResult
from leeward.casework.errors import CaseNotHeld, WrongTransition
from leeward.casework.models import Case, Part, SampledAssessment
from leeward.casework.queue.rules.priority import priority_key
from leeward.casework.rules.clocks import Calendar, rule_kind_of
from leeward.casework.rules.states import STATES
from leeward.casework.rules.transitions import NO_PART, SYSTEM, Barred, Refusal, Transition, step, transition
from leeward.casework.situations import Wanted, situation_of
from leeward.clocks import queries as clocks_queries
from leeward.clocks.queries import RuleRow
from leeward.clocks.rules.due import due_at
from leeward.foundation.actor import SYSTEM as SYSTEM_ACTOR
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.installation.queries import config_now
from leeward.payments import queries as payments_queries
from leeward.people.queries import PortalRow, portal
from leeward.people.services import authorize, demand_second, staff_id


def now_utc() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


def locked_case(case_id: int) -> Case:
    """Return the case, locked until the transaction ends; raises NotFound."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound(what=_("case"))
    return case


def take_step(
    case: Case,
    act: str,
    *,
    actor: Actor,
    reason: str = "",
    assessment: AssessmentResult | None = None,
    other: Case | None = None,
) -> Transition:
    """Move a locked case along one line of the table and return the line; the caller saves and records.

    Everything that the line's guard asks about (who had a part, whether assessments agree, what is open) is read here
    from the database. Only the reason, the assessment being stated and the `other` case of a merge come from the
    caller. If a member of staff takes the step, it is stored as their part in the case. Raises WrongTransition if the
    table refuses, NotAllowed if the actor's role does, and NotSecondPerson if a step that takes a second person is
    taken by an account that the first person could control.
    """
    line = _line(case, act, Wanted(actor=actor, reason=reason, assessment=assessment, other=other))
    if isinstance(line, Refusal):
        raise WrongTransition(line)
    if line.permission == SYSTEM:
        if actor.kind != "system":
            raise NotAllowed(reason=_("only the system does this"))
    else:
        authorize(actor, line.permission, case.hotline_id)
    if line.barred:
        demand_second(actor, _firsts(case, line, actor, other), act=line.permission)
    if act not in NO_PART:
        note_part(case, act, actor)
    case.state, case.lane = line.target, STATES[line.target].lane.name
    return line


def _firsts(case: Case, line: Transition, actor: Actor, other: Case | None) -> set[int]:
    """Return the people for whom whoever takes this step is the second person, without the actor: the line's bar has
    dealt with them.
    """
    if line.barred is Barred.THIS_TURN:
        return situations.people_of_cycle(case) - {staff_id(actor)}
    cases = [case] if other is None else [case, other]
    return set().union(*map(situations.people_with_part, cases)) - {staff_id(actor)}


def can_step(case: Case, act: str, *, actor: Actor = SYSTEM_ACTOR, reason: str = "") -> bool:
    """Return whether the table allows this act now."""
    return isinstance(_line(case, act, Wanted(actor=actor, reason=reason)), Transition)


def _line(case: Case, act: str, wanted: Wanted) -> Transition | Refusal:
    line = transition(case.state, act)
    return Refusal.NO_SUCH_STEP if line is None else step(case.state, act, situation_of(case, line, wanted))


def note_part(case: Case, act: str, actor: Actor) -> None:
    """Record that a member of staff had a part in a case by this act."""
    if actor.kind == "staff" and actor.id is not None:
        Part.objects.create(
            hotline_id=case.hotline_id, case_id=case.pk, by_id=actor.id, act=act, cycle=case.cycle, at=now_utc()
        )


def note_act(event: str, case: Case, *, actor: Actor, facts: Mapping[str, object] | None = None) -> None:
    """Write the audit row of an act on a case, and update its clocks."""
    record(event, actor=actor, hotline_id=case.hotline_id, subject=f"case:{case.pk}", facts=facts)
    timing.keep(case, with_appeals=event.startswith("appeal."))


def had_part(case: Case, actor: Actor, *, ever: bool, asked_at: datetime | None = None) -> bool:
    """Return whether this person had a part in the case: in this cycle, or `ever`, also through a case merged into it.
    `asked_at` is when the request for review being answered was made (`situations.had_part`).

    Raises NotAllowed for anybody who is not a member of staff: nothing is known about their part.
    """
    return situations.had_part(case, staff_id(actor), ever=ever, asked_at=asked_at)


def is_sampler(case: Case, actor: Actor) -> bool:
    """Return whether this person has the case for a blind assessment, because it was drawn."""
    return SampledAssessment.objects.filter(case_id=case.pk, state="taken", taken_by=actor.id).exists()


def start_over(case: Case) -> None:
    """Begin a new cycle of work on the case; earlier decisions no longer count (the caller saves)."""
    case.cycle += 1
    case.outcome, case.close_reason, case.close_comment = "", None, ""
    case.first_assessor_id = case.second_assessor_id = None
    case.in_adjudication = case.returned = False
    case.decided_at = case.police_told_at = case.host_told_at = case.removed_at = case.closed_at = None
    let_go(case)
    reprioritise(case)


def demand_holder(case: Case, actor: Actor) -> None:
    """Raise CaseNotHeld unless the actor holds the case, and renew the claim (the caller saves)."""
    if actor.id is None or case.claimed_by_id != actor.id:
        raise CaseNotHeld
    renew_claim(case, actor)
    if case.first_assessed_at is None:  # it was given to them, and now they look
        case.first_assessed_at = now_utc()
        Case.objects.filter(pk=case.pk).update(first_assessed_at=case.first_assessed_at)
        timing.keep(case)


def renew_claim(case: Case, actor: Actor) -> None:
    """Restart the holder's claim, as a sign of life (the caller saves)."""
    if actor.id is not None and case.claimed_by_id == actor.id:
        case.claimed_until = now_utc() + timedelta(minutes=config_now().claim_minutes)


def let_go(case: Case) -> None:
    """Release the case (the caller saves)."""
    case.claimed_by_id = case.claimed_until = None


def is_free(now: datetime) -> Q:
    """Return the condition for cases that nobody holds or whose claim has run out."""
    return Q(claimed_by__isnull=True) | Q(claimed_until__lt=now)


def calendar_of(row: PortalRow) -> Calendar:
    """Return a portal's working days."""
    return clocks_queries.calendar_of(row)


def reprioritise(case: Case, row: PortalRow | None = None, rules: Mapping[str, RuleRow] | None = None) -> None:
    """Recalculate the case's place in the queue, by its portal's rule for the first assessment (the caller saves)."""
    row = row or portal(case.portal_id)
    kind = rule_kind_of("first_assessment", urgent=case.goes_first)
    rule = rules[kind] if rules else clocks_queries.rule_of(case.portal_id, kind)
    due = due_at(case.received_at, rule.rule, calendar_of(row))
    commercial = row.commercial_first and payments_queries.is_paid_at(case.location_id)
    case.priority = priority_key(
        urgent=case.goes_first, known=case.known, first_assessment_due=due, commercial=commercial
    )
