"""Passing an urgent case on to the police, before or alongside its assessment, and handling the result."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.rules import undoing
from leeward.casework.acting.rules.police import ENDS_NOTHING
from leeward.casework.acting.services import following
from leeward.casework.acting.services.case_briefs import make_brief, others_call_urgent, reports_of
from leeward.casework.acting.services.following import finish_if_gone, move_on
from leeward.casework.acting.services.owing import going_at_once, moment_for, standing_of
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.acting.services.undoing import after_grace_period, as_it_is, done
from leeward.casework.assessment.services.known_images import ACT_ON_KNOWN
from leeward.casework.errors import ReasonMissing
from leeward.casework.merging.services.merged import where_work_goes_on
from leeward.casework.models import Case, CaseItem, Note
from leeward.casework.rules.states import LAST_STATES
from leeward.casework.steps import (
    can_step,
    let_go,
    locked_case,
    note_act,
    now_utc,
    renew_claim,
    reprioritise,
    take_step,
)
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.whole_text import whole
from leeward.intake import queries as intake_queries
from leeward.jobs.services import schedule
from leeward.notices import services as notices_services
from leeward.notices.rules.briefs import CaseBrief
from leeward.oncall import services as oncall_services
from leeward.people.rules.permissions import ANALYST, SUPERVISOR
from leeward.people.rules.police_moments import AT_ONCE
from leeward.people.services import staff_id
from leeward.sealing.errors import WordsLocked

TELL_WHEN_OPENED = "casework.tell_when_opened"
MOST_REASON = 500
# The jobs of cases that tell the police or a host of something, whether or not they heard it before.
PASSING_ON = (TELL_WHEN_OPENED, ACT_ON_KNOWN, "casework.report_added")


def tell_at_once(case: Case) -> None:
    """Pass a locked, saved, urgent case on if its portal does so at once, in the caller's transaction; where its words can't be opened
    here, once they can."""
    when_opened(case, lambda: _is_told_at_once(case))


def tell_more(case: Case) -> None:
    """Do the same with an urgent case of which something was passed on before, whoever did that."""
    when_opened(case, lambda: _tell_more(case))


def when_opened(case: Case, tell: Callable[[], object]) -> None:
    """Tell the police about a locked case in the caller's transaction; where its words can't be opened here, once they can: whatever
    else follows from what came in waits for no key."""
    try:
        tell()
    except WordsLocked:  # before anything was written
        schedule(TELL_WHEN_OPENED, subject_id=case.pk, hotline_id=case.hotline_id, urgent=case.urgent)


def tell_waiting(case_id: int) -> None:
    """Tell the police what they could not be told without the words. Raises WordsLocked."""
    with hotline_transaction():
        case = locked_case(where_work_goes_on(case_id))
        if case.state == "forwarded":
            notices_services.forward_to_police(make_brief(case), more="later")
        elif case.urgent and case.state not in LAST_STATES:
            is_passed = case.passed_at is not None or standing_of(case).is_made
            (_tell_more if is_passed else _is_told_at_once)(case)


def _tell_more(case: Case) -> None:
    if not _is_told_at_once(case):
        notices_services.forward_to_police(brief_to_pass(case), more="urgent")


def _is_told_at_once(case: Case) -> bool:
    if not case.urgent:
        return False
    rows = reports_of(case)
    if moment_for(case, rows) != AT_ONCE or not can_step(case, "pass_at_once"):
        return False
    notices_services.forward_to_police(brief_to_pass(case), more="urgent")
    take_step(case, "pass_at_once", actor=SYSTEM)
    urgent = [row for row in rows if row.urgent and row.withdrawn_at is None]
    if len(going_at_once(urgent)) == len(urgent):  # otherwise a person decides about the others
        case.passed_at = now_utc()
        case.save(update_fields=["passed_at"])
    note_act("case.passed_to_police", case, actor=SYSTEM)
    return True


def brief_to_pass(case: Case) -> CaseBrief:
    """Return what the police read before anybody here has decided: only the words of reports that the portal passes on
    at once, unless a person passed the case on or marked it.
    """
    rows = reports_of(case)
    was_passed = case.passed_at is not None and moment_for(case, rows) != AT_ONCE
    if case.outcome == "illegal" or was_passed or not any(row.urgent for row in rows):
        return make_brief(case)
    return make_brief(case, only=going_at_once(rows))


def pass_to_police(case_id: int, *, actor: Actor) -> None:
    """Pass an urgent case on to the police now, with the reporters' words and everything known."""
    with hotline_transaction():
        case = locked_case(case_id)
        before = as_it_is(case)
        take_step(case, "pass_to_police", actor=actor)
        case.passed_at = now_utc()
        case.first_assessed_at = case.first_assessed_at or case.passed_at
        renew_claim(case, actor)
        case.save()
        oncall_services.take_over(_reports_of(case), actor=actor)
        note_act("case.passed_to_police", case, actor=actor)
        done(case, "pass_to_police", before, actor=actor)


