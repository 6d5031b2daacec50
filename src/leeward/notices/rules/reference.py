"""The mark in a subject line that links an answer by e-mail to its notice, for example `[LW-N17-k3f9qabc]`. Pure."""

import hmac
from typing import Literal

from leeward.foundation.crypto.tokens import make_token
from leeward.foundation.patterns import Match, Pattern

Letter = Literal["N", "R", "M", "P"]
_SHAPE = Pattern(r"LW-([NRMP])([0-9]{1,18})-([a-z2-7]+)", ignore_case=True)
_WHOLE = Pattern(r"LW-([NRMP])([0-9]{1,18})-([a-z2-7]{8})", ignore_case=True)

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


def without_marks(secret: bytes, text: str, *, but: str) -> str:
    """Return the text with every genuine mark in it but one broken, for example `LW -N17-k3f9qabc`: what others wrote and a letter quotes
    must not name another letter."""

    def broken(found: Match[str]) -> str:
        is_genuine = hmac.compare_digest(_proof(secret, found[1].upper(), int(found[2])), found[3].lower())
        return f"{found[0][:2]} {found[0][2:]}" if is_genuine and found[0].lower() != but.lower() else found[0]

    return _WHOLE.sub(broken, text)


def _proof(secret: bytes, letter: str, number: int) -> str:
    return make_token(secret, f"mail {letter}", number).partition("-")[2][:8]


def return_path(secret: bytes, address: str, number: int) -> str:
    """Return the address to which a server bounces message `number` of the outbox:
    `bounces+lw-m17-k3f9qabc@host.example` (VERP)."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{mark(secret, 'M', number).lower()}@{domain}"
