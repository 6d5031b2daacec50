"""The mark in a subject line that links an answer by e-mail to its notice, for example `[LW-N17-k3f9qabc]`. Pure."""

import hmac
from typing import Literal

from leeward.foundation.crypto.tokens import make_token
from leeward.foundation.patterns import Pattern

Letter = Literal["N", "R", "M", "P"]
_SHAPE = Pattern(r"LW-([NRMP])([0-9]{1,18})-([a-z2-7]+)", ignore_case=True)


_LETTERS: dict[str, Letter] = {"N": "N", "R": "R", "M": "M", "P": "P"}


def mark(secret: bytes, letter: Letter, number: int) -> str:
    """Return the mark of a notice (N), a referral (R), a message of the outbox (M) or an alert to a payment firm (P); it can't be forged without the
    installation's secret."""
    return f"LW-{letter}{number}-{_proof(secret, letter, number)}"


def marks_in(secret: bytes, text: str) -> list[tuple[Letter, int]]:
    """Return the genuine marks in a text, in order, without duplicates."""
    found: list[tuple[Letter, int]] = []
    for match in _SHAPE.finditer(text[:20_000]):
        one: tuple[Letter, int] = (_LETTERS[match[1].upper()], int(match[2]))
        if len(match[3]) == 8 and one not in found and hmac.compare_digest(_proof(secret, *one), match[3].lower()):
            found.append(one)
    return found


def _proof(secret: bytes, letter: str, number: int) -> str:
    return make_token(secret, f"mail {letter}", number).partition("-")[2][:8]


def return_path(secret: bytes, address: str, number: int) -> str:
    """Return the address to which a server bounces message `number` of the outbox:
    `bounces+lw-m17-k3f9qabc@host.example` (VERP)."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{mark(secret, 'M', number).lower()}@{domain}"