@after_grace_period("pass_to_police")
def _tell_police(case: Case, actor: Actor, _made: Mapping[str, Any]) -> None:
    """Send what was passed on, unless the case says by now that it wasn't."""
    if case.passed_at is None:
        return
    notices_services.forward_to_police(make_brief(case), actor=actor, more="urgent")


def change_urgency(case_id: int, *, urgent: bool, reason: str, actor: Actor) -> None:
    """Move a case into or out of the urgent lane; the reason is kept as a note."""
    (mark_urgent if urgent else not_urgent)(case_id, reason=reason, actor=actor)


def mark_urgent(case_id: int, *, reason: str, actor: Actor) -> None:
    """Move a case into the urgent lane; the reason is kept as a note, and the police are told when the portal
    prescribes.
    """
    if not reason.strip():
        raise ReasonMissing
    with hotline_transaction():
        case = locked_case(case_id)
        take_step(case, "mark_urgent", actor=actor)
        case.urgent, case.urgent_since, case.passed_at, case.not_urgent_by = True, now_utc(), None, None
        case.marked_by_id = staff_id(actor)
        reprioritise(case)
        renew_claim(case, actor)
        case.save()
        _write_note(case, reason, actor)
        _have_others_paged(case, actor)
        note_act("case.urgency_changed", case, actor=actor, facts={"urgent": True})
        tell_at_once(case)


def not_urgent(case_id: int, *, reason: str, actor: Actor) -> None:
    """Record that a person found the case not urgent; the reason is kept as a note. If anybody else called it urgent,
    this takes two people (the first one's statement changes nothing yet), or a supervisor once the police have it;
    every supervisor is told.
    """
    if not reason.strip():
        raise ReasonMissing
    with hotline_transaction():
        case = locked_case(case_id)
        before = as_it_is(case)
        is_reported = case.urgent and others_call_urgent(case, reports_of(case), actor.id)
        if is_reported and not can_step(case, "overrule_urgent", actor=actor, reason=reason):
            _call_not_urgent(case, reason, actor)
            return
        take_step(case, "overrule_urgent" if is_reported else "not_urgent", actor=actor, reason=reason)
        case.urgent, case.not_urgent_by, case.marked_by = False, None, None
        case.first_assessed_at = case.first_assessed_at or now_utc()
        reprioritise(case)
        renew_claim(case, actor)
        case.save()
        note = _write_note(case, reason, actor)
        oncall_services.take_over(
            _reports_of(case), actor=actor, how="not_urgent"
        )  # whoever finds that has looked at it
        note_act("case.urgency_changed", case, actor=actor, facts={"urgent": False})
        done(case, undoing.NOT_URGENT, before, actor=actor, made={"note": note.pk, "reported": is_reported})


def _call_not_urgent(case: Case, reason: str, actor: Actor) -> None:
    """Record the first of the two people's statements: the case stays urgent until a second one agrees, and everybody
    who could is told, once.
    """
    take_step(case, "call_not_urgent", actor=actor, reason=reason)
    is_confirmed = case.not_urgent_by_id == staff_id(actor)
    case.not_urgent_by_id = staff_id(actor)
    renew_claim(case, actor)
    case.save()
    note = _write_note(case, reason, actor)
    if not is_confirmed:
        path, key = reverse("casework:show-case", args=[case.reference]), f"called not urgent {case.pk} note {note.pk}"
        notices_services.tell_staff(
            case.hotline_id, what="called_not_urgent", key=key, path=path, roles=(ANALYST, SUPERVISOR)
        )
    note_act("case.called_not_urgent", case, actor=actor)


