"""The fingerprint by which a database knows a secret or a key. Pure."""

import hashlib
import hmac


def fingerprint_of(name: str, key: bytes) -> str:
    """Return the fingerprint of what is in a key's file. It is keyed by the key itself, and reveals nothing about it to readers of the
    database."""
    return hmac.new(key, f"leeward fingerprint of {name}".encode(), hashlib.sha256).hexdigest()
