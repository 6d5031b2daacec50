"""What opens a source (keys, passwords), sealed with the installation's secret before the database keeps it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def _box() -> Fernet:
    key = hmac.new(settings.LEEWARD.secret_bytes, b"leeward hash sources", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(secrets: Mapping[str, str]) -> str:
    """Return the secrets so that a copy of the database alone doesn't give them away."""
    return _box().encrypt(json.dumps(dict(secrets)).encode()).decode()


def unseal(kept: str) -> dict[str, str] | None:
    """Return what was sealed; None where there is nothing, or it was sealed with another secret: then it has to be given again."""
    try:
        found: dict[str, str] = json.loads(_box().decrypt(kept.encode()))
    except InvalidToken:
        return None
    return found
