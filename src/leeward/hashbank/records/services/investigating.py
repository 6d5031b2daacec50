"""Write what happens around a record: investigations of agencies, and the cases in which it was seen."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.foundation.whole_text import whole
from leeward.hashbank.models import Investigation, Record, Sighting
from leeward.hashbank.records.services.settling import locked_record
from leeward.hashbank.scene import bank_transaction, hotline_here
from leeward.people.services import authorize

OUTCOMES = ("open", "victim_identified", "arrest", "convicted", "closed")


def add_investigation(
    record_id: int,
    *,
    agency: str,
    reference: str,
    actor: Actor,
    contact: str = "",
    outcome: str = "open",
    restricted: bool = False,
) -> int:
    """Record that an agency investigates a record, or the outcome; return the id of the row.

    The caller has checked that the actor speaks for the agency: staff need the permission, a police token belongs to
    the agency.
    """
    if actor.kind == "staff":
        authorize(actor, "hash.investigation", hotline_here())
    if outcome not in OUTCOMES or not agency.strip() or not reference.strip():
        raise BadInput(what=_("The investigation"), why=_("it needs an agency, a reference and a known outcome"))
    with bank_transaction() as revision:
        row = locked_record(record_id)
        row.revision = revision
        row.save(update_fields=["revision"])
        made, _is_new = Investigation.objects.update_or_create(
            record_id=record_id,
            agency=whole(agency, 120),
            reference=whole(reference, 80),
            defaults={
                "hotline_id": hotline_here(),
                "contact": whole(contact, 200),
                "outcome": outcome,
                "restricted": restricted,
                "at": datetime.now(UTC),
            },
        )
        audit(
            "investigation.noted",
            actor=actor,
            hotline_id=hotline_here(),
            subject=f"record:{row.pk}",
            facts={"investigation": made.pk, "outcome": outcome, "restricted": restricted},
        )
    return made.pk


def note_sighting(record_id: int, *, case_id: int, match: str = "known", distance_bits: int = 0, actor: Actor) -> bool:
    """Record that a record was seen in a case; return whether that is new."""
    now = datetime.now(UTC)
    with bank_transaction():
        _sighting, is_new = Sighting.objects.get_or_create(
            record_id=record_id,
            case_id=case_id,
            defaults={"hotline_id": hotline_here(), "match": match, "distance_bits": distance_bits, "at": now},
        )
        if is_new:
            Record.objects.filter(pk=record_id).update(last_seen=now)
            facts = {"case": case_id, "match": match, "distance_bits": distance_bits}
            audit("record.seen", actor=actor, hotline_id=hotline_here(), subject=f"record:{record_id}", facts=facts)
    return is_new
