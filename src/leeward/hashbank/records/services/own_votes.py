"""Votes in the hotline's own name: those that would change what a record means wait for a second person.

Until then the record stays as it is for whoever asks, but decides no case unseen.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.foundation.whole_text import whole
from leeward.hashbank.errors import DecisionWaits, NothingToSettle
from leeward.hashbank.models import VoteChange
from leeward.hashbank.records.services.settling import (
    DECISION_MADE,
    DECISION_WAITS,
    account_of,
    end_rulings,
    follow_votes,
    locked_record,
    waiting_ruling,
)
from leeward.hashbank.records.services.voting import cast_vote, our_source
from leeward.hashbank.records.votes import prospect
from leeward.hashbank.rules.second_persons import vote_takes_two
from leeward.hashbank.rules.standing import VERDICTS
from leeward.hashbank.scene import bank_transaction, hotline_here, standing_changed
from leeward.jobs.services import publish_event
from leeward.people.rules.reading import mark_of
from leeward.people.services import authorize, demand_read, demand_second

REASON_LENGTH = 300


def say(record_id: int, verdict: str, *, reason: str, actor: Actor) -> bool:
    """Cast this hotline's vote on a record; return whether it counts now. False where it would change what the record
    means: then a second person has to confirm it first.

    Raises NotFound, BadInput without a reason, DecisionWaits.
    """
    authorize(actor, "hash.settle", hotline_here())
    reason = " ".join(reason.split())
    if verdict not in VERDICTS:
        raise BadInput(what=_("The verdict"), why=_("it is not one of %(known)s") % {"known": ", ".join(VERDICTS)})
    if not whole(reason, REASON_LENGTH):
        raise BadInput(what=_("The verdict"), why=_("it needs a reason of up to 300 characters"))
    with bank_transaction() as revision:
        locked_record(record_id)
        if waiting_ruling(record_id) is not None or open_change(record_id) is not None:
            raise DecisionWaits
        if hold_back(record_id, verdict, reason=reason, actor=actor):
            return False
        _cast(record_id, verdict, actor=actor, revision=revision)
    return True


def hold_back(
    record_id: int,
    verdict: str,
    *,
    reason: str,
    actor: Actor,
    label: str = "",
    facts: Mapping[str, Any] | None = None,
    case_id: int = 0,
) -> bool:
    """Return whether this vote of the hotline has to wait for a second person, and let it wait. Where another decision
    about the record already waits, that one remains. Within a bank transaction.

    A new look-alike waits too, since pictures nearer to it than to a known image pass; that of whoever runs the server
    counts at once.
    """
    found = prospect(record_id, verdict, facts=facts or {})
    is_operators = actor.kind == "command" and not found.is_voted_on
    if is_operators or not vote_takes_two(
        verdict,
        before=found.before,
        after=found.after,
        ours=found.ours,
        ruling=found.ruling,
        is_unconfirmed=found.is_unconfirmed,
    ):
        return False
    if waiting_ruling(record_id) is None and open_change(record_id) is None:
        VoteChange.objects.create(
            hotline_id=hotline_here(),
            record_id=record_id,
            verdict=verdict,
            reason=reason,
            label=label[:40],
            facts=dict(facts or {}),
            case_id=case_id,
            by=actor.label,
            at=datetime.now(UTC),
        )
        publish_event(DECISION_WAITS, subject_id=record_id, hotline_id=hotline_here())
        logged = {"verdict": verdict, "before": found.before, "after": found.after, "case": case_id}
        audit(
            "record.vote_proposed", actor=actor, hotline_id=hotline_here(), subject=f"record:{record_id}", facts=logged
        )
        standing_changed()  # it may decide nothing meanwhile
    return True


def answer_vote(record_id: int, *, seen: str, agrees: bool, actor: Actor) -> None:
    """Confirm, as the second person, or decline a vote that waits; whoever proposed it can only take it back.
    `seen`: the mark of the one that was read.

    Raises NotFound, NothingToSettle, EnteredSince, NotAllowed, NotSecondPerson.
    """
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction() as revision:
        locked_record(record_id)
        row = open_change(record_id)
        if row is None:
            raise NothingToSettle
        demand_read(mark_of(row.pk), seen=seen)
        if agrees:
            if row.by == actor.label:
                raise NotAllowed(reason=_("it needs a second person"))
            demand_second(actor, {account_of(row.by)}, act="hash.settle")
        row.answered_by, row.answered_at, row.agreed = actor.label, datetime.now(UTC), agrees
        row.save(update_fields=["answered_by", "answered_at", "agreed"])
        logged = {"verdict": row.verdict, "agrees": agrees}
        audit(
            "record.vote_answered", actor=actor, hotline_id=hotline_here(), subject=f"record:{record_id}", facts=logged
        )
        if agrees:
            _cast(
                record_id,
                row.verdict,
                actor=actor,
                revision=revision,
                label=row.label,
                facts=row.facts,
                case_id=row.case_id,
            )
            publish_event(DECISION_MADE, subject_id=record_id, hotline_id=hotline_here())
        standing_changed()


def open_change(record_id: int) -> VoteChange | None:
    """Return the vote on a record that waits for a second person, or None."""
    return VoteChange.objects.filter(record_id=record_id, answered_at__isnull=True).first()


def _cast(
    record_id: int,
    verdict: str,
    *,
    actor: Actor,
    revision: int,
    label: str = "",
    facts: Mapping[str, Any] | None = None,
    case_id: int = 0,
) -> None:
    """Cast the vote; what was settled otherwise ends with it."""
    found = prospect(record_id, verdict, facts=facts or {})
    if found.ruling not in (None, verdict):
        end_rulings(record_id, actor=actor)
    ours = our_source()
    cast_vote(
        record_id,
        source_id=ours,
        via_id=ours,
        verdict=verdict,
        at=datetime.now(UTC),
        label=label,
        facts=facts,
        case_id=case_id,
        person=account_of(actor.label),
    )
    follow_votes([record_id], revision=revision)
    standing_changed()  # even where no hash changes: whether the record may decide can change
    logged = {"verdict": verdict, "state": found.after, "case": case_id}
    audit("record.said", actor=actor, hotline_id=hotline_here(), subject=f"record:{record_id}", facts=logged)
