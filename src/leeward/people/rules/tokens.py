"""Keys of the API: what a scope opens, and the shape of a key. Pure."""

import hashlib
import secrets

from leeward.foundation.patterns import Pattern

SCOPES = ("provider", "subscriber", "check", "read", "match", "curate", "police", "peer", "statistics")
PREFIX = "leeward_"  # lets scanners of source code find a key that was published by mistake
_SHAPE = Pattern(rf"^{PREFIX}[A-Za-z0-9_-]{{43}}$")


def new_key() -> str:
    """A key of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(key: str) -> str | None:
    """What is kept of a key, or None for a text that can't be one; so many random bits need no slow hash."""
    return hashlib.sha256(key.encode("ascii")).hexdigest() if _SHAPE.match(key) else None
