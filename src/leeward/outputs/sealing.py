"""The credentials of a receiver, encrypted with the installation's secret before they are stored."""

import base64
import hashlib
import hmac
import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def _box() -> Fernet:
    key = hmac.new(settings.LEEWARD.secret_bytes, b"leeward receivers", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(user: str, password: str, certificate: str = "") -> str:
    """Encrypt a name, a password and our certificate with its key, so that a copy of the database alone doesn't reveal them."""
    return _box().encrypt(json.dumps([user, password, certificate]).encode()).decode()


def unseal(kept: str) -> tuple[str, str, str] | None:
    """Return the name, the password and the certificate; None where they were sealed with another secret and have to be
    entered again."""
    try:
        user, password, *rest = json.loads(_box().decrypt(kept.encode()))
    except InvalidToken:
        return None
    return str(user), str(password), str(rest[0]) if rest else ""
