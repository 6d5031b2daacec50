"""The flood guard, and subscribers' feedback on matches. Neither switches a hash off; only a person does."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.foundation.whole_text import whole
from leeward.hashbank.errors import AlreadySettled, DecisionWaits, NothingToSettle
from leeward.hashbank.models import Feedback, MatchCount, Quarantine, Record, RecordHash
from leeward.hashbank.records.marks import mark_of_aside
from leeward.hashbank.records.services.settling import DECISION_MADE, DECISION_WAITS, account_of
from leeward.hashbank.rules.flood import HISTORY_DAYS, RECENT_DAYS, DayCount, heavy_days, is_flood
from leeward.hashbank.rules.kinds import KINDS, LIKENESS
from leeward.hashbank.rules.reports import History, is_noted, total_weight
from leeward.hashbank.scene import bank_transaction, hashes_changed, hotline_here
from leeward.jobs.services import publish_event
from leeward.people.services import authorize, demand_read, demand_second

FLOOD, CALLED_FALSE = "flood", "called_false"
_LIKENESS = tuple(KINDS[name].number for name in LIKENESS)


def note_matches(counts: Mapping[int, int], *, subscriber: str, now: datetime | None = None) -> list[int]:
    """Count a subscriber's matches of picture hashes (id -> how often).

    Hashes that several subscribers match far more often than before are put before a person, and answers mention the
    doubt; return those that are new. Hashes that prove the same file are not counted.
    """
    now = now or datetime.now(UTC)
    flooding: list[int] = []
    with bank_transaction():
        likeness = list(RecordHash.objects.filter(pk__in=counts, kind__in=_LIKENESS).values_list("id", flat=True))
        for hash_id in likeness:
            history = _counted(hash_id, counts[hash_id], subscriber[:80], now.date())
            if not is_flood(history, now.date()) or _let_pass(hash_id, now):
                continue
            row = RecordHash.objects.select_for_update().get(pk=hash_id)
            heavy = {name for name, _day in heavy_days(history, now.date())}
            if _ask_a_person(row, FLOOD, matches=sum(one.matches for one in history), subscribers=len(heavy), now=now):
                flooding.append(hash_id)
    return flooding


def _counted(hash_id: int, count: int, subscriber: str, day: date) -> list[DayCount]:
    """Return the history of a hash, including these matches."""
    mine = MatchCount.objects.filter(hash_id=hash_id, day=day, subscriber=subscriber)
    if not mine.update(matches=F("matches") + count):
        MatchCount.objects.create(
            hotline_id=hotline_here(), hash_id=hash_id, day=day, subscriber=subscriber, matches=count
        )
    since = day - timedelta(days=HISTORY_DAYS + RECENT_DAYS)
    rows = MatchCount.objects.filter(hash_id=hash_id, day__gte=since).exclude(subscriber="")
    return [DayCount(*row) for row in rows.values_list("subscriber", "day", "matches")]


def forget_counts(now: datetime) -> None:
    """Delete counts too old for any history."""
    old = now.date() - timedelta(days=HISTORY_DAYS + RECENT_DAYS)
    MatchCount.objects.filter(hotline_id=hotline_here(), day__lt=old).delete()


def _let_pass(hash_id: int, now: datetime) -> bool:
    """Return whether a person approved the hash within the last week."""
    since = now - timedelta(days=RECENT_DAYS)
    return Quarantine.objects.filter(hash_id=hash_id, kept=True, settled_at__gt=since).exists()


def _ask_a_person(
    row: RecordHash,
    why: str,
    *,
    now: datetime,
    matches: int = 0,
    subscribers: int = 0,
    weight: float = 0,
    noted: bool = True,
) -> bool:
    """Put a hash on the list for a person to settle; False where it is already there, in which case the heavier weight
    is kept.
    """
    there = Quarantine.objects.filter(hash_id=row.pk, settled_at__isnull=True).first()
    if there is not None:
        there.matches, there.subscribers = max(there.matches, matches), max(there.subscribers, subscribers)
        there.weight, there.is_noted = max(there.weight, weight), there.is_noted or noted
        there.save(update_fields=["matches", "subscribers", "weight", "is_noted"])
        return False
    made = Quarantine.objects.create(
        hotline_id=hotline_here(),
        hash=row,
        why=why,
        matches=matches,
        subscribers=subscribers,
        weight=weight,
        is_noted=noted,
        at=now,
    )
    publish_event("hash.doubted", subject_id=made.pk, hotline_id=hotline_here())
    facts = {"hash": row.pk, "why": why, "matches": matches, "subscribers": subscribers}
    audit("hash.doubted", actor=SYSTEM, hotline_id=hotline_here(), subject=f"record:{row.record_id}", facts=facts)
    return True


def keep_hash(quarantine_id: int, *, actor: Actor) -> None:
    """Settle a doubted hash: it counts as before, and those who reported it were wrong. Raises NotFound,
    AlreadySettled.
    """
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction() as revision:
        _settle(_unsettled(quarantine_id), keep=True, actor=actor, revision=revision)


def set_aside(quarantine_id: int, *, reason: str, seen: str, actor: Actor) -> bool:
    """Exclude a doubted hash from matching, once two people say so; return whether it is excluded now.

    The first gives a reason and the hash goes on matching; the second gives none and so confirms it,
    with the mark of the proposal that was read (`seen`). Raises NotFound,
    AlreadySettled, DecisionWaits for a reason where somebody else's waits, NotSecondPerson, EnteredSince, BadInput for a bad reason.
    """
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction() as revision:
        row, reason = _unsettled(quarantine_id), " ".join(reason.split())
        if row.aside_by and reason:
            raise DecisionWaits
        if row.aside_by:
            if row.aside_by == actor.label:
                raise NotAllowed(reason=_("it needs a second person"))
            demand_second(actor, {account_of(row.aside_by)}, act="hash.settle")
            demand_read(mark_of_aside(row), seen=seen)
            _settle(row, keep=False, actor=actor, revision=revision)
            publish_event(DECISION_MADE, subject_id=row.hash.record_id, hotline_id=hotline_here())
            return True
        if not whole(reason, 300):
            raise BadInput(what=_("The decision"), why=_("it needs a reason of up to 300 characters"))
        row.aside_by, row.aside_at, row.aside_why = actor.label, datetime.now(UTC), reason
        row.save(update_fields=["aside_by", "aside_at", "aside_why"])
        publish_event(DECISION_WAITS, subject_id=row.hash.record_id, hotline_id=hotline_here())
        _log("hash.aside_proposed", row, actor)
    return False


def leave_in_use(quarantine_id: int, *, actor: Actor) -> None:
    """Take back or decline that a hash be set aside; it goes on matching and stays doubted. Raises NotFound,
    AlreadySettled, NothingToSettle.
    """
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction():
        row = _unsettled(quarantine_id)
        if not row.aside_by:
            raise NothingToSettle
        row.aside_by, row.aside_at, row.aside_why = "", None, ""
        row.save(update_fields=["aside_by", "aside_at", "aside_why"])
        _log("hash.aside_declined", row, actor)


def _unsettled(quarantine_id: int) -> Quarantine:
    row = Quarantine.objects.select_for_update().select_related("hash").filter(pk=quarantine_id).first()
    if row is None:
        raise NotFound(what=_("quarantine"))
    if row.settled_at is not None:
        raise AlreadySettled
    return row


def _settle(row: Quarantine, *, keep: bool, actor: Actor, revision: int) -> None:
    """Settle it, and with it whether those who reported it were right."""
    row.settled_at, row.settled_by, row.kept = datetime.now(UTC), actor.label, keep
    row.save()
    RecordHash.objects.filter(pk=row.hash_id).update(aside=not keep)
    Record.objects.filter(pk=row.hash.record_id).update(revision=revision)
    Feedback.objects.filter(record_id=row.hash.record_id, is_true=False, was_right=None).update(was_right=not keep)
    hashes_changed([row.hash_id])
    _log("hash.kept" if keep else "hash.set_aside", row, actor)


def _log(event: str, row: Quarantine, actor: Actor) -> None:
    subject, facts = f"record:{row.hash.record_id}", {"hash": row.hash_id}
    audit(event, actor=actor, hotline_id=hotline_here(), subject=subject, facts=facts)


def say_of_match(record_id: int, *, is_true: bool, source: str, actor: Actor) -> None:
    """Record a subscriber's feedback on a match.

    Feedback that the match was wrong waits for a person; its weight depends on how often the subscriber was right
    before. The record continues to match.
    """
    now = datetime.now(UTC)
    with bank_transaction():
        row = Record.objects.select_for_update().filter(pk=record_id).first()
        if row is None:
            raise NotFound(what=_("record"))
        if Feedback.objects.filter(record_id=record_id, source=source[:80], was_right__isnull=False).exists():
            return  # a person has already settled their report; further feedback changes neither that nor the history
        values = {"hotline_id": hotline_here(), "is_true": is_true, "at": now, "was_right": None}
        Feedback.objects.update_or_create(record_id=record_id, source=source[:80], defaults=values)
        if not is_true:
            _doubt(row, now)
        facts = {"is_true": is_true}
        audit("match.judged", actor=actor, hotline_id=hotline_here(), subject=f"record:{record_id}", facts=facts)


def _doubt(row: Record, now: datetime) -> None:
    """Put the picture hashes of a record that somebody reported as wrong before a person."""
    wrong = Feedback.objects.filter(record_id=row.pk, is_true=False, was_right=None)
    reporters = list(wrong.values_list("source", flat=True))
    histories = histories_of(reporters)
    for one in row.hashes.filter(kind__in=_LIKENESS):
        _ask_a_person(
            one,
            CALLED_FALSE,
            subscribers=len(reporters),
            weight=total_weight(reporters, histories),
            noted=is_noted(reporters, histories),
            now=now,
        )


def histories_of(reporters: list[str]) -> dict[str, History]:
    """Return how the earlier reports of each reporter were settled."""
    rows = Feedback.objects.filter(hotline_id=hotline_here(), source__in=reporters, was_right__isnull=False)
    counted = rows.values("source").annotate(
        right=Count("id", filter=Q(was_right=True)), wrong=Count("id", filter=Q(was_right=False))
    )
    return {row["source"]: History(row["right"], row["wrong"]) for row in counted}
