"""Taking a case, giving it back, and claims that nobody renews."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.acting.services.undoing import after_grace_period, as_it_is, done
from leeward.casework.acting.services.unheld import call_if_unheld
from leeward.casework.assessment.services import known_images
from leeward.casework.errors import CaseIsTaken, CaseNotHeld, NothingToTake, SecondAssessmentNeedsOther, WrongTransition
from leeward.casework.exposure.services.budget import demand_open, note_work, standing_of
from leeward.casework.models import Case
from leeward.casework.queries import reports_of
from leeward.casework.queue.rules.fair import left_by
from leeward.casework.queue.services.colleagues import colleagues_of
from leeward.casework.rules.states import LANES, SECOND, STATES
from leeward.casework.rules.transitions import Refusal, transition
from leeward.casework.situations import people_of_cycle, people_with_part
from leeward.casework.steps import (
    can_step,
    had_part,
    is_free,
    let_go,
    locked_case,
    note_act,
    now_utc,
    reprioritise,
    take_step,
)
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.installation.queries import config_now
from leeward.oncall import services as oncall_services
from leeward.people.access import staff_member
from leeward.people.errors import NotSecondPerson
from leeward.people.queries import portals_of
from leeward.people.rules.permissions import may
from leeward.people.services import authorize, demand_second, staff_id

_TRIES = 20
CLOCKS_DIFFER = timedelta(minutes=1)


def claim_case(case_id: int, *, actor: Actor) -> None:
    """Take a case: nobody else can until it is given back or left alone for `claim_minutes`.

    A waiting case becomes “being assessed”; one waiting for a second assessment is refused to whoever had a part in it.
    """
    with hotline_transaction():
        if Case.objects.filter(pk=case_id, claimed_by_id=actor.id, claimed_until__gte=now_utc()).exists():
            return
        case = _taken(case_id, actor)
        authorize(actor, "case.claim", case.hotline_id)
        _refuse_second_assessor_the_same(case, actor)
        is_new_to_the_eye = STATES[case.state].lane.is_new_to_the_eye
        if is_new_to_the_eye and not case.urgent:  # the text of an urgent case is read at any hour
            demand_open(actor, for_new=True)
        if transition(case.state, "give_back"):  # an abandoned claim that has not been swept yet
            take_step(case, "give_back", actor=SYSTEM)
        if transition(case.state, "claim"):
            take_step(case, "claim", actor=actor)
            case.first_assessed_at = case.first_assessed_at or now_utc()
        elif not STATES[case.state].is_taken_as_it_is:
            raise WrongTransition(Refusal.NO_SUCH_STEP)
        case.save()
        if is_new_to_the_eye:
            note_work(actor)
            known_images.begin_with_record(case, staff_id(actor))
        if case.urgent:
            oncall_services.take_over([row.id for row in reports_of(case.pk)], actor=actor)
        tell_reporters(case, by_person=True)
        note_act("case.claimed", case, actor=actor, facts={"state": case.state})


def _taken(case_id: int, actor: Actor) -> Case:
    """Claim a free case for the actor with a single update of its row, which only one of two concurrent callers can
    win.
    """
    now = now_utc()
    until = now + timedelta(minutes=config_now().claim_minutes)
    free = Case.objects.filter(is_free(now), pk=case_id)
    if free.update(claimed_by_id=actor.id, claimed_until=until):
        return Case.objects.get(pk=case_id)
    if Case.objects.filter(pk=case_id).exists():
        raise CaseIsTaken
    raise NotFound(what=_("case"))


def claim_next(lane: str, *, actor: Actor) -> str:
    """Take the first case of a lane that this person may take; return its reference. Raises NothingToTake, NothingNewNow."""
    authorize(actor, "case.claim", actor.hotline_id or 0)
    is_stopped = LANES[lane].is_new_to_the_eye and standing_of(actor, for_new=True).stop is not None
    for case in _takeable(lane, actor, only_urgent=is_stopped):
        try:
            claim_case(case.pk, actor=actor)
        except (CaseIsTaken, SecondAssessmentNeedsOther, NotAllowed, NotSecondPerson, WrongTransition):
            continue
        return case.reference
    if is_stopped:
        demand_open(actor, for_new=True)
    raise NothingToTake


def _takeable(lane: str, actor: Actor, *, only_urgent: bool) -> list[Case]:
    rows: QuerySet[Case] = Case.objects.filter(is_free(now_utc()), lane=lane).order_by("priority", "id")
    rows = rows.filter(urgent=True) if only_urgent else _left_out(rows, actor)
    if lane == SECOND.name:
        rows = rows.exclude(first_assessor=actor.id).exclude(second_assessor=actor.id)
    return list(rows[:_TRIES])


def _left_out(rows: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """Exclude cases left to colleagues who read the language or work on the country. An urgent case is never left to
    others.
    """
    hotline_id = actor.hotline_id or 0
    left = left_by(actor.id or 0, colleagues_of(hotline_id, now_utc()))
    if left.languages:
        rows = rows.exclude(urgent=False, language__in=left.languages)
    if left.countries:
        portals = [row.id for row in portals_of(hotline_id) if row.country in left.countries]
        rows = rows.exclude(urgent=False, portal_id__in=portals)
    return rows


def _refuse_second_assessor_the_same(case: Case, actor: Actor) -> None:
    if not case.waits_for_second:
        return
    if had_part(case, actor, ever=case.in_adjudication):
        raise SecondAssessmentNeedsOther
    act = "case.reassign" if case.in_adjudication else "case.assess"
    authorize(actor, act, case.hotline_id)
    firsts = people_with_part(case) if case.in_adjudication else people_of_cycle(case)
    demand_second(actor, firsts - {staff_id(actor)}, act=act)


def give_back(case_id: int, *, actor: Actor) -> None:
    """Return a case to where it was taken from. A supervisor can do this for somebody else."""
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.claim", case.hotline_id)
        if case.claimed_by_id is None:
            raise CaseNotHeld
        if case.claimed_by_id != actor.id:
            authorize(actor, "case.reassign", case.hotline_id)
        before = as_it_is(case)
        _put_back(case, actor)
        note_act("case.given_back", case, actor=actor, facts={"state": case.state})
        done(case, "give_back", before, actor=actor)


@after_grace_period("give_back")
def _call_others(case: Case, actor: Actor, _made: Mapping[str, Any]) -> None:
    call_if_unheld(case, actor)


def reassign(case_id: int, to: int, *, actor: Actor) -> None:
    """Give a case that waits or is held to a colleague who may take it. Raises NotAllowed, NotYours, NotFound.

    The colleague's own daily limits are not checked: they can give it back.
    """
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.reassign", case.hotline_id)
        colleague = staff_member(to, case.hotline_id)
        if colleague is None or not may(colleague, "case.claim", case.hotline_id):
            raise NotFound(what=_("colleague"))
        _refuse_second_assessor_the_same(case, colleague)
        before = case.claimed_by_id
        if case.claimed_by_id is not None:
            _release(case, actor)
        if transition(case.state, "claim"):
            take_step(case, "claim", actor=colleague)  # being given a case does not count as viewing it
        elif not STATES[case.state].is_taken_as_it_is:
            raise WrongTransition(Refusal.NO_SUCH_STEP)
        case.claimed_by_id = to
        case.claimed_until = now_utc() + timedelta(minutes=config_now().claim_minutes)
        case.save()
        tell_reporters(case)
        note_act("case.reassigned", case, actor=actor, facts={"from": before, "to": to})


def _put_back(case: Case, actor: Actor) -> None:
    """Release the case: its holder has stated nothing, so it waits for a first assessment again."""
    _release(case, actor)
    if transition(case.state, "claim") and case.first_assessed_at is not None:
        case.first_assessed_at = None
        case.save(update_fields=["first_assessed_at"])
        tell_reporters(case)


def _release(case: Case, actor: Actor) -> None:
    if can_step(case, "give_back"):
        take_step(case, "give_back", actor=actor)
    let_go(case)
    reprioritise(case)
    case.save()


def return_abandoned(now: datetime) -> int:
    """Return every case of the current hotline whose claim has run out; drafts stay. Return how many. No claim lasts longer from now
    on than a new one does: the clock by which it was taken was ahead."""
    longest = now + timedelta(minutes=config_now().claim_minutes)
    too_long = Case.objects.filter(claimed_by__isnull=False, claimed_until__gt=longest + CLOCKS_DIFFER)
    too_long.update(claimed_until=longest)
    returned = 0
    for case_id in _abandoned(now):
        with hotline_transaction():
            case = locked_case(case_id)
            if case.claimed_until is None or case.claimed_until >= now:
                continue
            holder = case.claimed_by_id
            _put_back(case, SYSTEM)
            call_if_unheld(case, SYSTEM)
            note_act("case.returned", case, actor=SYSTEM, facts={"holder": holder})
        returned += 1
    return returned


def begin_claims_anew(now: datetime, since: datetime | None) -> None:
    """Let a claim last as long from now as a new one does where the clock by which it was taken may have been wrong: since `since`, whatever
    it said then, or at any time. In the hotline's scope and in the caller's transaction."""
    lasts = timedelta(minutes=config_now().claim_minutes)
    claimed = Case.objects.filter(claimed_by__isnull=False)
    (claimed if since is None else claimed.filter(claimed_until__gte=since + lasts)).update(claimed_until=now + lasts)


def return_claims_of(account_id: int) -> int:
    """Return every case held by an account that was closed; drafts stay. Return how many. Idempotent."""
    returned = 0
    for case_id in list(Case.objects.filter(claimed_by_id=account_id).values_list("id", flat=True)):
        with hotline_transaction():
            case = locked_case(case_id)
            if case.claimed_by_id != account_id:
                continue
            _put_back(case, SYSTEM)
            call_if_unheld(case, SYSTEM)
            note_act("case.returned", case, actor=SYSTEM, facts={"holder": account_id})
        returned += 1
    return returned


def _abandoned(now: datetime) -> Iterable[int]:
    rows = Case.objects.filter(claimed_by__isnull=False, claimed_until__lt=now)
    return list(rows.values_list("id", flat=True)[:500])
