"""Passwords for servers, sealed with the installation's secret before the database keeps them."""

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
    """Return `text` so that a copy of the database alone doesn't give it away."""
    return _box().encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """Return what was sealed; '' where it was sealed with another secret: then it has to be typed again."""
    try:
        return _box().decrypt(kept.encode()).decode()
    except InvalidToken:
        return ""


def print_of(text: str) -> str:
    """A hash that tells whether two texts are the same, to nobody without the installation's secret."""
    return hmac.new(_key(b"trials"), text.encode(), hashlib.sha256).hexdigest()
