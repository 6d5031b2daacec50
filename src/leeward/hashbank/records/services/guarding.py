"""The flood guard, and what subscribers say of matches."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.hashbank.errors import AlreadySettled
from leeward.hashbank.models import Feedback, HashTally, Quarantine, Record, RecordHash
from leeward.hashbank.rules.flood import HISTORY_DAYS, is_flood, usual_matches
from leeward.hashbank.rules.kinds import KINDS, LIKENESS
from leeward.hashbank.scene import bank_transaction, hashes_changed, hotline_here
from leeward.jobs.services import publish_event
from leeward.people.services import authorize

FLOOD, CALLED_FALSE = "flood", "called_false"
DOUBTERS = 2


def note_matches(counts: Mapping[int, int], *, now: datetime | None = None) -> list[int]:
    """Count matches of picture hashes (number -> how often); put aside those that suddenly match far more than their history
    and return them. Hashes that prove the same file are not counted: whoever sends one file a thousand times would
    switch its record off."""
    now = now or datetime.now(UTC)
    numbers = [KINDS[name].number for name in LIKENESS]
    flooding: list[int] = []
    with bank_transaction():
        likeness = RecordHash.objects.filter(pk__in=counts, kind__in=numbers).values_list("id", flat=True)
        for hash_id in likeness:
            today, earlier = _counted(hash_id, counts[hash_id], now.date())
            if not is_flood(today, earlier) or _let_pass(hash_id, now):
                continue
            row = RecordHash.objects.select_for_update().get(pk=hash_id)
            if _ask_a_person(row, FLOOD, matches=today, usual=usual_matches(earlier), now=now):
                _put_aside(row, FLOOD)
                flooding.append(hash_id)
    return flooding


def _counted(hash_id: int, count: int, day: date) -> tuple[int, list[int]]:
    """The matches of this day with these, and those of the days before that had any."""
    values = {"hotline_id": hotline_here()}
    today, _ = HashTally.objects.get_or_create(hash_id=hash_id, day=day, defaults=values)
    today.matches += count
    today.save(update_fields=["matches"])
    since = day - timedelta(days=HISTORY_DAYS)
    earlier = HashTally.objects.filter(hash_id=hash_id, day__gte=since, day__lt=day).values_list("matches", flat=True)
    return today.matches, list(earlier)


def _let_pass(hash_id: int, now: datetime) -> bool:
    """Whether a person has let it count within the last day."""
    settled = Quarantine.objects.filter(hash_id=hash_id, kept=True, settled_at__gt=now - timedelta(days=1))
    return settled.exists()


def _ask_a_person(row: RecordHash, why: str, *, now: datetime, matches: int = 0, usual: float = 0) -> bool:
    """Put a hash on the list that a person settles; False where it is on it already."""
    if Quarantine.objects.filter(hash_id=row.pk, settled_at__isnull=True).exists():
        return False
    made = Quarantine.objects.create(hotline_id=hotline_here(), hash=row, why=why, matches=matches, usual=usual, at=now)
    publish_event("hash.doubted", subject_id=made.pk, hotline_id=hotline_here())
    facts = {"hash": row.pk, "why": why, "matches": matches}
    audit("hash.doubted", actor=SYSTEM, hotline_id=hotline_here(), subject=f"record:{row.record_id}", facts=facts)
    return True


def _put_aside(row: RecordHash, why: str) -> None:
    """Keep a hash out of every match until a person says."""
    if row.aside:
        return
    row.aside = True
    row.save(update_fields=["aside"])
    hashes_changed([row.pk])
    audit(
        "hash.put_aside",
        actor=SYSTEM,
        hotline_id=hotline_here(),
        subject=f"record:{row.record_id}",
        facts={"hash": row.pk, "why": why},
    )


def settle_quarantine(quarantine_id: int, *, keep: bool, actor: Actor) -> None:
    """A person has looked: `keep` lets the hash count again; otherwise it stays aside for good."""
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction() as revision:
        row = Quarantine.objects.select_for_update().select_related("hash").filter(pk=quarantine_id).first()
        if row is None:
            raise NotFound(what=_("quarantine"))
        if row.settled_at is not None:
            raise AlreadySettled
        row.settled_at, row.settled_by, row.kept = datetime.now(UTC), actor.label, keep
        row.save()
        RecordHash.objects.filter(pk=row.hash_id).update(aside=not keep)
        Record.objects.filter(pk=row.hash.record_id).update(revision=revision)
        hashes_changed([row.hash_id])
        facts = {"hash": row.hash_id, "kept": keep}
        subject = f"record:{row.hash.record_id}"
        audit("hash.settled", actor=actor, hotline_id=hotline_here(), subject=subject, facts=facts)


def say_of_match(record_id: int, *, is_true: bool, source: str, actor: Actor) -> None:
    """Keep what a subscriber says of a match. Where it was wrong, a person is shown the picture hashes of the record; where
    a second subscriber says so too, they are put aside at once."""
    now = datetime.now(UTC)
    with bank_transaction():
        row = Record.objects.select_for_update().filter(pk=record_id).first()
        if row is None:
            raise NotFound(what=_("record"))
        values = {"hotline_id": hotline_here(), "is_true": is_true, "at": now}
        Feedback.objects.update_or_create(record_id=record_id, source=source[:80], defaults=values)
        if not is_true:
            wrong = Feedback.objects.filter(record_id=record_id, is_true=False).count()
            for one in row.hashes.filter(kind__in=[KINDS[name].number for name in LIKENESS]):
                _ask_a_person(one, CALLED_FALSE, matches=wrong, now=now)
                if wrong >= DOUBTERS:
                    _put_aside(one, CALLED_FALSE)
        facts = {"is_true": is_true}
        audit("match.judged", actor=actor, hotline_id=hotline_here(), subject=f"record:{record_id}", facts=facts)
