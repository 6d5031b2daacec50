"""Seals passwords for servers with the installation's secret before they are stored."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def _key(purpose: bytes) -> bytes:
    return hmac.new(settings.LEEWARD.secret_bytes, b"leeward installation " + purpose, hashlib.sha256).digest()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(b"passwords")))


def seal(text: str) -> str:
    """Return `text` encrypted, so that a copy of the database alone doesn't reveal it."""
    return _box().encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """Return the plain text; "" if it was sealed with another secret, so that it has to be typed again."""
    try:
        return _box().decrypt(kept.encode()).decode()
    except InvalidToken:
        return ""


def print_of(text: str) -> str:
    """Return a hash by which texts can be compared, but only with the installation's secret."""
    return hmac.new(_key(b"trials"), text.encode(), hashlib.sha256).hexdigest()
