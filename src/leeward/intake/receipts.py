"""Receipts with this installation's secret: making one, and finding what one belongs to."""

import threading

from django.conf import settings

from leeward.intake.models import OutsideAppeal, Report
from leeward.intake.rules import receipt

# A number already taken by another report is next to impossible; this many are tried before giving up.
TURNS = 4
_one_at_a_time = threading.Lock()


def make_receipt(form_key: str, *, kind: receipt.Kind, turn: int = 0) -> str:
    """Return the 16 digits that belong to a form's one-time key."""
    return receipt.receipt_for(settings.LEEWARD.secret_bytes, form_key, kind=kind, turn=turn)


def kept_of(digits: str) -> str:
    """Return what is stored of a receipt. One at a time per process: this is the work that each guess costs, and
    however many people guess, it takes one core and leaves the others to reporters.
    """
    with _one_at_a_time:
        return receipt.receipt_hash(settings.LEEWARD.secret_bytes, digits)


def find_receipt(typed: str) -> Report | OutsideAppeal | None:
    """Return what a typed receipt belongs to, in the current hotline; None for wrong, expired and withdrawn ones alike.

    Every call costs one hash and one index lookup, whatever was typed. Expired and withdrawn reports have no receipt
    any more, so they can't be told apart from numbers that never existed.
    """
    digits = receipt.read_receipt(typed)
    model = OutsideAppeal if receipt.kind_of(digits) == "appeal" else Report
    found: Report | OutsideAppeal | None = model.objects.filter(receipt_hash=kept_of(digits)).first()
    return found
