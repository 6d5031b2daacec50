"""The link in a page, and the secret with which pages are posted to a webhook. Pure."""

import hashlib
import hmac
from datetime import datetime, timedelta

PURPOSE = "page"
# A link is for this night; anybody later signs in at the desk.
GOOD_FOR = timedelta(hours=24)


def has_expired(sent_at: datetime, now: datetime) -> bool:
    """Return whether a message's link is too old to open anything. A time in the future is not trusted either."""
    return not (sent_at - GOOD_FOR <= now < sent_at + GOOD_FOR)


def secret_of(installation: bytes, webhook_id: int, serial: int) -> bytes:
    """Return a page webhook's secret for this serial number: derived when needed, stored nowhere."""
    return hmac.new(installation, f"leeward page webhook {webhook_id} {serial}".encode(), hashlib.sha256).digest()


def delivery_id(message_id: int, page_id: int) -> str:
    """Return the identifier under which a page is posted: the same at every try."""
    return f"msg_page_{page_id}_{message_id}"
