"""Merging two cases that turn out to be about the same thing, whether waiting or decided, and undoing it.

What was sent about a case stays with its address, and so do the checks on it. Receipts, requests for review and blocks
move to the case that continues; the clocks of the other one end.
"""

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.audit.services import hotline_transaction
from leeward.blocklist import services as blocklist_services
from leeward.casework.acting.services.hotline_updates import tell_what_is_so, tell_what_was_done_before
from leeward.casework.acting.services.undoing import settle_waiting
from leeward.casework.appeals.services.appealing import DESK, runs_outside, stop_outside
from leeward.casework.appeals.services.doubting import is_told_outside
from leeward.casework.assessment.rules.second_assessment import ILLEGAL
from leeward.casework.assessment.services import known_images
from leeward.casework.errors import CannotMerge, WrongTransition
from leeward.casework.merging.models import Merging
from leeward.casework.merging.rules import (
    Kind,
    Mergeable,
    Obstacle,
    kind_of,
    obstacle,
    state_after_undoing,
    stops_outside,
)
from leeward.casework.merging.services.items import both, demand_police_first, demand_reason, move_items, written
from leeward.casework.models import Appeal, Case, CaseItem, Part
from leeward.casework.queue.services.opening import PREPARE
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.rules.transitions import Refusal
from leeward.casework.situations import had_part, people_with_part, police_are_owed
from leeward.casework.steps import let_go, note_act, now_utc, reprioritise, take_step
from leeward.foundation.actor import Actor
from leeward.jobs.services import cancel, schedule
from leeward.monitoring import queries as monitoring_queries
from leeward.notices import queries as notices_queries
from leeward.people.services import authorize, staff_id

NOT_ILLEGAL = "not_illegal"
WHY: dict[Obstacle, str | Promise] = {
    Obstacle.ITSELF: _("A case can’t be merged into itself."),
    Obstacle.MERGED: _("This case has already been merged into another."),
    Obstacle.OTHER_MERGED: _("The other case was itself merged into another. Choose that one."),
    Obstacle.OTHER_CLOSED: _("The other case is closed. Have it reopened first."),
    Obstacle.TAKEN: _("Somebody holds this case. It has to be given back first."),
    Obstacle.UNFINISHED: _("People are still deciding on this case. Merge it when they are done."),
    Obstacle.OTHER_UNDECIDED: _("This case is decided and the other one is not. Merge the other one into this one."),
    Obstacle.UNDECIDED: _("This case was closed without a decision. Have it reopened first."),
    Obstacle.HELD: _("The police hold the notice of this case. Merge it when the hold is over."),
    Obstacle.STILL_RUNS: _("The work on the other case is done, but not on this one. Merge it when both are done."),
    Obstacle.APPEALED_TWICE: _(
        "The same person asks for a review of both cases. Answer the request about this one first."
    ),
    Obstacle.EARLIER: _(
        "Both have the same decision, and this case was decided first: its decision stands. Merge the "
        "other case into this one."
    ),
}


def mergeable(case: Case, actor: Actor) -> Mergeable:
    """Return what a merge depends on, for one case."""
    asked = Appeal.objects.filter(case_id=case.pk).exclude(origin=DESK)
    appeals = asked.values_list("origin", "origin_id") if case.appealed else []
    is_held_by = case.claimed_by_id is not None and (case.claimed_until or now_utc()) >= now_utc()
    return Mergeable(
        id=case.pk,
        state=case.state,
        outcome=case.outcome,
        decided_at=case.decided_at or (case.closed_at if case.outcome else None),
        in_adjudication=case.is_disputed,
        is_merged=case.merged_into_id is not None,
        is_held=notices_queries.is_held_by_police([case.pk]),
        is_owed=police_are_owed(case),
        is_taken=is_held_by and (case.claimed_by_id != actor.id or STATES[case.state].stage is Stage.NEW),
        asked_by=frozenset(appeals),
    )


def has_decided(case: Case, other: Case, actor: Actor) -> bool:
    """Return whether this person had a part in either case, so that somebody else must choose between two decisions."""
    return any(had_part(one, staff_id(actor), ever=True, besides="merge_over") for one in (case, other))


def merge(case_id: int, into: int, *, reason: str, actor: Actor) -> int:
    """Move every report of a case into another one and close it; return the number of the merge.

    A waiting case goes into any open one. A decided one goes into one that was decided alike and earlier, or, by a
    supervisor who had no part in either, into one that was decided differently: the other case's decision stands.
    Raises CannotMerge.
    """
    with hotline_transaction():
        case, other = both(case_id, into)
        authorize(actor, "case.merge", case.hotline_id)
        mine, others = mergeable(case, actor), mergeable(other, actor)
        if (why := obstacle(mine, others)) is not None:
            raise CannotMerge(why=str(WHY[why]))
        demand_reason(reason)
        kind = kind_of(mine, others)
        settle_waiting(case)
        items = list(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True))
        before = _close_into(case, other, kind, reason, actor)
        move_items(items, case, other)
        tell_what_was_done_before(other)
        if kind == Kind.WAITS:
            cancel(PREPARE, subject_id=case.pk, hotline_id=case.hotline_id)
        row = written("merge", case, other, items=items, reason=reason, actor=actor, before=before)
        logged = {"into": other.pk, "items": len(items), "kind": kind.value, "appeals": before.get("appeals", [])}
        note_act("case.merged", case, actor=actor, facts=logged | {"outcome": case.outcome, "stands": other.outcome})
        note_act("case.took_in", other, actor=actor, facts={"from": case.pk, "items": len(items), "kind": kind.value})
    return row.pk


