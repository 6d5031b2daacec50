"""Tokens for links that carry their own proof, so that no secret has to be stored for them."""

import hashlib
import hmac

from leeward.foundation.patterns import Pattern

_SHAPE = Pattern(r"^([0-9]{1,18})-([a-z2-7]{26})$")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def _mac(secret: bytes, purpose: str, number: int) -> str:
    digest = hmac.new(secret, f"leeward {purpose} {number}".encode(), hashlib.sha256).digest()
    value = int.from_bytes(digest[:17], "big") >> 6
    letters = []
    for _ in range(26):
        letters.append(_ALPHABET[value & 31])
        value >>= 5
    return "".join(letters)


def make_token(secret: bytes, purpose: str, number: int) -> str:
    """Return `number-proof` for a row; the proof has 130 bits and is valid for one purpose only."""
    return f"{number}-{_mac(secret, purpose, number)}"


def read_token(secret: bytes, purpose: str, token: str) -> int | None:
    """Return the row's number if the token is genuine and for this purpose, else None; takes the same time for either."""
    match = _SHAPE.match(token)
    number, proof = (int(match[1]), match[2]) if match else (0, "a" * 26)
    good = hmac.compare_digest(_mac(secret, purpose, number), proof)
    return number if good and match else None
