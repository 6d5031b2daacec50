"""Webhooks of contacts: who may have one, the shape of secrets and signatures (Standard Webhooks 1.0), identifiers. Pure."""

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
# So that a body stays small enough for any receiver.
MOST_ADDRESSES = 100
MOST_URL = 500
# A renewed secret and the one before it both sign for so long: nobody has to change two places at one moment.
BOTH_FOR = timedelta(hours=24)
_MESSAGE_ID = Pattern(r"<([a-z][0-9]+)\.([0-9a-f]+)@")


def secret_of(installation: bytes, contact_id: int, serial: int) -> bytes:
    """A contact's secret of this serial number: made when it is needed, kept nowhere."""
    return hmac.new(installation, f"leeward webhook {contact_id} {serial}".encode(), hashlib.sha256).digest()


def as_text(secret: bytes) -> str:
    """A secret as the receiver is given it."""
    return "whsec_" + base64.b64encode(secret).decode()


def serials_in_force(serial: int, renewed_at: datetime | None, now: datetime) -> tuple[int, ...]:
    """Whose secrets sign now, the newest first."""
    is_fresh = renewed_at is not None and now < renewed_at + BOTH_FOR
    return (serial, serial - 1) if is_fresh and serial > 1 else (serial,)


def signature(secret: bytes, delivery_id: str, sent_at: int, body: bytes) -> str:
    """One signature over identifier, time and body."""
    signed = b".".join((delivery_id.encode(), str(sent_at).encode(), body))
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def headers_of(secrets: Sequence[bytes], delivery_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows who sent a body, when, and whether it had it before."""
    sent_at = int(now.timestamp())
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": " ".join(signature(one, delivery_id, sent_at, body) for one in secrets),
    }


def delivery_id(message_id: str) -> str:
    """The identifier of a delivery, made from its row's Message-ID: the same at every try, and without a full stop."""
    found = _MESSAGE_ID.match(message_id)
    return f"msg_{found[1]}_{found[2]}" if found else "msg_" + hashlib.sha256(message_id.encode()).hexdigest()[:32]


def address_fault(text: str, *, allow_http: bool) -> str:
    """What is wrong with an address for a webhook, as a word; "" where nothing is."""
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
    """A good address as it is kept: without what stands behind "#"."""
    read = ada_url.URL(text)
    read.hash = ""
    return str(read.href)
