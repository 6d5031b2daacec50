"""Receipts with the secret of the public face: making one, and finding what one belongs to."""

import base64
import hashlib
import hmac
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from leeward.intake.models import OutsideAppeal, Report
from leeward.intake.rules import receipt

# A number already taken by another report is next to impossible; this many are tried before giving up.
TURNS = 4
SHOWN_MINUTES = 10  # how long after sending the page with a receipt can be opened again
_one_at_a_time = threading.Lock()


def make_receipt(form_key: str, *, kind: receipt.Kind, turn: int = 0) -> str:
    """Return the 16 digits that belong to a form's one-time key."""
    return receipt.receipt_for(settings.LEEWARD.public_bytes, form_key, kind=kind, turn=turn)


def kept_of(digits: str) -> str:
    """Return what is stored of a receipt. One at a time per process: this is the work that each guess costs, and
    however many people guess, it takes one core and leaves the others to reporters.
    """
    with _one_at_a_time:
        return receipt.receipt_hash(settings.LEEWARD.receipt_salt, digits)


def kept_before(digits: str) -> str:
    """Return what 0.2.0 and older stored of a receipt; one at a time, too."""
    with _one_at_a_time:
        return receipt.receipt_hash_before(settings.LEEWARD.receipt_salt, digits)


def is_kept_as(kept: str, digits: str) -> bool:
    """Return whether this is what is stored of a receipt, now or before."""
    way = kept_of if kept.startswith(receipt.IS_ARGON2ID) else kept_before
    return kept == way(digits)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of a receipt, worked out before: of which turn."""

    turn: int
    receipt_hash: str

    def of(self, turn: int, digits: str) -> str:
        """Return what is stored of the receipt of a turn."""
        return self.receipt_hash if turn == self.turn else kept_of(digits)


def find_receipt(typed: str) -> Report | OutsideAppeal | None:
    """Return what a typed receipt belongs to, in the current hotline; None for wrong, expired and withdrawn ones alike.

    Whatever opens nothing costs the same: the hash of today and the one from before, with an index lookup each. Expired and
    withdrawn reports have no receipt any more, so they can't be told apart from numbers that never existed.
    """
    digits = receipt.read_receipt(typed)
    model = OutsideAppeal if receipt.kind_of(digits) == "appeal" else Report
    found: Report | OutsideAppeal | None = model.objects.filter(receipt_hash=kept_of(digits)).first()
    return found or model.objects.filter(receipt_hash=kept_before(digits)).first()


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the page with a receipt shows: the digits, and the number of the report or outside appeal, or 0 where the desk pulls it
    from the spool: then also what is stored of the receipt, by which it is found, and the names of the services to tell."""

    digits: str
    number: int
    services: tuple[str, ...] = ()
    kept: str = ""


def seal_arrived(arrived: Arrived, received_at: datetime) -> str:
    """Return the last part of the address under which a receipt can be seen for SHOWN_MINUTES after it was received.

    Nothing is stored for it: it is encrypted with the public face’s secret and carries its own time.
    """
    first = f"{arrived.digits} {arrived.number} {arrived.kept}".rstrip()
    payload = "\n".join((first, *arrived.services)).encode()
    return _arrivals().encrypt_at_time(payload, int(received_at.timestamp())).decode()


def open_arrived(sealed: str) -> Arrived | None:
    """Return what `seal_arrived` sealed; None once its time is over, and for anything made up. Only as it was written: an
    address that was left must not open in another spelling.
    """
    try:
        if base64.urlsafe_b64encode(base64.urlsafe_b64decode(sealed)).decode() != sealed:
            return None
        first, *services = _arrivals().decrypt(sealed, ttl=SHOWN_MINUTES * 60).decode().split("\n")
        digits, number, *kept = first.split()
    except (InvalidToken, ValueError):  # ValueError: letters that no such address has
        return None
    return Arrived(digits, int(number), tuple(services), "".join(kept))


def _arrivals() -> Fernet:
    return _sealed_with(settings.LEEWARD.public_bytes)


@cache
def _sealed_with(secret: bytes) -> Fernet:
    key = hmac.new(secret, b"leeward receipts just shown", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
