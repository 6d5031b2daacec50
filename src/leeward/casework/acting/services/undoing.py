"""Ten seconds to reconsider. An act takes effect at once, but nothing is sent before that time is over: its
consequences wait as a job. Undoing it within that time puts the case back as it was; nobody outside has heard anything.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from leeward.audit.services import hotline_transaction
from leeward.casework import timing
from leeward.casework.acting.rules import undoing
from leeward.casework.acting.rules.undoing import ASSESSING_ACTS, UNDOABLE
from leeward.casework.acting.services.unheld import call_if_unheld
from leeward.casework.assessment.queries.drafts import FACTS
from leeward.casework.assessment.rules.seen import answered_elsewhere
from leeward.casework.assessment.services.drafts import ENDING
from leeward.casework.assessment.services.drafts import NOTE as DRAFT_NOTE
from leeward.casework.errors import TooLateToUndo
from leeward.casework.models import Assessment, Case, Draft, Note, PendingAction
from leeward.casework.steps import locked_case, note_act, now_utc
from leeward.foundation.actor import SYSTEM, Actor
from leeward.installation.queries import config_now
from leeward.jobs.services import cancel, schedule
from leeward.people.access import staff_member
from leeward.sealing.fields import SealedText, stored
from leeward.sealing.services import unseal

SETTLE = "casework.settle_act"
type Effect = Callable[[Case, Actor, Mapping[str, Any]], None]
EFFECTS: dict[str, Effect] = {}
AT_RISK_DRAFT = "at_risk"
SENDING, ASIDE = ("act", "act_again"), "aside"
_FIELDS = (
    *(
        "state",
        "lane",
        "priority",
        "urgent",
        "urgent_since",
        "passed_at",
        "returned",
        "cycle",
        "in_adjudication",
        "outcome",
        "close_reason",
        "close_comment",
    ),
    *("claimed_by_id", "first_assessor_id", "second_assessor_id", "acted_by_id"),
    *("first_assessed_at", "decided_at", "police_told_at", "host_told_at", "removed_at", "closed_at"),
)
_COLUMNS = {column.attname: column for column in Case._meta.concrete_fields}


def after_grace_period(*acts: str) -> Callable[[Effect], Effect]:
    """Mark `function(case, actor, made)` as the outside consequences of these acts, run once they can't be undone any
    more.
    """

    def mark(function: Effect) -> Effect:
        EFFECTS.update(dict.fromkeys(acts, function))
        return function

    return mark


def as_it_is(case: Case) -> dict[str, Any]:
    """Return the current values of the fields that an act can change, a sealed one as it is stored."""
    values = {name: stored(case, name) for name in _FIELDS}
    kept: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return kept


def done(
    case: Case, act: str, before: Mapping[str, Any], *, actor: Actor, made: Mapping[str, Any] | None = None
) -> None:
    """Register a finished and saved act, and run what follows from it: now, or when it can't be undone any more. Call
    it in the act's transaction.

    What an earlier act still waits for runs first; what it would send once the case is closed goes only if closing it is undone. Acts of the
    system are never undone.
    """
    made = {**(made or {}), **_put_aside(case, act)}
    settle_waiting(case)
    seconds = config_now().undo_seconds
    if actor.kind != "staff" or actor.id is None or act not in UNDOABLE or not seconds:
        _follow(case, act, actor, made)
        return
    after = as_it_is(case)
    row = PendingAction.objects.create(
        hotline_id=case.hotline_id,
        case_id=case.pk,
        by_id=actor.id,
        act=act,
        changed={name: [_kept(name, before[name]), after[name]] for name in _FIELDS if before[name] != after[name]},
        made=made,
        until=now_utc() + timedelta(seconds=seconds),
    )
    schedule(SETTLE, subject_id=row.pk, hotline_id=case.hotline_id, due_at=row.until)


def settle_waiting(case: Case) -> None:
    """Run at once what an earlier act on this locked case still waits for."""
    row = PendingAction.objects.filter(case_id=case.pk).first()
    if row is not None:
        _settle(row, case)


def run_follow_up(grace_id: int) -> None:
    """Run what follows from an act once the time to undo it is over. Idempotent."""
    case_id = PendingAction.objects.filter(pk=grace_id).values_list("case_id", flat=True).first()
    if case_id is None:
        return
    with hotline_transaction():
        case = locked_case(case_id)
        row = PendingAction.objects.filter(pk=grace_id).first()
        if row is None:
            return
        beside = [number for number in row.made.get("beside", ()) if number != case_id]
        _settle(row, case)
        # Whatever was submitted together goes out in one transaction, so that one message can hold all of it.
        for other in PendingAction.objects.filter(case_id__in=beside, by_id=row.by_id, act=row.act).order_by("case_id"):
            if other.made.get("beside") == row.made["beside"]:
                _settle(other, locked_case(other.case_id))


def undoable_until(case_id: int, *, actor: Actor) -> tuple[str, datetime] | None:
    """Return the act on this case that this person can undo now, and until when; None if there is none."""
    row = PendingAction.objects.filter(case_id=case_id, by_id=actor.id, until__gt=now_utc()).first()
    return (row.act, row.until) if row else None


def undo(case_id: int, *, actor: Actor) -> str:
    """Put a case back as it was before the actor's own last act, restore what they had typed as a draft, and return the
    act.

    Raises TooLateToUndo if the time is over, or something has happened to the case since; WordsLocked.
    """
    with hotline_transaction():
        case = locked_case(case_id)
        row = PendingAction.objects.filter(case_id=case_id, by_id=actor.id, until__gt=now_utc()).first()
        if row is None:
            raise TooLateToUndo
        now = as_it_is(case)
        if any(now[name] != after for name, (_before, after) in row.changed.items()):
            raise TooLateToUndo
        for name, (before, _after) in row.changed.items():
            column = _COLUMNS[name]
            setattr(case, name, column.taken(before) if isinstance(column, SealedText) else column.to_python(before))
        minutes = timedelta(minutes=config_now().claim_minutes)
        case.claimed_until = now_utc() + minutes if case.claimed_by_id else None
        case.save()
        _into_drafts(row, actor)
        cancel(SETTLE, subject_id=row.pk, hotline_id=case.hotline_id)
        call_if_unheld(case, actor)
        act = row.act
        row.delete()
        note_act("case.undone", case, actor=actor, facts={"act": act})
        _send_aside(row, case)
    return act


def drop_closing(case: Case) -> None:
    """Let nothing follow any more from closing a locked case that is open again by itself; what closing kept back goes."""
    row = PendingAction.objects.filter(case_id=case.pk, act="close").first()
    if row is not None:
        cancel(SETTLE, subject_id=row.pk, hotline_id=case.hotline_id)
        row.delete()
        _send_aside(row, case)


def _send_aside(row: PendingAction, case: Case) -> None:
    if aside := row.made.get(ASIDE):
        _follow(case, aside["act"], staff_member(aside["by"], case.hotline_id) or SYSTEM, aside["made"])


def _put_aside(case: Case, act: str) -> dict[str, Any]:
    """Put aside what the act before would send, for a case that is being closed: it goes to nobody unless that is undone."""
    row = PendingAction.objects.filter(case_id=case.pk, act__in=SENDING).first() if act == "close" else None
    if row is None:
        return {}
    row.delete()
    return {ASIDE: {"act": row.act, "by": row.by_id, "made": row.made}}


def _kept(name: str, value: Any) -> Any:
    column = _COLUMNS[name]
    return column.kept(value) if isinstance(column, SealedText) else value


def _settle(row: PendingAction, case: Case) -> None:
    actor = staff_member(row.by_id, row.hotline_id) or SYSTEM
    act, made = row.act, row.made
    row.delete()
    _follow(case, act, actor, made)


def _follow(case: Case, act: str, actor: Actor, made: Mapping[str, Any]) -> None:
    effect = EFFECTS.get(act)
    if effect is not None:
        effect(case, actor, made)
        timing.keep(case)


def _into_drafts(row: PendingAction, actor: Actor) -> None:
    """Restore what the act recorded into the draft field it was typed in."""
    values: dict[str, dict[str, Any]] = {}
    if row.act in ASSESSING_ACTS:
        assessment = Assessment.objects.get(pk=row.made["assessment"])
        unseal([assessment])
        values[FACTS] = {"facts": assessment.facts, "seen": answered_elsewhere(assessment.seen)}
        values |= {ENDING: {"text": assessment.comment}} if assessment.comment else {}
        assessment.delete()
    elif row.act in (undoing.NOTE, undoing.NOT_URGENT):
        written = Note.objects.get(pk=row.made["note"])
        unseal([written])
        values[DRAFT_NOTE] = {"text": written.text}
        written.delete()
    elif row.act == undoing.AT_RISK:
        values[AT_RISK_DRAFT] = {"facts": row.made}
    for kind, kept in values.items():
        defaults = {"hotline_id": row.hotline_id, "at": now_utc(), **kept}
        Draft.objects.update_or_create(case_id=row.case_id, by_id=actor.id, kind=kind, defaults=defaults)
