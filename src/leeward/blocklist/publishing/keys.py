"""The key that signs publications and copies, separate from the audit log's so that it can be changed alone."""

from pathlib import Path

from leeward.audit import keys
from leeward.audit.keys import LISTS, is_signed

__all__ = ["is_signed", "key_path", "public_key", "sign"]


def key_path() -> Path:
    """Return the path of the private key."""
    return keys.key_path(LISTS)


def sign(text: bytes) -> str:
    """Return the signature of `text` in base64."""
    return keys.sign(text, LISTS)


def public_key() -> str:
    """Return the public key (32 bytes) in base64, as published."""
    return keys.public_key(LISTS)
