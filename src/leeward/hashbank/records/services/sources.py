"""Who a source is: the same one under two names, whether its lists vouch for their members, and what follows for records."""

from datetime import UTC, datetime
from itertools import batched

from django.db.models import Q
from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.hashbank.models import Record, Source, Vote
from leeward.hashbank.numbers import by_number
from leeward.hashbank.records.services.settling import follow_votes
from leeward.hashbank.records.votes import standings_of
from leeward.hashbank.scene import bank_transaction, hotline_here
from leeward.jobs.services import schedule
from leeward.people.services import authorize

FOLLOW_SOURCES = "hashbank.follow_sources"
VOTES_AT_ONCE = 50_000
_AT_ONCE = 800


def merge_source(alias_id: int, into_id: int, *, actor: Actor) -> None:
    """Say that two names are one source: its votes count as one from now on. Raises NotFound, BadInput for a hotline's own name as the alias."""
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction():
        alias, into = _locked(alias_id), _locked(into_id)
        if alias.is_ours or into.merged_into_id is not None or alias.pk == into.pk:
            raise BadInput(
                what=_("The source"),
                why=_("it can only be merged into another source, and this hotline itself can’t be merged"),
            )
        now = datetime.now(UTC)
        members = Source.objects.filter(hotline_id=hotline_here()).filter(Q(pk=alias.pk) | Q(merged_into=alias))
        members.update(merged_into=into, merged_by=actor.label, merged_at=now)
        _told("source.merged", alias, actor, into=into.pk)


def undo_merge(alias_id: int, *, actor: Actor) -> None:
    """Let a source be one of its own again; raises NotFound, BadInput where it is."""
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction():
        alias = _locked(alias_id)
        if alias.merged_into_id is None:
            raise BadInput(what=_("The source"), why=_("it is not merged into another"))
        alias.merged_into, alias.merged_by, alias.merged_at = None, actor.label, datetime.now(UTC)
        alias.save(update_fields=["merged_into", "merged_by", "merged_at"])
        _told("source.separated", alias, actor)


def set_vouches(source_id: int, *, vouches: bool, actor: Actor) -> None:
    """Say whether the members that a source's lists name count by themselves, as those of a clearing house do. Raises NotFound."""
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction():
        row = _locked(source_id)
        row.vouches, row.merged_by, row.merged_at = vouches, actor.label, datetime.now(UTC)
        row.save(update_fields=["vouches", "merged_by", "merged_at"])
        _told("source.vouching_set", row, actor, vouches=int(vouches))


def _told(event: str, row: Source, actor: Actor, **facts: int) -> None:
    """Write the act down and let records follow. Look-ups follow at once: they read the sources each time."""
    audit(event, actor=actor, hotline_id=hotline_here(), subject=f"source:{row.pk}", facts=facts)
    schedule(FOLLOW_SOURCES, subject_id=0, hotline_id=hotline_here())


def follow_sources(after: int) -> None:
    """Let the records follow that sources speak of whose identity was changed, beginning with the vote after this number; a job goes on with the
    next. Doing it twice changes nothing."""
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
