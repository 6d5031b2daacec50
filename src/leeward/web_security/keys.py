"""One-time keys for forms: issued and signed here, valid for a day, never stored in the clear."""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings

KEY_HOURS = 24  # longer than a session at the desk; a form that was open for longer has to be submitted again
_STAMP, _NONCE, _MARK = 4, 10, 10  # bytes
_CHARACTERS = (_STAMP + _NONCE + _MARK) * 4 // 3
_taken_at: ContextVar[float | None] = ContextVar("taken_at", default=None)


def new_form_key(now: float | None = None) -> str:
    """Return a fresh key for the hidden field `once` of a form."""
    return _written(int(now or time.time()).to_bytes(_STAMP) + secrets.token_bytes(_NONCE))


def is_form_key(key: str, now: float | None = None) -> bool:
    """Return whether this is a key that was issued here within the last day."""
    made_at = _made_at(key)
    return made_at is not None and abs((now or _taken_at.get() or time.time()) - made_at) <= KEY_HOURS * 3600


@contextmanager
def as_taken_at(moment: datetime) -> Iterator[None]:
    """Within the block, judge the age of keys as of the moment when the public face took their forms: the desk may be late."""
    before = _taken_at.set(moment.timestamp())
    try:
        yield
    finally:
        _taken_at.reset(before)


def is_old_form_key(key: str) -> bool:
    """Return whether this is a key that was issued here, however long ago."""
    return _made_at(key) is not None


def is_made_before(key: str, moment: float) -> bool:
    """Return whether this is a key that was issued here until then."""
    made_at = _made_at(key)
    return made_at is not None and made_at <= moment


def _made_at(key: str) -> int | None:
    if len(key) != _CHARACTERS or not key.isascii():
        return None
    try:
        payload = base64.urlsafe_b64decode(key)[:-_MARK]
    except binascii.Error:
        return None
    # Compared in its written form, since a key with two spellings could be used twice.
    return int.from_bytes(payload[:_STAMP]) if hmac.compare_digest(key, _written(payload)) else None


def _written(payload: bytes) -> str:
    mark = hmac.digest(settings.LEEWARD.public_bytes, b"leeward form key\n" + payload, hashlib.sha256)[:_MARK]
    return base64.urlsafe_b64encode(payload + mark).decode()


def trace_key(key: str) -> bytes:
    """Return the key for traces of what was sent with a form: nobody makes it again who hasn't the form's own key."""
    return hmac.digest(settings.LEEWARD.public_bytes, b"leeward traces\n" + key.encode(), hashlib.sha256)


def key_digest(key: str, purpose: str) -> str:
    """Return the digest that is stored for a used key."""
    return hashlib.sha256(f"{purpose}\n{key}".encode()).hexdigest()
