"""The identity of sources: whether two names are one source, and whether a source's lists vouch for their members.

One person proposes a change, another confirms it, and records follow.
"""

from datetime import UTC, datetime
from itertools import batched
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.hashbank.errors import AlreadySettled, NothingToSettle
from leeward.hashbank.models import Record, Source, SourceChange, Vote
from leeward.hashbank.numbers import by_number
from leeward.hashbank.records.services.settling import account_of, follow_votes
from leeward.hashbank.records.votes import standings_of
from leeward.hashbank.scene import bank_transaction, hotline_here
from leeward.jobs.services import schedule
from leeward.people.rules.reading import mark_of
from leeward.people.services import authorize, demand_read, demand_second

MERGE, SEPARATE, VOUCH, DOUBT = "merge", "separate", "vouch", "doubt"
ACTS = (MERGE, SEPARATE, VOUCH, DOUBT)
FOLLOW_SOURCES = "hashbank.follow_sources"
VOTES_AT_ONCE = 50_000
_AT_ONCE = 800


def propose_change(source_id: int, act: str, *, into_id: int = 0, actor: Actor) -> None:
    """Propose to merge a source into another (`into_id`), to separate it again, to let the members named by its lists
    count as sources of their own, as those of a clearing house do (vouch), or to stop that (doubt).

    The change takes effect once a second person confirms it: it can turn two votes into one or one into two, and so
    bypass the second person that settling a record requires. Raises NotFound, BadInput for an impossible change,
    AlreadySettled where a change is already waiting.
    """
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction():
        source = _locked(source_id)
        into = _locked(into_id) if act == MERGE else None
        _refuse_impossible(act, source, into)
        if SourceChange.objects.filter(source=source, answered_at__isnull=True).exists():
            raise AlreadySettled
        SourceChange.objects.create(
            hotline_id=hotline_here(), source=source, act=act, into=into, by=actor.label, at=datetime.now(UTC)
        )
        facts = {"act": act, "into": into.pk if into else 0}
        audit(
            "source.change_proposed", actor=actor, hotline_id=hotline_here(), subject=f"source:{source.pk}", facts=facts
        )


def answer_change(source_id: int, *, seen: str, agrees: bool, actor: Actor) -> None:
    """Confirm, as the second person, or refuse a proposed change to a source; the proposer can only withdraw it.
    `seen`: the mark of the one that was read.

    Raises NothingToSettle, EnteredSince, NotAllowed, NotSecondPerson, BadInput where the change is no longer possible.
    """
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction():
        source = _locked(source_id)
        row = SourceChange.objects.filter(source=source, answered_at__isnull=True).first()
        if row is None:
            raise NothingToSettle
        demand_read(mark_of(row.pk), seen=seen)
        if agrees:
            if row.by == actor.label:
                raise NotAllowed(reason=_("it needs a second person"))
            demand_second(actor, {account_of(row.by)}, act="hash.settle")
            into = _locked(row.into_id) if row.into_id else None
            _refuse_impossible(row.act, source, into)
            _change(row.act, source, into, actor)
        row.answered_by, row.answered_at, row.agreed = actor.label, datetime.now(UTC), agrees
        row.save(update_fields=["answered_by", "answered_at", "agreed"])
        facts = {"act": row.act, "agrees": agrees}
        audit(
            "source.change_answered", actor=actor, hotline_id=hotline_here(), subject=f"source:{source.pk}", facts=facts
        )


def _refuse_impossible(act: str, source: Source, into: Source | None) -> None:
    if act not in ACTS:
        raise BadInput(what=_("The change"), why=_("it is not one of %(known)s") % {"known": ", ".join(ACTS)})
    if act == MERGE and (into is None or source.is_ours or into.merged_into_id is not None or source.pk == into.pk):
        raise BadInput(
            what=_("The source"),
            why=_("it can only be merged into another source, and this hotline itself can’t be merged"),
        )
    if act == SEPARATE and source.merged_into_id is None:
        raise BadInput(what=_("The source"), why=_("it is not merged into another"))


def _change(act: str, source: Source, into: Source | None, actor: Actor) -> None:
    """Apply a change. Look-ups follow at once, since they read the sources each time; a job updates the records."""
    moved: dict[str, Any] = {"merged_by": actor.label, "merged_at": datetime.now(UTC)}
    rows = Source.objects.filter(hotline_id=hotline_here())
    match act:
        case "merge":
            rows.filter(Q(pk=source.pk) | Q(merged_into=source)).update(merged_into=into, **moved)
        case "separate":
            rows.filter(pk=source.pk).update(merged_into=None, **moved)
        case _:
            rows.filter(pk=source.pk).update(vouches=act == VOUCH, **moved)
    schedule(FOLLOW_SOURCES, subject_id=0, hotline_id=hotline_here())


def follow_sources(after: int) -> None:
    """Update the records with votes of sources whose identity changed, starting after this vote id; a job continues
    with the next.

    Safe to run twice.
    """
    rows = list(
        Vote.objects.filter(hotline_id=hotline_here(), id__gt=after)
        .order_by("id")
        .values_list("id", "record_id", "source_id", "via_id")[:VOTES_AT_ONCE]
    )
    changed = set(
        Source.objects.filter(hotline_id=hotline_here())
        .filter(Q(merged_at__isnull=False) | Q(merged_into__isnull=False))
        .values_list("id", flat=True)
    )
    into = Source.objects.filter(hotline_id=hotline_here(), merged_into__isnull=False)
    changed |= set(into.values_list("merged_into_id", flat=True))
    touched = sorted({record_id for _id, record_id, source, via in rows if source in changed or via in changed})
    for ids in batched(touched, _AT_ONCE):
        _follow(ids)
    if len(rows) == VOTES_AT_ONCE:
        schedule(FOLLOW_SOURCES, subject_id=rows[-1][0], hotline_id=hotline_here())


def _follow(ids: tuple[int, ...]) -> None:
    with bank_transaction() as revision:
        after = standings_of(ids)
        before = by_number(Record, ids).values_list("id", "state", "is_baseline")
        moved = [
            number
            for number, state, is_baseline in before
            if (state, is_baseline) != (after[number].state, after[number].is_baseline)
        ]
        follow_votes(moved, revision=revision)


def _locked(source_id: int) -> Source:
    row = Source.objects.select_for_update().filter(hotline_id=hotline_here(), pk=source_id).first()
    if row is None:
        raise NotFound(what=_("source"))
    return row
