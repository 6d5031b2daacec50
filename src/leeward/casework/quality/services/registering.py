"""Exporting the register of requests for review."""

from leeward.audit.services import hotline_transaction, record
from leeward.casework.quality.register import Wanted
from leeward.foundation.actor import Actor
from leeward.people.services import authorize


def note_register_taken(wanted: Wanted, rows: int, *, actor: Actor) -> None:
    """Log that somebody exports this many lines of the register."""
    hotline_id = actor.hotline_id or 0
    with hotline_transaction():
        authorize(actor, "quality.read", hotline_id)
        facts = {"rows": rows, "filters": wanted.named}
        record("register.taken", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
