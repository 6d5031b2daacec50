"""Seals the secrets of second factors with the installation's secret before they are stored."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from leeward.people.errors import SecondFactorUnreadable

_MARK = "sealed:"


def _box() -> Fernet:
    key = hmac.new(settings.LEEWARD.secret_bytes, b"leeward people second factor", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(text: str) -> str:
    """Return `text` encrypted, so that a copy of the database alone doesn't reveal it."""
    return _MARK + _box().encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """Return the plain text; a value without the mark was never sealed. Raises SecondFactorUnreadable."""
    if not kept.startswith(_MARK):
        return kept
    try:
        return _box().decrypt(kept.removeprefix(_MARK).encode()).decode()
    except InvalidToken as error:
        raise SecondFactorUnreadable from error
