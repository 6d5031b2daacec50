"""Our own names and keys towards peers: derived from the installation's secret when needed, stored nowhere. Pure."""

import hashlib
import hmac
from datetime import timedelta

# A peer that has our new key goes on accepting the old one for so long, and we theirs.
OVERLAP = timedelta(days=14)


def own_identifier(installation: bytes, hotline_id: int) -> str:
    """Return the name under which peers know a hotline, whatever its keys and addresses are: 32 hexadecimal digits."""
    return _derived(installation, f"leeward exchange identifier {hotline_id}").hex()[:32]


def private_key(installation: bytes, hotline_id: int, serial: int) -> bytes:
    """Return the private key of this serial number: 32 bytes, for Ed25519."""
    return _derived(installation, f"leeward exchange key {hotline_id} {serial}")


def _derived(installation: bytes, purpose: str) -> bytes:
    return hmac.new(installation, purpose.encode(), hashlib.sha256).digest()