def _close_into(case: Case, other: Case, kind: Kind, reason: str, actor: Actor) -> dict[str, Any]:
    """Close the case by its merge step and carry out what follows for a decided case; return its earlier state."""
    before = {
        "state": case.state,
        "closed_at": case.closed_at.isoformat() if case.closed_at else "",
        "cycle": other.cycle,
    }
    was_acting, was_wrong = runs_outside(case, case.state), other.outcome == NOT_ILLEGAL
    take_step(case, "merge_over" if kind == Kind.OVER else "merge", actor=actor, reason=reason, other=other)
    case.merged_into, case.closed_at = other, now_utc()
    if kind == Kind.WAITS:
        return {}
    let_go(case)
    stopped = stops_outside(_as_decided(case), kind)
    if stopped:
        stop_outside(case, was_acting=was_acting, actor=actor, was_wrong=was_wrong)
        if was_wrong:
            known_images.doubt_records(case)
    blocks = blocklist_services.follow_case(
        case.pk, other.pk, other.reference, sorted(people_with_part(other)), actor=actor
    )
    return before | {"stopped": stopped, "blocks": blocks, "appeals": _move_appeals(case, other)}


def is_withdrawn_for(case: Case, other: Case) -> bool:
    """Return whether notices about a case count as withdrawn once the other one's decision stands for both."""
    is_other = other.outcome == NOT_ILLEGAL and runs_outside(case, case.state)
    return is_other and notices_queries.notice_case_of(case.pk) is not None


def open_requests(case: Case) -> tuple[bool, bool]:
    """Return whether anybody's open request for review would follow the other case, and whether the desk's own question whether the decision
    was wrong would stay with this one."""
    origins = set(Appeal.objects.filter(case_id=case.pk, state="open").values_list("origin", flat=True))
    return bool(origins - {DESK}), DESK in origins


def tells_withdrawal(case: Case, other: Case) -> bool:
    """Return whether anybody outside hears that the decision of a case is withdrawn once the other one's stands for both."""
    if other.outcome != NOT_ILLEGAL:
        return False
    return is_told_outside(case)


def _as_decided(case: Case) -> Mergeable:
    return Mergeable(case.pk, case.state, case.outcome, case.decided_at)


def _move_appeals(source: Case, target: Case, only: list[int] | None = None) -> list[int]:
    """Move open requests for review to the other case; the callers save both cases. What the desk itself doubts is the decision of one case,
    and those who were told of that."""
    rows = Appeal.objects.filter(case_id=source.pk, state="open").exclude(origin=DESK)
    numbers = list((rows if only is None else rows.filter(pk__in=only)).values_list("pk", flat=True))
    Appeal.objects.filter(pk__in=numbers).update(case_id=target.pk)
    for case in (source, target):
        case.appealed = Appeal.objects.filter(case_id=case.pk, state="open").exists()
    return numbers


def _runs_no_more(case: Case) -> bool:
    """Return whether what ran outside for a case was stopped because its decision was given up for the other one's."""
    watch = monitoring_queries.watch_of(case.location_id)
    if watch is not None:
        return watch.state == "off"
    notice_case = notices_queries.notice_case_of(case.pk)
    return notice_case is not None and notice_case.state == "stopped"


def undo_merge(row: Merging, case: Case, other: Case, *, actor: Actor) -> None:
    """Restore a merged case to its earlier state, in the caller's transaction. What was stopped outside doesn't restart
    by itself.

    Raises CannotMerge if the other case has changed so that nothing can be restored, or the police come first.
    """
    before = row.before
    if other.merged_into_id is not None:
        raise CannotMerge(why=str(_("The other case has been merged since. Undo that first.")))
    if before and other.cycle != before["cycle"]:
        raise CannotMerge(why=str(_("The other case has been decided again since, with these reports.")))
    state = _state_before(before, case) if before else "triaged"
    act = f"unmerge_{state}" if before else "unmerge"
    if case.merged_into_id != other.pk:
        raise WrongTransition(Refusal.NOT_MERGED)
    if not before:
        demand_police_first(other, urgent=case.urgent and case.marked_by_id is None)
    take_step(case, act, actor=actor)
    _keep_parts(row, case, other)
    case.merged_into = None
    closed_at = before.get("closed_at") if before and state == "closed" else ""
    case.closed_at = datetime.fromisoformat(closed_at) if closed_at else None
    if not before:
        reprioritise(case)
    else:
        if case.outcome == ILLEGAL and state == "decided" and before["state"] != "decided":
            case.police_told_at = case.host_told_at = case.removed_at = None
            case.close_reason, case.close_comment = None, ""
        _move_appeals(other, case, only=before["appeals"])
        people = sorted(people_with_part(case))
        blocklist_services.follow_case(other.pk, case.pk, case.reference, people, only=before["blocks"], actor=actor)
    move_items(row.items, other, case)
    tell_what_is_so(case)
    if not before:
        schedule(PREPARE, subject_id=case.pk, hotline_id=case.hotline_id)


def _state_before(before: dict[str, Any], case: Case) -> str:
    """Return the state to which a decided case returns. Where those who were told of it heard since that its decision is withdrawn, somebody
    must act again, also where the work on it was over."""
    stopped = before["stopped"] or _runs_no_more(case)
    if before["state"] == "closed" and case.outcome == ILLEGAL and notices_queries.is_withdrawn(case.pk):
        return "decided"
    return state_after_undoing(before["state"], was_stopped=stopped)


def _keep_parts(row: Merging, case: Case, other: Case) -> None:
    """Give everybody who acted on the merged case a part in this one as well."""
    rows = Part.objects.filter(case_id=other.pk, at__gte=row.at).values("hotline_id", "by_id", "act", "at")
    Part.objects.bulk_create(Part(case_id=case.pk, cycle=case.cycle, **one) for one in rows)
