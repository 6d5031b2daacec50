"""Reading mail that anybody can send: hostile, huge, broken. Pure; never raises for what is in the bytes."""

import email.parser
import email.policy
import hashlib
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from leeward.foundation.patterns import Pattern
from leeward.notices.rules.bounces import status_in
from leeward.notices.rules.plain_text import clean, from_html

MOST_BYTES = 2_000_000
MOST_TEXT = 20_000
MOST_PARTS = 200
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_HEAD_ENDS = Pattern(rb"\r?\n\r?\n")
_STATUS = Pattern(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_ID = Pattern(r"<[!-;=?-~]{1,240}>")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a message could not be delivered, for good."""

    recipient: str
    status: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is kept of a mail. `answers` are the Message-IDs it refers to; `marks_from` is the text to look for marks in;
    `is_from_a_server` where a mail server rather than a person wrote it, `is_automatic` where nobody did."""

    message_id: str
    in_reply_to: str
    answers: tuple[str, ...]
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    marks_from: str
    was_cut: bool
    dropped: int
    is_bounce: bool
    bounce: Bounce | None
    is_from_a_server: bool = False
    is_automatic: bool = False


def read_mail(raw: bytes) -> Incoming:
    """Return what is worth keeping of a mail: plain text only, shortened; attachments are counted and dropped."""
    cut = len(raw) > MOST_BYTES
    kept = raw[:MOST_BYTES]
    try:
        message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(kept)
        parts = _parts(message)
    except Exception:  # the parser has stumbled over broken mail before: then the head alone must do
        head = _HEAD_ENDS.split(kept[:100_000], 1)[0]
        message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(head, headersonly=True)
        message.set_payload("")
        parts, cut = [], True
    text, dropped, text_cut = _text(parts)
    bounce = _bounce(message, parts)
    returned = _returned(parts) if _is_report(message) else ""
    ids = _ID.findall(_header(message, "In-Reply-To", 4000)) + _ID.findall(_header(message, "References", 20_000))
    ids += _ID.findall(returned)
    own = _ID.search(_header(message, "Message-ID", 1000))
    subject = _header(message, "Subject", 200)
    return Incoming(
        message_id=own[0] if own else f"<{hashlib.sha256(raw).hexdigest()}@no-message-id.invalid>",
        in_reply_to=ids[0] if ids else "",
        answers=tuple(dict.fromkeys(ids))[:50],
        sender=_header(message, "From", 200),
        recipients=_recipients(message),
        subject=subject,
        text=text,
        marks_from=f"{subject}\n{returned[:10_000]}\n{text[:5_000]}",
        was_cut=cut or text_cut,
        dropped=dropped,
        is_bounce=_is_report(message),
        bounce=bounce,
        is_from_a_server=_is_from_a_server(message),
        is_automatic=_header(message, "Auto-Submitted", 40).lower() not in ("", "no"),
    )


def guessed_bounce(mail: Incoming) -> Bounce | None:
    """What a server says in words of its own, in a mail to the address that only returned messages get; None for what people
    and their answering machines write."""
    if mail.bounce or mail.is_bounce or not mail.is_from_a_server:
        return mail.bounce
    return Bounce("", status_in(mail.text) or "4.0.0")


def _is_from_a_server(message: Message) -> bool:
    sender = getaddresses([_header(message, "From", 200)])
    local = sender[0][1].partition("@")[0].lower() if sender else ""
    return local in ("mailer-daemon", "postmaster") or _header(message, "Return-Path", 40) == "<>"


def _recipients(message: Message) -> tuple[str, ...]:
    headers = [value for name in _RECIPIENTS if (value := _header(message, name, 2000))]
    pairs = [pair for value in headers for pair in getaddresses([value])]
    return tuple(dict.fromkeys(address.lower() for _, address in pairs if address))[:50]


def _parts(message: Message) -> list[Message]:
    parts: list[Message] = []
    for part in message.walk():
        if len(parts) >= MOST_PARTS:
            break
        if not part.is_multipart() or part.get_content_type() == "message/delivery-status":
            parts.append(part)
    return parts


def _text(parts: list[Message]) -> tuple[str, int, bool]:
    """The words of the mail, how many parts were dropped, and whether the words were shortened."""
    plain, markup, dropped = "", "", 0
    for part in parts:
        kind = part.get_content_type()
        if part.get_filename() or "attachment" in str(part.get("Content-Disposition", "")).lower():
            dropped += 1
        elif kind == "text/plain" and not plain:
            plain = _words(part)
        elif kind == "text/html" and not markup:
            markup = _words(part)
        elif kind not in ("text/plain", "text/html", "message/delivery-status", "text/rfc822-headers"):
            dropped += 1
    text = clean(plain) or from_html(markup)
    return text[:MOST_TEXT], dropped, len(text) > MOST_TEXT


def _words(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")


def _header(message: Message, name: str, most: int) -> str:
    """A header in readable letters on one line; what can't be decoded is kept as it came."""
    try:
        raw = str(message.get(name, ""))[: most * 4]
        pieces = [
            piece.decode(charset or "utf-8", "replace") if isinstance(piece, bytes) else piece
            for piece, charset in decode_header(raw)
        ]
        value = "".join(pieces)
    except Exception:  # an unknown character set or a broken encoded word
        value = str(message.get(name, ""))[:most]
    return " ".join(clean(value).split())[:most]


def _is_report(message: Message) -> bool:
    return message.get_content_type() == "multipart/report" and "delivery-status" in str(
        message.get("Content-Type", "")
    )


def _bounce(message: Message, parts: list[Message]) -> Bounce | None:
    """The failure that a delivery report (RFC 3464) tells of; a mere delay is none."""
    if not _is_report(message):
        return None
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and _header(block, "Action", 40).lower() == "failed":
                recipient = _header(block, "Final-Recipient", 300).partition(";")[2].strip().lower()
                status = _STATUS.match(_header(block, "Status", 40))
                return Bounce(recipient, status[0] if status else "5.0.0")
    return None


def _returned(parts: list[Message]) -> str:
    """The head of the message that came back, in whichever of the two forms."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            return _words(part)[:20_000]
        if part.get("Message-ID") and part.get_content_type() not in ("message/delivery-status",):
            return f"{_header(part, 'Message-ID', 300)}\n{_header(part, 'Subject', 300)}"
    return ""
