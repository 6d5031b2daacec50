"""Unite records that turn out to be one file: an entry has hashes of both, and none of them differ. The oldest record
remains.

All votes and other data move to it. Rulings on any of them are reopened and votes that wait are dropped, since whoever made
them had not seen the rest.
The other records stay as empty rows that no look-up finds, so that subscribers are told they are gone. Everything is
within a bank transaction.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from django.db.models import Model

from leeward.audit.services import record as audit
from leeward.foundation.actor import SYSTEM
from leeward.hashbank.models import (
    ClientContent,
    Feedback,
    InquiryMatch,
    Investigation,
    Membership,
    Record,
    RecordHash,
    RecordWindow,
    Ruling,
    Sighting,
    SourceFeedback,
    Vote,
    VoteChange,
)
from leeward.hashbank.numbers import among
from leeward.hashbank.records.services.settling import follow_votes
from leeward.hashbank.rules.categories import STRICTER
from leeward.hashbank.rules.kinds import KIND_NAMES, KINDS, LIKENESS
from leeward.hashbank.rules.standing import combined
from leeward.hashbank.scene import hashes_changed, hotline_here

type Print = tuple[int, bytes]
_LIKENESS = tuple(KINDS[name].number for name in LIKENESS)
_MOVED: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Sighting, ("case_id",)),
    (Investigation, ("agency", "reference")),
    (InquiryMatch, ("inquiry_id",)),
    (Feedback, ("source",)),
    (SourceFeedback, ("live_id", "foreign_id")),
    (ClientContent, ("id",)),
)
"""Rows that move unchanged, and the columns that may exist only once per record; duplicates stay with the empty record.
"""


def differing_kind(sides: Iterable[Iterable[Print]]) -> str:
    """Return the kind of digest in which these sets of hashes differ, which makes them different files, or ""."""
    known: dict[int, bytes] = {}
    for prints in sides:
        for kind, value in prints:
            if KINDS[KIND_NAMES[kind]].is_exact and known.setdefault(kind, value) != value:
                return KIND_NAMES[kind]
    return ""


def prints_of(record_ids: Collection[int]) -> dict[int, list[Print]]:
    """Return the hashes of each of these records."""
    found: dict[int, list[Print]] = {number: [] for number in record_ids}
    rows = RecordHash.objects.filter(hotline_id=hotline_here(), record_id__in=among(record_ids))
    for record_id, kind, value in rows.values_list("record_id", "kind", "value"):
        found[record_id].append((kind, bytes(value)))
    return found


def unite(record_ids: Collection[int], *, revision: int) -> int:
    """Unite these records and return the id of the remaining one. The caller has checked that no digest differs."""
    into, *others = sorted(set(record_ids))
    for other in others:
        _move_hashes(other, into)
        _move_votes(other, into)
        for model, names in _MOVED:
            _move(model, names, other, into)
        there = set(Membership.objects.filter(record_id=into).values_list("bank_id", flat=True))
        for row in Membership.objects.filter(record_id=other).exclude(bank_id__in=there):
            Membership.objects.create(
                hotline_id=row.hotline_id, record_id=into, bank_id=row.bank_id, brought_by=row.brought_by
            )
        _move_words(other, into)
        audit("record.united", actor=SYSTEM, hotline_id=hotline_here(), subject=f"record:{into}", facts={"from": other})
    Ruling.objects.filter(record_id__in=[into, *others], ended_at__isnull=True).update(
        ended_at=datetime.now(UTC), ended_by=SYSTEM.label
    )
    VoteChange.objects.filter(record_id__in=[into, *others], answered_at__isnull=True).update(
        answered_at=datetime.now(UTC), answered_by=SYSTEM.label
    )
    follow_votes([into, *others], revision=revision)
    moved = RecordHash.objects.filter(record_id=into, kind__in=_LIKENESS)
    hashes_changed(moved.values_list("id", flat=True))
    return into


def _move_hashes(other: int, into: int) -> None:
    there = {(kind, value): number for kind, value, number in _columns(into)}
    for kind, value, number in _columns(other):
        same = there.get((kind, value))
        if same is None:
            RecordHash.objects.filter(pk=number).update(record_id=into)
            continue
        row, kept = RecordHash.objects.get(pk=number), RecordHash.objects.get(pk=same)
        kept.aside, kept.kept_here = kept.aside or row.aside, kept.kept_here and row.kept_here
        kept.save(update_fields=["aside", "kept_here"])
        row.quarantines.update(hash=kept)
        row.delete()  # else what is said of this hash later would go to the empty record
    if not RecordWindow.objects.filter(record_id=into).exists():
        RecordWindow.objects.filter(record_id=other).update(record_id=into)


def _columns(record_id: int) -> list[tuple[int, bytes, int]]:
    rows = RecordHash.objects.filter(record_id=record_id).values_list("kind", "value", "id")
    return [(kind, bytes(value), number) for kind, value, number in rows]


def _move_votes(other: int, into: int) -> None:
    """Merge the votes of each source on both records: the newest one counts, or that the source contradicts itself."""
    there = {(row.source_id, row.via_id): row for row in Vote.objects.filter(record_id=into)}
    for row in Vote.objects.filter(record_id=other):
        mine = there.get((row.source_id, row.via_id))
        if mine is None:
            Vote.objects.filter(pk=row.pk).update(record_id=into)
        elif row.withdrawn_at is None:
            _say_both(mine, row)
            Vote.objects.filter(pk=row.pk).update(withdrawn_at=row.at)


def _say_both(mine: Vote, row: Vote) -> None:
    """Merge into a vote what its source said about another record."""
    is_newer = mine.withdrawn_at is not None or row.at > mine.at
    verdict = row.verdict
    if mine.withdrawn_at is None:
        _at, verdict = combined((mine.at.timestamp(), mine.verdict), (row.at.timestamp(), row.verdict))
    if is_newer:
        mine.at, mine.label, mine.facts, mine.foreign_id = row.at, row.label, row.facts, row.foreign_id
    elif verdict != mine.verdict:
        mine.facts = {}
    mine.share = max(mine.share, row.share, key=STRICTER.index)
    mine.verdict, mine.withdrawn_at = verdict, None
    mine.save()


def _move(model: type[Model], names: tuple[str, ...], other: int, into: int) -> None:
    rows = model._default_manager
    there = set(rows.filter(record_id=into).values_list(*names))
    for number, *key in rows.filter(record_id=other).values_list("id", *names):
        if tuple(key) not in there:
            rows.filter(pk=number).update(record_id=into)


def _move_words(other: int, into: int) -> None:
    """Move the series, the statuses and the dates on which it was seen."""
    old, row = Record.objects.get(pk=other), Record.objects.get(pk=into)
    row.series = row.series or old.series
    for name in ("victim_status", "offender_status"):
        if getattr(row, name) == "unknown":
            setattr(row, name, getattr(old, name))
    row.first_seen, row.last_seen = min(row.first_seen, old.first_seen), max(row.last_seen, old.last_seen)
    row.save()