@after_grace_period(undoing.NOT_URGENT)
def _finish(case: Case, _actor: Actor, made: Mapping[str, Any]) -> None:
    """Release what waited for the police only because the case was urgent; supervisors are told where a reporter had
    called it urgent.
    """
    if made["reported"]:
        path = reverse("casework:show-case", args=[case.reference])
        key = f"not urgent {case.pk} note {made['note']}"
        notices_services.tell_staff(case.hotline_id, what="not_urgent", key=key, path=path, roles=(SUPERVISOR,))
    for beside in Case.objects.select_for_update().filter(named_with=case):
        beside.named_with = None
        reprioritise(beside)
        beside.save(update_fields=["named_with", "priority"])
    finish_if_settled(case)


def hand_over(case_id: int, *, actor: Actor) -> None:
    """Close an urgent case without an assessment: the police have it, and the outcome is recorded."""
    with hotline_transaction():
        case = locked_case(case_id)
        before = as_it_is(case)
        take_step(case, "hand_over", actor=actor)
        _close(case)
        oncall_services.take_over(_reports_of(case), actor=actor)
        note_act("case.handed_over", case, actor=actor)
        done(case, "hand_over", before, actor=actor)


@after_grace_period("hand_over")
def _tell_of_closing(case: Case, _actor: Actor, _made: Mapping[str, Any]) -> None:
    tell_reporters(case)


def police_answered(case_id: int) -> None:
    """Record that the police confirmed an urgent case, or that somebody entered the outcome. Idempotent."""
    with hotline_transaction():
        case = locked_case(where_work_goes_on(case_id))
        note_act("case.police_answered", case, actor=SYSTEM)
        standing = standing_of(case)
        if standing.outcome not in ENDS_NOTHING:
            finish_if_settled(case)
        waits = standing.is_settled and case.state not in LAST_STATES
    if waits:
        following.something_is_new(case_id, "police_answered")


def finish_if_settled(case: Case) -> None:
    """Continue with a locked case that only waited for the police, in the caller's transaction. A case that nobody here
    assessed is closed by a person (`hand_over`), except where nobody ever assesses.
    """
    if case.state == "removed":
        finish_if_gone(case)
    elif case.state == "acting":
        move_on(case)
    elif can_step(case, "forward"):
        take_step(case, "forward", actor=SYSTEM)
        _close(case)
        oncall_services.end_for(_reports_of(case))
        note_act("case.forwarded", case, actor=SYSTEM)
        tell_reporters(case)


def _have_others_paged(case: Case, actor: Actor) -> None:
    """Page others when somebody marks a case as urgent without holding it."""
    reports_here = _reports_of(case)
    if reports_here and case.claimed_by_id != actor.id:
        oncall_services.call_again(reports_here[-1], actor=actor)


def police_not_reached(case_id: int) -> None:
    """Record that the police could not be told about a case: its clock runs on, and people are paged if it is urgent,
    or was when the police were told.
    """
    following.police_were_not_informed(case_id)
    with hotline_transaction():
        case = locked_case(where_work_goes_on(case_id))
        reports_here = _reports_of(case)
        if reports_here and (case.urgent or standing_of(case).is_made):
            oncall_services.call_untold(reports_here[-1])


def _reports_of(case: Case) -> list[int]:
    """Return every report of a case, including withdrawn ones, in order."""
    items = list(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True))
    return sorted({row.id for row in intake_queries.reports_of_items(items)})


def _close(case: Case) -> None:
    case.closed_at = now_utc()
    let_go(case)
    case.save()


def _write_note(case: Case, text: str, actor: Actor) -> Note:
    made: Note = Note.objects.create(
        hotline_id=case.hotline_id, case=case, by_id=actor.id, text=whole(text, MOST_REASON), at=now_utc()
    )
    return made
