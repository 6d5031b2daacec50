"""Bring a hash back into use that was set aside: one person proposes it, a second confirms it, as for setting it aside."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.foundation.whole_text import whole
from leeward.hashbank.errors import DecisionWaits, NothingToSettle
from leeward.hashbank.models import Feedback, Quarantine, Record, RecordHash
from leeward.hashbank.records.marks import mark_of_back
from leeward.hashbank.records.services.settling import DECISION_MADE, DECISION_WAITS, account_of
from leeward.hashbank.scene import bank_transaction, hashes_changed, hotline_here
from leeward.jobs.services import publish_event
from leeward.people.services import authorize, demand_read, demand_second

REASON_LENGTH = 300


def bring_back(hash_id: int, *, reason: str, seen: str, actor: Actor) -> bool:
    """Use a hash again that was set aside, once two people say so; return whether it is used now.

    The first gives a reason and the hash stays aside; the second gives none and so confirms it,
    with the mark of the proposal that was read (`seen`). Raises NothingToSettle,
    DecisionWaits for a reason where somebody else's waits, NotAllowed, NotSecondPerson, EnteredSince, BadInput for a bad reason.
    """
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction() as revision:
        row, reason = _set_aside(hash_id), " ".join(reason.split())
        if row.back_by and reason:
            raise DecisionWaits
        if row.back_by:
            if row.back_by == actor.label:
                raise NotAllowed(reason=_("it needs a second person"))
            demand_second(actor, {account_of(row.back_by)}, act="hash.settle")
            demand_read(mark_of_back(row), seen=seen)
            _use_again(row, actor, revision)
            return True
        if not whole(reason, REASON_LENGTH):
            raise BadInput(what=_("The decision"), why=_("it needs a reason of up to 300 characters"))
        row.back_by, row.back_at, row.back_why = actor.label, datetime.now(UTC), reason
        row.save(update_fields=["back_by", "back_at", "back_why"])
        publish_event(DECISION_WAITS, subject_id=row.hash.record_id, hotline_id=hotline_here())
        _log("hash.return_proposed", row, actor)
    return False


def leave_aside(hash_id: int, *, actor: Actor) -> None:
    """Take back or decline that a hash be used again; it stays aside. Raises NothingToSettle."""
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction():
        row = _set_aside(hash_id)
        if not row.back_by:
            raise NothingToSettle
        row.back_by, row.back_at, row.back_why = "", None, ""
        row.save(update_fields=["back_by", "back_at", "back_why"])
        _log("hash.return_declined", row, actor)


def _set_aside(hash_id: int) -> Quarantine:
    """Return the decision that set a hash aside, locked; raises NothingToSettle for a hash that people did not set
    aside.
    """
    rows = Quarantine.objects.select_for_update().select_related("hash").filter(hash_id=hash_id, hash__aside=True)
    row = rows.filter(kept=False).order_by("-id").first()
    if row is None:
        raise NothingToSettle
    return row


def _use_again(row: Quarantine, actor: Actor, revision: int) -> None:
    """Use the hash again. If none of its record is aside any more, those who reported the record were wrong."""
    row.settled_at, row.settled_by, row.kept = datetime.now(UTC), actor.label, True
    row.save()
    record_id = row.hash.record_id
    RecordHash.objects.filter(pk=row.hash_id).update(aside=False)
    Record.objects.filter(pk=record_id).update(revision=revision)
    if not RecordHash.objects.filter(record_id=record_id, aside=True).exists():
        Feedback.objects.filter(record_id=record_id, is_true=False, was_right=True).update(was_right=False)
    hashes_changed([row.hash_id])
    publish_event(DECISION_MADE, subject_id=record_id, hotline_id=hotline_here())
    _log("hash.returned", row, actor)


def _log(event: str, row: Quarantine, actor: Actor) -> None:
    subject, facts = f"record:{row.hash.record_id}", {"hash": row.hash_id}
    audit(event, actor=actor, hotline_id=hotline_here(), subject=subject, facts=facts)
