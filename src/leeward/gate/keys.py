"""One-time keys for forms: random, never kept in the clear."""

import hashlib
import secrets

from leeward.ground.patterns import Pattern

_SHAPE = Pattern(r"^[A-Za-z0-9_-]{32}$")


def new_form_key() -> str:
    """Return a fresh key for the hidden field `once` of a form."""
    return secrets.token_urlsafe(24)


def is_form_key(key: str) -> bool:
    """Whether this could be a key of ours."""
    return bool(_SHAPE.match(key))


def key_digest(key: str, purpose: str) -> str:
    """Return what is kept of a used key."""
    return hashlib.sha256(f"{purpose}\n{key}".encode()).hexdigest()
