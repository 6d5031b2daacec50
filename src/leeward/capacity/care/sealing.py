"""Notes encrypted with age (by pyrage): to the counsellor's key, and to one that the person who writes gets as a code."""

import hashlib
from typing import NamedTuple

from leeward.capacity.care.rules.notes import padded


class Sealed(NamedTuple):
    """An encrypted note, the digest by which its code finds it, and the code, which is kept nowhere."""

    content: bytes
    finder: str
    code: str


def is_key(text: str) -> bool:
    """Return whether this is a public key."""
    from pyrage import RecipientError, x25519

    try:
        x25519.Recipient.from_str(text)
    except RecipientError:
        return False
    return True


def seal(text: str, public_key: str) -> Sealed:
    """Encrypt a note."""
    from pyrage import encrypt, x25519

    own = x25519.Identity.generate()
    recipients = [x25519.Recipient.from_str(public_key), own.to_public()]
    content = encrypt(padded(text), recipients, armored=True)
    return Sealed(bytes(content), _finder(str(own.to_public())), str(own))


def finder_of(code: str) -> str | None:
    """Return the digest by which a code finds its note, or None if it is no code."""
    from pyrage import IdentityError, x25519

    try:
        return _finder(str(x25519.Identity.from_str(code.strip().upper()).to_public()))
    except IdentityError:
        return None


def opened(content: bytes, code: str) -> str:
    """Return a note that this code finds."""
    from pyrage import decrypt, x25519

    return bytes(decrypt(content, [x25519.Identity.from_str(code.strip().upper())])).decode().rstrip()


def _finder(public_key: str) -> str:
    return hashlib.sha256(public_key.encode()).hexdigest()
