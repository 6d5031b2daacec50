"""The link in a page, and the secret with which pages are posted to a webhook. Pure."""

import hashlib
import hmac
from datetime import datetime, timedelta

PURPOSE = "page"
# A link is for this night; whoever comes later signs in at the desk.
GOOD_FOR = timedelta(hours=24)


def has_expired(sent_at: datetime, now: datetime) -> bool:
    """Whether the link of a message is too old to open anything. One from the future is not trusted either."""
    return not (sent_at - GOOD_FOR <= now < sent_at + GOOD_FOR)


def secret_of(installation: bytes, webhook_id: int, serial: int) -> bytes:
    """A page webhook's secret of this serial number: made when it is needed, kept nowhere."""
    return hmac.new(installation, f"leeward page webhook {webhook_id} {serial}".encode(), hashlib.sha256).digest()


def delivery_id(message_id: int, page_id: int) -> str:
    """The identifier under which a page is posted: the same at every try."""
    return f"msg_page_{page_id}_{message_id}"
