"""The link and the code in a page, and the secret with which pages are posted to a webhook. Pure."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from itertools import takewhile

from leeward.foundation.patterns import Pattern

PURPOSE = "page"
# A link is for this night; anybody later signs in at the desk.
GOOD_FOR = timedelta(hours=24)
# A code is short enough to be typed on a telephone; there is one for each message.
_PROOF = 10
_CODE = Pattern(r"(?:^|[^0-9A-Za-z])([0-9]{1,18})-([A-Za-z2-7]{10})(?:$|[^0-9A-Za-z])")
_QUOTED = (">", "|")
# A page has its link before its code: from there on a text is a copy of the page, quoted without a mark or passed back.
_COPY = ("/page/", "%2fpage%2f")
_MOST_LINES = 20


def has_expired(sent_at: datetime, now: datetime) -> bool:
    """Return whether a message's link is too old to open anything. A time in the future is not trusted either."""
    return not (sent_at - GOOD_FOR <= now < sent_at + GOOD_FOR)


def secret_of(installation: bytes, webhook_id: int, serial: int) -> bytes:
    """Return a page webhook's secret for this serial number: derived when needed, stored nowhere."""
    return hmac.new(installation, f"leeward page webhook {webhook_id} {serial}".encode(), hashlib.sha256).digest()


def delivery_id(message_id: int, page_id: int) -> str:
    """Return the identifier under which a page is posted: the same at every try."""
    return f"msg_page_{page_id}_{message_id}"


def code_of(installation: bytes, message_id: int) -> str:
    """Return what a reply to this message has to contain: derived when needed, stored nowhere."""
    proof = hmac.new(installation, f"leeward page code {message_id}".encode(), hashlib.sha256).digest()
    return f"{message_id}-{base64.b32encode(proof)[:_PROOF].decode().lower()}"


def answered_by(installation: bytes, text: str) -> int | None:
    """Return the number of the message whose code a reply begins with, or None. Lines that it quotes don't count, since
    they are what was written to it, nor does anything after the link of a page or far below.
    """
    lines = list(takewhile(_is_no_copy, (line.strip() for line in text.splitlines())))
    own = [line for line in lines if line and not line.startswith(_QUOTED)][:_MOST_LINES]
    for line in own:
        match = _CODE.search(line)
        if match is None:
            continue
        number = int(match[1])
        typed = f"{number}-{match[2].lower()}"
        return number if hmac.compare_digest(code_of(installation, number), typed) else None
    return None


def _is_no_copy(line: str) -> bool:
    return line.startswith(_QUOTED) or not any(mark in line.casefold() for mark in _COPY)
