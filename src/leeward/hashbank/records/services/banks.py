"""Write banks: create them, pause them, set whether they keep windows."""

from datetime import datetime

from django.utils.translation import gettext as _

from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.hashbank.models import Bank, Membership, RecordWindow
from leeward.hashbank.scene import bank_transaction, hotline_here
from leeward.people.services import authorize

GENERAL, LOOK_ALIKES = "general", "look-alikes"


def keep_bank(name: str = GENERAL, *, radius: int = 31, harmless: bool = False, actor: Actor) -> int:
    """Return the id of the bank of this name; a new bank is created with this radius and kind."""
    found = Bank.objects.filter(hotline_id=hotline_here(), name=name).first()
    if found is not None:
        return found.number
    authorize(actor, "hash.add", hotline_here())
    if not name.strip() or len(name) > 60 or not 0 <= radius <= 63:
        raise BadInput(what=_("The bank"), why=_("a name has 1 to 60 characters and the radius is 0 to 63 bits"))
    with bank_transaction():
        last = Bank.objects.filter(hotline_id=hotline_here()).order_by("-number").first()
        made = Bank.objects.create(
            hotline_id=hotline_here(),
            number=last.number + 1 if last else 0,
            name=name,
            radius=radius,
            harmless=harmless,
        )
        audit("bank.made", actor=actor, hotline_id=hotline_here(), subject=f"bank:{made.pk}", facts={"radius": radius})
    return made.number


def keep_windows(name: str, *, keeps: bool, actor: Actor) -> int:
    """Set whether a bank keeps the windows of files hashed here.

    Switching it off deletes the windows of its records unless another such bank holds them. Return how many were
    deleted.
    """
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction():
        bank = bank_row(name)
        bank.keeps_windows = keeps
        bank.save(update_fields=["keeps_windows"])
        kept = Membership.objects.filter(hotline_id=hotline_here(), bank__keeps_windows=True)
        gone = RecordWindow.objects.filter(hotline_id=hotline_here())
        gone = gone.exclude(record_id__in=kept.values("record_id"))
        count = 0 if keeps else gone.delete()[0]
        facts = {"keeps": keeps, "gone": count}
        audit("bank.windows_set", actor=actor, hotline_id=hotline_here(), subject=f"bank:{bank.pk}", facts=facts)
    return count


def pause_bank(name: str, until: datetime | None, *, actor: Actor) -> None:
    """Exclude a bank from every look-up until a moment; None ends the pause."""
    authorize(actor, "hash.settle", hotline_here())
    with bank_transaction():
        bank = bank_row(name)
        bank.paused_until = until
        bank.save(update_fields=["paused_until"])
        facts = {"until": until.isoformat() if until else None}
        audit("bank.paused", actor=actor, hotline_id=hotline_here(), subject=f"bank:{bank.pk}", facts=facts)


def bank_row(name: str) -> Bank:
    """Return the bank of this name; raises NotFound."""
    bank = Bank.objects.filter(hotline_id=hotline_here(), name=name).first()
    if bank is None:
        raise NotFound(what=_("bank"))
    return bank
