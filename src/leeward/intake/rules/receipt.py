"""Receipt numbers: how one is derived from a form's one-time key, and what is stored of it. Pure.

The number itself is never stored, but sealed for the moment in which an act waits for the desk. It is derived from the public
face's secret and the key in the form, so that the same form submitted twice shows the same number; only a memory-hard hash of it
is stored, with a salt that nobody else knows.
Numbers that begin with 9 belong to what owners and hosts send in, all others to reports: the first digit says where to
look.
"""

import hashlib
import hmac
from typing import Literal

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from leeward.foundation.check_digit import check_digit, plain_digits

Kind = Literal["report", "appeal"]
DIGITS = 16
# 2 MiB of memory and about 1 ms on a core of 2024; the target is 10 ms at most, even on an old machine.
ARGON2_KIB, ARGON2_PASSES, ARGON2_LANES, HASH_BYTES = 2048, 1, 1, 31
IS_ARGON2ID = "id"  # what such a hash begins with; those from before are bare hex
# What 0.2.0 and older made of receipts that people still hold: as much memory, but more than three times the work for us.
SCRYPT_N, SCRYPT_R, SCRYPT_P, SCRYPT_BYTES = 2**11, 8, 1, 32
KEPT = r"id[0-9a-f]{62}|[0-9a-f]{64}"  # either
_REPORTS, _APPEALS = 9 * 10**14, 10**14
# Hashed if nothing was typed that could be a receipt, so that every answer costs the same. Never a receipt.
NO_RECEIPT = "-"


def receipt_for(secret: bytes, form_key: str, *, kind: Kind, turn: int = 0) -> str:
    """Return the 16 digits for a form's key; `turn` gives another number if one is already taken."""
    message = f"leeward receipt {kind} {turn}\n{form_key}".encode()
    value = int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest(), "big")
    number = value % _REPORTS if kind == "report" else _REPORTS + value % _APPEALS
    digits = f"{number:015d}"
    return digits + check_digit(digits)


def receipt_hash(salt: bytes, digits: str) -> str:
    """Return what is stored of a receipt, 64 characters: `id`, and in hex Argon2id (RFC 9106) with the installation's salt of
    receipts, of 8 bytes at least.

    It fills as much memory as the scrypt of before, in a third of the time (docs/why/receipts.md).
    """
    one = Argon2id(salt=salt, length=HASH_BYTES, iterations=ARGON2_PASSES, lanes=ARGON2_LANES, memory_cost=ARGON2_KIB)
    return IS_ARGON2ID + one.derive(digits.encode()).hex()


def receipt_hash_before(salt: bytes, digits: str) -> str:
    """Return what 0.2.0 and older stored of a receipt: scrypt with the same salt, in hex, 64 characters."""
    one = Scrypt(salt=salt, length=SCRYPT_BYTES, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P)
    return one.derive(digits.encode()).hex()


def read_receipt(typed: str) -> str:
    """Return the 16 ASCII digits that were typed, in whatever script and grouping; `NO_RECEIPT` for anything else."""
    digits = plain_digits(typed[:200])
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else NO_RECEIPT


def kind_of(digits: str) -> Kind:
    """Return which kind of thing a receipt belongs to."""
    return "appeal" if digits.startswith("9") else "report"
