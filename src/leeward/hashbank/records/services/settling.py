"""Derive the standing of records from their votes, and settle disagreements between sources."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from itertools import batched

from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.hashbank.errors import AlreadySettled, NothingToSettle
from leeward.hashbank.lists.services.bulk import as_json, kept_moment, settle_records
from leeward.hashbank.models import Record, RecordHash, Ruling
from leeward.hashbank.numbers import by_number
from leeward.hashbank.records.services.voting import cast_vote, our_source
from leeward.hashbank.records.votes import rulings_of, standings_of, votes_of
from leeward.hashbank.rules.kinds import KINDS, LIKENESS
from leeward.hashbank.rules.standing import (
    RULINGS,
    UNSETTLED,
    WITHDRAWN,
    Vote,
    needs_second_person,
    standing,
)
from leeward.hashbank.scene import bank_transaction, hashes_changed, hotline_here, standing_changed
from leeward.laws.rules.facts import needs_second_assessment, parse_facts
from leeward.people.services import authorize, demand_second

_AT_ONCE = 800
_LIKENESS = tuple(KINDS[name].number for name in LIKENESS)


def follow_votes(record_ids: Iterable[int], *, revision: int, now: datetime | None = None) -> None:
    """Update state, baseline and facts of records from their votes. Within a bank transaction."""
    moment = kept_moment(now or datetime.now(UTC))
    for ids in batched(sorted(set(record_ids)), _AT_ONCE):
        after = standings_of(ids)
        before = dict(by_number(Record, ids).values_list("id", "state"))
        settle_records(
            (one.state, one.is_baseline, as_json(one.facts), revision, moment, number)
            for number, one in after.items()
            if number in before
        )
        moved = [
            number for number, state in before.items() if (state == WITHDRAWN) != (after[number].state == WITHDRAWN)
        ]
        hashes_changed(
            RecordHash.objects.filter(record_id__in=moved, kind__in=_LIKENESS).values_list("id", flat=True)
            if moved
            else ()
        )


def settle_record(record_id: int, verdict: str, *, reason: str, actor: Actor) -> bool:
    """Settle a record on which sources disagree: a person decides what it is and gives a reason.

    Return whether the decision takes effect now; False where a second person has to confirm it first. Raises NotFound,
    BadInput, NothingToSettle, AlreadySettled.
    """
    authorize(actor, "hash.settle", hotline_here())
    reason = " ".join(reason.split())
    if verdict not in RULINGS or not reason or len(reason) > 300:
        raise BadInput(
            what=_("The decision"), why=_("it needs one of the answers and a reason of up to 300 characters")
        )
    with bank_transaction() as revision:
        row = _locked(record_id)
        open_now = Ruling.objects.filter(record_id=record_id, ended_at__isnull=True).first()
        if open_now is not None and open_now.needs_second and open_now.second_at is None:
            raise AlreadySettled
        votes = votes_of([record_id]).get(record_id, [])
        if standing(votes, rulings_of({record_id: votes}).get(record_id)).state not in UNSETTLED:
            raise NothingToSettle
        if open_now is not None:
            _end(open_now, actor)
        needs_second = needs_second_person(verdict, votes, is_grave=_is_grave(row, votes))
        Ruling.objects.create(
            hotline_id=hotline_here(),
            record_id=record_id,
            verdict=verdict,
            reason=reason,
            covers=sorted({(one.said_by, one.verdict) for one in votes}),
            by=actor.label,
            at=datetime.now(UTC),
            needs_second=needs_second,
        )
        if not needs_second:
            _take_effect(record_id, verdict, actor, revision)
        facts = {"verdict": verdict, "needs_second": needs_second}
        audit("record.settled", actor=actor, hotline_id=hotline_here(), subject=f"record:{record_id}", facts=facts)
    return not needs_second


def answer_ruling(record_id: int, *, agrees: bool, actor: Actor) -> None:
    """Confirm or refuse, as the second person, a proposed ruling; after a refusal the record waits again.

    Only somebody who counts as a second person to the proposer may confirm. Raises NotFound, NotAllowed,
    NotSecondPerson.
    """
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction() as revision:
        _locked(record_id)
        row = Ruling.objects.filter(
            record_id=record_id, ended_at__isnull=True, needs_second=True, second_at=None
        ).first()
        if row is None:
            raise NothingToSettle
        if row.by == actor.label:
            raise NotAllowed(reason=_("it needs a second person"))
        if agrees:
            demand_second(actor, {account_of(row.by)}, act="hash.settle")
            row.second_by, row.second_at = actor.label, datetime.now(UTC)
            row.save(update_fields=["second_by", "second_at"])
            _take_effect(record_id, row.verdict, actor, revision)
        else:
            _end(row, actor)
        facts = {"verdict": row.verdict, "agrees": agrees}
        audit(
            "record.ruling_answered", actor=actor, hotline_id=hotline_here(), subject=f"record:{record_id}", facts=facts
        )


def account_of(label: str) -> int | None:
    """Return the account that a label names, or None for the operator of the server."""
    kind, _colon, number = label.partition(":")
    return int(number) if kind == "staff" else None


def end_rulings(record_id: int, *, actor: Actor) -> None:
    """End the rulings on a record. Within a bank transaction."""
    for row in Ruling.objects.filter(record_id=record_id, ended_at__isnull=True):
        _end(row, actor)


def _end(row: Ruling, actor: Actor) -> None:
    row.ended_at, row.ended_by = datetime.now(UTC), actor.label
    row.save(update_fields=["ended_at", "ended_by"])


def _take_effect(record_id: int, verdict: str, actor: Actor, revision: int) -> None:
    """Make the ruling the hotline's own vote."""
    ours = our_source()
    cast_vote(record_id, source_id=ours, via_id=ours, verdict=verdict, at=datetime.now(UTC))
    follow_votes([record_id], revision=revision)
    standing_changed()


def _is_grave(row: Record, votes: Collection[Vote]) -> bool:
    stated = [row.facts, *(one.facts for one in votes)]
    return any(needs_second_assessment(parse_facts(facts)) for facts in stated if facts)


def _locked(record_id: int) -> Record:
    row = Record.objects.select_for_update().filter(pk=record_id).first()
    if row is None:
        raise NotFound(what=_("record"))
    return row
