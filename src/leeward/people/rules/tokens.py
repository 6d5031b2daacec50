"""Keys of the API: what each scope allows, and the format of a key. Pure."""

import hashlib
import secrets

from leeward.foundation.patterns import Pattern

SCOPES = (
    "provider", "subscriber", "check", "read", "match", "curate", "police", "peer", "own_pictures", "statistics",
    "intake", "sms", "export",
)  # fmt: skip
PREFIX = "leeward_"  # lets secret scanners find a key that was published by mistake
_SHAPE = Pattern(rf"^{PREFIX}[A-Za-z0-9_-]{{43}}$")


def new_key() -> str:
    """Return a new key of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(key: str) -> str | None:
    """Return the digest that is stored for a key, or None if the text can't be one; so many random bits need no slow hash."""
    return hashlib.sha256(key.encode("ascii")).hexdigest() if _SHAPE.match(key) else None
