"""The credentials of a source (keys, passwords), encrypted with the installation's secret before they are stored."""

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
    """Encrypt the secrets, so that a copy of the database alone doesn't reveal them."""
    return _box().encrypt(json.dumps(dict(secrets)).encode()).decode()


def unseal(kept: str) -> dict[str, str] | None:
    """Decrypt secrets; None where there are none or another installation secret was used, so that they have to be
    entered again.
    """
    try:
        found: dict[str, str] = json.loads(_box().decrypt(kept.encode()))
    except InvalidToken:
        return None
    return found
