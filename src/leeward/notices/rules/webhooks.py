"""Webhooks of contacts: who may have one, the format of secrets and signatures (Standard Webhooks 1.0), identifiers. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

import ada_url

from leeward.foundation.patterns import Pattern

WITH_WEBHOOK = frozenset({"host", "owner", "upstream", "registrar"})
FORMAT = "leeward-notice-1"
TYPE_NOTICE, TYPE_TEST = "notice", "notice.test"
# Keeps a body small enough for any receiver.
MOST_ADDRESSES = 100
MOST_URL = 500
# How long a renewed secret and the previous one both sign, so that two places needn't change at the same moment.
BOTH_FOR = timedelta(hours=24)
_MESSAGE_ID = Pattern(r"<([a-z][0-9]+)\.([0-9a-f]+)@")


def secret_of(installation: bytes, contact_id: int, serial: int) -> bytes:
    """Return a contact's secret of this serial number: derived when needed, stored nowhere."""
    return hmac.new(installation, f"leeward webhook {contact_id} {serial}".encode(), hashlib.sha256).digest()


def as_text(secret: bytes) -> str:
    """Return a secret in the form given to the receiver."""
    return "whsec_" + base64.b64encode(secret).decode()


def serials_in_force(serial: int, renewed_at: datetime | None, now: datetime) -> tuple[int, ...]:
    """Return the serial numbers whose secrets sign now, newest first."""
    is_fresh = renewed_at is not None and now < renewed_at + BOTH_FOR
    return (serial, serial - 1) if is_fresh and serial > 1 else (serial,)


def signature(secret: bytes, delivery_id: str, sent_at: int, body: bytes) -> str:
    """Return one signature over identifier, time and body."""
    signed = b".".join((delivery_id.encode(), str(sent_at).encode(), body))
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def headers_of(secrets: Sequence[bytes], delivery_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that tell a receiver who sent a body, when, and whether it is a duplicate."""
    sent_at = int(now.timestamp())
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": " ".join(signature(one, delivery_id, sent_at, body) for one in secrets),
    }


def delivery_id(message_id: str) -> str:
    """Return the identifier of a delivery, made from its row's Message-ID: the same in every attempt, and without a
    full stop."""
    found = _MESSAGE_ID.match(message_id)
    return f"msg_{found[1]}_{found[2]}" if found else "msg_" + hashlib.sha256(message_id.encode()).hexdigest()[:32]


def address_fault(text: str, *, allow_http: bool) -> str:
    """Return what is wrong with a webhook's address, as a name for the problem; "" if it is valid."""
    if not text or len(text) > MOST_URL:
        return "too_long" if text else "empty"
    try:
        read = ada_url.URL(text)
    except ValueError:
        return "not_an_address"
    if read.protocol not in (("https:", "http:") if allow_http else ("https:",)):
        return "not_https"
    return "has_a_password" if read.username or read.password else ""


def canonical(text: str) -> str:
    """Return a valid address as it is stored: without its fragment."""
    read = ada_url.URL(text)
    read.hash = ""
    return str(read.href)
