"""Numbers of certificates, and the digest of a name. Pure."""

import hashlib
import hmac

from leeward.foundation.patterns import Pattern
from leeward.people.rules.names import tidy_name

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 16  # 80 bits: nobody finds one by guessing
_NUMBER = Pattern(r"[a-z2-7]{16}")


def number_of(draw: int) -> str:
    """Return the number that 80 random bits make."""
    return "".join(ALPHABET[draw >> 5 * place & 31] for place in range(LENGTH))


def typed_number(text: str) -> str | None:
    """Return a number as somebody typed it, with spaces, hyphens or capitals; None if it can't be one."""
    plain = text[:100].lower().replace("-", "").replace(" ", "")
    return plain if _NUMBER.fullmatch(plain) else None


def grouped(number: str) -> str:
    """Return a number as it is printed: four groups of four."""
    return "-".join(number[place : place + 4] for place in range(0, LENGTH, 4))


def name_hash(name: str, salt: str) -> str:
    """Return the SHA-256, in hexadecimal digits, of a name in small letters followed by the salt."""
    return hashlib.sha256(f"{tidy_name(name).lower()}{salt}".encode()).hexdigest()


def is_name(name: str, salt: str, known: str) -> bool:
    """Return whether a name has this digest."""
    return hmac.compare_digest(name_hash(name, salt), known)
