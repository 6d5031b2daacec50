"""Derive the standing of records from their votes, and settle disagreements between sources."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import batched

from django.db.models import Q
from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.foundation.whole_text import whole
from leeward.hashbank.errors import DecisionWaits, NothingToSettle
from leeward.hashbank.lists.services.bulk import as_json, kept_moment, settle_records
from leeward.hashbank.models import ClientContent, Import, Record, RecordHash, Ruling, Vote, VoteChange
from leeward.hashbank.numbers import by_number
from leeward.hashbank.records.services.voting import cast_vote, our_source
from leeward.hashbank.records.votes import rulings_of, standings_of, verdict_here, votes_of
from leeward.hashbank.rules.kinds import KINDS, LIKENESS
from leeward.hashbank.rules.second_persons import ruling_takes_two
from leeward.hashbank.rules.standing import RULINGS, UNSETTLED, WITHDRAWN, standing
from leeward.hashbank.scene import bank_transaction, hashes_changed, hotline_here, standing_changed
from leeward.jobs.services import publish_event
from leeward.people.rules.reading import mark_of
from leeward.people.services import authorize, demand_read, demand_second

DECISION_WAITS, DECISION_MADE = "record.decision_waits", "record.decision_made"
"""Events about a record: a decision on it waits for a second person, and a second person has confirmed it."""
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
    BadInput, NothingToSettle, DecisionWaits.
    """
    authorize(actor, "hash.settle", hotline_here())
    reason = whole(" ".join(reason.split()), 300)
    if verdict not in RULINGS or not reason:
        raise BadInput(
            what=_("The decision"), why=_("it needs one of the answers and a reason of up to 300 characters")
        )
    with bank_transaction() as revision:
        locked_record(record_id)
        if (
            waiting_ruling(record_id) is not None
            or VoteChange.objects.filter(record_id=record_id, answered_at__isnull=True).exists()
        ):
            raise DecisionWaits
        votes = votes_of([record_id]).get(record_id, [])
        if standing(votes, rulings_of({record_id: votes}).get(record_id)).state not in UNSETTLED:
            raise NothingToSettle
        before = counting_ruling(record_id)
        takes_two = ruling_takes_two(
            verdict,
            ours=verdict_here(votes),
            ruling=before.verdict if before else None,
            is_by_voter=_has_voted(record_id, actor),
        )
        if before is not None and not takes_two:
            _end(before, actor)
        Ruling.objects.create(
            hotline_id=hotline_here(),
            record_id=record_id,
            verdict=verdict,
            reason=reason,
            covers=sorted({(one.voter, one.verdict) for one in votes}),
            by=actor.label,
            at=datetime.now(UTC),
            needs_second=takes_two,
        )
        if takes_two:
            publish_event(DECISION_WAITS, subject_id=record_id, hotline_id=hotline_here())
        else:
            _take_effect(record_id, verdict, actor, revision)
        facts = {"verdict": verdict, "needs_second": takes_two}
        audit("record.settled", actor=actor, hotline_id=hotline_here(), subject=f"record:{record_id}", facts=facts)
    return not takes_two


def answer_ruling(record_id: int, *, seen: str, agrees: bool, actor: Actor) -> None:
    """Confirm or refuse, as the second person, a proposed ruling; whoever proposed it can only take it back. After
    either the record waits again. `seen`: the mark of the one that was read.

    Only somebody who counts as a second person to the proposer may confirm. Raises NotFound, NothingToSettle,
    EnteredSince, NotAllowed, NotSecondPerson.
    """
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction() as revision:
        locked_record(record_id)
        row = waiting_ruling(record_id)
        if row is None:
            raise NothingToSettle
        demand_read(mark_of(row.pk), seen=seen)
        if agrees:
            if row.by == actor.label:
                raise NotAllowed(reason=_("it needs a second person"))
            demand_second(actor, {account_of(row.by)}, act="hash.settle")
            before = counting_ruling(record_id)
            if before is not None:
                _end(before, actor)
            row.second_by, row.second_at = actor.label, datetime.now(UTC)
            row.save(update_fields=["second_by", "second_at"])
            _take_effect(record_id, row.verdict, actor, revision)
            publish_event(DECISION_MADE, subject_id=record_id, hotline_id=hotline_here())
        else:
            _end(row, actor)
        facts = {"verdict": row.verdict, "agrees": agrees}
        audit(
            "record.ruling_answered", actor=actor, hotline_id=hotline_here(), subject=f"record:{record_id}", facts=facts
        )


def _has_voted(record_id: int, actor: Actor) -> bool:
    """Return whether this person brought, or may have brought, any of the votes that count on a record: cast it,
    imported its list alone or as one of two, or let a program with a key say it, which anybody may hold.
    """
    if ClientContent.objects.filter(hotline_id=hotline_here(), record_id=record_id).exists():
        return True
    votes = Vote.objects.filter(record_id=record_id, withdrawn_at__isnull=True)
    person = account_of(actor.label)
    if person is not None and votes.filter(person=person).exists():
        return True
    changes = VoteChange.objects.filter(record_id=record_id, agreed=True)
    if changes.filter(Q(by=actor.label) | Q(answered_by=actor.label)).exists():
        return True
    lists = [number for number in votes.values_list("brought_by", flat=True) if number]
    return (
        Import.objects.filter(hotline_id=hotline_here(), id__in=lists)
        .filter(Q(by=actor.label) | Q(second_by=actor.label))
        .exists()
    )


def counting_ruling(record_id: int) -> Ruling | None:
    """Return the ruling on a record that is in effect, or None."""
    return (
        Ruling.objects.filter(record_id=record_id, ended_at__isnull=True)
        .exclude(needs_second=True, second_at__isnull=True)
        .first()
    )


def waiting_ruling(record_id: int) -> Ruling | None:
    """Return the ruling on a record that waits for a second person, or None."""
    return Ruling.objects.filter(
        record_id=record_id, ended_at__isnull=True, needs_second=True, second_at__isnull=True
    ).first()


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
    cast_vote(
        record_id, source_id=ours, via_id=ours, verdict=verdict, at=datetime.now(UTC), person=account_of(actor.label)
    )
    follow_votes([record_id], revision=revision)
    standing_changed()


def locked_record(record_id: int) -> Record:
    """Return the record, locked; raises NotFound. Within a bank transaction."""
    row = Record.objects.select_for_update().filter(pk=record_id).first()
    if row is None:
        raise NotFound(what=_("record"))
    return row
