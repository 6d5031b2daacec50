"""Whether a signature holds. Pure."""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def public_of(private: bytes) -> str:
    """Return the public key (base64) of a private one (32 bytes); raises ValueError."""
    key = Ed25519PrivateKey.from_private_bytes(private).public_key()
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode("ascii")


def is_signed(text: bytes, signature: str, key: str) -> bool:
    """Return whether `signature` (base64) is that of `key` (base64) for `text`."""
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(base64.b64decode(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True
