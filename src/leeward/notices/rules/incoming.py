"""Reads mail from anybody: hostile, huge or broken. Pure; never raises because of what is in the bytes."""

import codecs
import email.parser
import email.policy
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from itertools import islice

from leeward.foundation.patterns import Pattern
from leeward.notices.rules.bounces import status_in
from leeward.notices.rules.documents import documents_in
from leeward.notices.rules.plain_text import MOST_HTML, clean, from_html

MOST_BYTES = 2_000_000
MOST_TEXT = 20_000
MOST_PARTS = 200
_MOST_NAMES = 50
_MOST_FOR_MARKS = 10_000
_MOST_COMPARED = 100_000  # characters of parts of which a mail program shows one
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
# How many characters of each header are read.
_MOST_OF = dict.fromkeys(_RECIPIENTS, 2000) | {
    "Action": 40, "Auto-Submitted": 40, "Content-Transfer-Encoding": 40, "Content-Type": 1000, "Final-Recipient": 300, "From": 200,
    "In-Reply-To": 4000, "Message-ID": 1000, "Original-Recipient": 300, "References": 20_000, "Return-Path": 40, "Status": 40, "Subject": 200,
}  # fmt: skip
_OF_SENDER = ("From", "Subject", "In-Reply-To", "References")
_MOST_ID = 180  # of the Message-ID, of which the digest knows the rest
_NOT_REACHED = ("Original-Recipient", "Final-Recipient")
_PROGRESS = frozenset({"delayed", "delivered", "expanded", "relayed"})
_CODED = 4  # encoded characters of a header per decoded one
_MOST_OF_ANY = 20_000
_TEXTS = frozenset({"text/plain", "text/html"})
_ENCODED = frozenset({"base64", "quoted-printable"})  # no encoding of a whole mail, of which nothing would be read
# Codecs that no mail uses; punycode takes time quadratic in the length.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})
_WORD = Pattern(r"[\pL\pM\pN]+")
_STATUS = Pattern(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_ID = Pattern(r"<[!-;=?-~]{1,240}>")


class _Heads(email.policy.Compat32):
    """Headers as servers send them: bare UTF-8 is accepted, and long headers are cut before parsing, since parsing
    parameters takes time quadratic in their length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return a header's name and value."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MOST_OF_ANY].encode(errors="surrogateescape").decode(errors="replace")


_POLICY = _Heads()


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report of permanent delivery failure. `recipients` are the addresses that it names for the one that was not reached: as it was
    written to, and where the mail was passed on to; none where it names none."""

    recipients: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is kept of a mail. `identity` is equal only for the same mail, however often and by which ways it came, for others can have
    its Message-ID; `answers` are the Message-IDs it refers to; `marks_from` are the texts to search for marks, first the one that counts most;
    `is_from_a_server` if a mail server rather than a person wrote it, `is_automatic` if no person did; `is_mere_progress` if it is a
    report that nothing has failed so far; `status` is the first status that its own words name, not those of a mail that it passes on."""

    message_id: str
    identity: str
    in_reply_to: str
    answers: tuple[str, ...]
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    marks_from: tuple[str, ...]
    was_cut: bool
    dropped: int
    is_bounce: bool
    bounce: Bounce | None
    is_from_a_server: bool = False
    is_automatic: bool = False
    is_mere_progress: bool = False
    documents: tuple[str, ...] = ()
    status: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a mail. `above` is what has to be read before it; `choice` the outermost part that it is in of which a mail program shows
    one branch, and `branch` in which; `is_passed_on` if it is in a mail that this one has in it, `is_left_out` if that one came back to us
    in a report, or is encoded, as no mail may be."""

    message: Message
    above: str = ""
    choice: int = 0
    branch: int = 0
    is_passed_on: bool = False
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a mail; `own` is what is in no mail that it passes on. `dropped` are the parts of which nothing is kept."""

    text: str
    own: str
    dropped: int
    was_cut: bool


def read_mail(raw: bytes) -> Incoming:
    """Return what is kept of a mail: plain text only, of all its parts, shortened; attachments are counted and dropped. `documents` is
    what programs read in it, of which the caller keeps only what comes from another hotline."""
    kept = raw[:MOST_BYTES]
    was_cut = len(kept) < len(raw)
    try:
        message = email.parser.BytesParser(policy=_POLICY).parsebytes(kept)
        leaves = list(islice(_leaves(message), MOST_PARTS + 1))
    except Exception:  # the parser has failed on broken mail before: then use the headers alone
        message = email.parser.BytesHeaderParser(policy=_POLICY).parsebytes(kept)
        leaves, was_cut = [], True
    was_cut, leaves = was_cut or len(leaves) > MOST_PARTS, leaves[:MOST_PARTS]
    parts, kept_text = [leaf.message for leaf in leaves], _text(leaves)
    text = kept_text.text
    is_bounce = _is_report(message)
    returned = _returned(parts) if is_bounce else ""
    ids = (
        _ID.findall(_header(message, "In-Reply-To"))
        + _ID.findall(_header(message, "References"))
        + _ID.findall(returned)
    )
    own = _ID.search(_header(message, "Message-ID"))
    subject = _header(message, "Subject")
    return Incoming(
        message_id=own[0] if own else f"<{hashlib.sha256(raw).hexdigest()}@no-message-id.invalid>",
        identity=_identity(own[0] if own else "", message, parts, b"" if parts else kept),
        in_reply_to=next(iter(ids), ""),
        answers=tuple(dict.fromkeys(ids))[:_MOST_NAMES],
        sender=_header(message, "From"),
        recipients=_recipients(message),
        subject=subject,
        text=text,
        marks_from=(subject, returned[:_MOST_FOR_MARKS], text[:_MOST_FOR_MARKS]),
        was_cut=was_cut or kept_text.was_cut,
        dropped=kept_text.dropped,
        is_bounce=is_bounce,
        bounce=_bounce(parts) if is_bounce else None,
        is_from_a_server=_is_from_a_server(message),
        is_automatic=_header(message, "Auto-Submitted").lower() not in ("", "no"),
        is_mere_progress=is_bounce and _is_mere_progress(parts),
        documents=documents_in(parts),
        status=status_in(kept_text.own),
    )


def may_have_failed(mail: Incoming, to: str) -> bool:
    """Return whether a mail that answers what was sent to this address may mean that it was not delivered, without saying so as programs
    read it: another program than that address's own wrote it. The failure of another address may be that of one it is passed on to."""
    if mail.is_bounce:
        return not mail.is_mere_progress
    is_theirs = parseaddr(mail.sender)[1].lower() == to.lower()
    return (mail.is_from_a_server or mail.is_automatic) and not is_theirs


def guessed_bounce(mail: Incoming, *, is_for_good: bool = False) -> Bounce | None:
    """Return the bounce that a server describes in its own words, in a mail to the address that only returned messages
    get; None for mail from people and their auto-replies. `is_for_good`: only one whose status says that it is."""
    if mail.bounce or mail.is_bounce or not mail.is_from_a_server:
        return mail.bounce
    status = mail.status or "4.0.0"
    return None if is_for_good and not status.startswith("5") else Bounce((), status)


def _identity(message_id: str, message: Message, parts: list[Message], unread: bytes) -> str:
    """Return the Message-ID and a digest of what the sender wrote, without what servers add on the way."""
    of_sender = "\n".join([message_id, *(_header(message, name) for name in _OF_SENDER)])
    found = hashlib.sha256(of_sender.encode())
    for part in parts:
        heads = "" if part is message else "".join(f"\n{name}: {value}" for name, value in part.items())
        payload = part.get_payload(decode=True)
        content = payload.replace(b"\r\n", b"\n") if isinstance(payload, bytes) else b""
        found.update(f"{heads}\n{len(content)}\n".encode() + content)
    found.update(unread)
    return f"{message_id[:_MOST_ID]} {found.hexdigest()}"


def _is_from_a_server(message: Message) -> bool:
    local = parseaddr(_header(message, "From"))[1].partition("@")[0].lower()
    return local in ("mailer-daemon", "postmaster") or _header(message, "Return-Path") == "<>"


def _recipients(message: Message) -> tuple[str, ...]:
    pairs = [pair for name in _RECIPIENTS for pair in getaddresses([_header(message, name)])]
    return tuple(dict.fromkeys(address.lower() for _, address in pairs if address))[:_MOST_NAMES]


def _leaves(message: Message) -> Iterator[_Part]:
    """Yield the parts that have no parts, in order."""
    is_report = _is_report(message)
    waiting = [_Part(message)]
    while waiting:
        part = waiting.pop()
        if not part.message.is_multipart():
            yield part
        else:
            waiting += reversed([*_inside(part, is_report=is_report)])


def _inside(part: _Part, *, is_report: bool) -> Iterator[_Part]:
    """Yield the parts of a part. Who wrote a mail that is passed on, and about what, is read before its first one."""
    kind, is_mail = part.message.get_content_type(), part.message.get_content_maintype() == "message"
    is_unread = is_report or _header(part.message, "Content-Transfer-Encoding").lower() in _ENCODED
    opens_choice = kind == "multipart/alternative" and not part.choice
    for number, inside in enumerate(part.message.get_payload()):
        assert isinstance(inside, Message)
        heads = (_header(inside, name) for name in ("From", "Subject")) if is_mail and not is_unread else ()
        yield _Part(
            inside,
            "\n".join(filter(None, (part.above if number == 0 else "", *heads))),
            choice=id(part.message) if opens_choice else part.choice,
            branch=number if opens_choice else part.branch,
            is_passed_on=part.is_passed_on or is_mail,
            is_left_out=part.is_left_out or (is_mail and is_unread),
        )


def _text(leaves: Iterable[_Part]) -> _Text:
    """Return the text of a mail. Of parts of which a mail program shows one, those that say only what stands in an earlier one, word for
    word in that order, are left out, as HTML mostly is; a mail that comes back in a report is ours. However many parts it has, only so much
    markup of it is read, and only so much text compared; what comes after that is cut, or kept though it may stand there already."""
    texts, dropped, was_cut = list[tuple[bool, str]](), 0, False
    words_in = defaultdict[tuple[int, int], list[str]](list)
    markup_left, compared_left = MOST_HTML, _MOST_COMPARED
    for leaf in leaves:
        text, is_kept, markup = _text_of(leaf.message, markup_left)
        was_cut |= markup > markup_left
        markup_left = max(markup_left - markup, 0)
        compared_left -= len(text) if leaf.choice else 0
        is_compared = leaf.choice and compared_left >= 0
        tokens = [found[0].casefold() for found in _WORD.finditer(text)] if is_compared else []
        if not is_kept or (leaf.is_left_out and text):
            dropped, text = dropped + 1, ""
        elif tokens:
            words_in[leaf.choice, leaf.branch] += tokens
            earlier = (found for at, found in words_in.items() if at[0] == leaf.choice and at[1] < leaf.branch)
            text = "" if any(_stand_in(tokens, found) for found in earlier) else text
        texts += [(leaf.is_passed_on, one) for one in (leaf.above, text) if one]
    whole = "\n\n".join(one for _is_passed_on, one in texts)
    own = "\n\n".join(one for is_passed_on, one in texts if not is_passed_on)
    return _Text(whole[:MOST_TEXT], own, dropped, was_cut or len(whole) > MOST_TEXT)


def _stand_in(tokens: Iterable[str], found: Iterable[str]) -> bool:
    """Return whether these words stand among others in the same order."""
    following = iter(found)
    return all(one in following for one in tokens)


def _text_of(part: Message, most_markup: int) -> tuple[str, bool, int]:
    """Return the text of one part, whether it is text to be read, and how much markup it has, of which no more than this is read."""
    kind = part.get_content_type()
    if _is_file(part) or kind not in _TEXTS:
        return "", False, 0
    written = _words(part)
    return (from_html(written[:most_markup]), True, len(written)) if kind == "text/html" else (clean(written), True, 0)


def _is_file(part: Message) -> bool:
    named = part.get_param("filename", header="Content-Disposition") or part.get_param("name")
    return bool(named) or part.get_content_disposition() == "attachment"


def _words(part: Message) -> str:
    payload, charset = part.get_payload(decode=True), part.get_param("charset")
    charset = charset[2] if isinstance(charset, tuple) else charset
    return _decoded(payload, charset) if isinstance(payload, bytes) else ""


def _decoded(raw: bytes, charset: str | None) -> str:
    """Decode bytes by their declared character set, or as UTF-8 if there is no such character set."""
    try:
        codec = codecs.lookup(charset or "").name
        return raw.decode("" if codec in _NO_CHARSETS else codec, "replace")
    except (LookupError, ValueError):
        return raw.decode(errors="replace")


def _header(message: Message, name: str) -> str:
    """Return a header decoded on one line; what can't be decoded stays as it is."""
    most = _MOST_OF[name]
    value = str(message.get(name, ""))[: most * _CODED]
    try:
        pieces = decode_header(value)
    except HeaderParseError:
        pieces = [(value, None)]
    parts = (piece if isinstance(piece, str) else _decoded(piece, charset) for piece, charset in pieces)
    return " ".join(clean("".join(parts)).split())[:most]


def _is_report(message: Message) -> bool:
    return message.get_content_type() == "multipart/report" and "delivery-status" in _header(message, "Content-Type")


def _bounce(parts: list[Message]) -> Bounce | None:
    """Return the failure in a delivery report (RFC 3464); a mere delay is not one."""
    failed = [part for part in parts if _header(part, "Action").lower() == "failed"]
    if not failed:
        return None
    named = [_header(part, name).rpartition(";")[2].strip().lower() for part in failed for name in _NOT_REACHED]
    status = _STATUS.match(_header(failed[0], "Status"))
    return Bounce(tuple(dict.fromkeys(filter(None, named))), status[0] if status else "5.0.0")


def _is_mere_progress(parts: list[Message]) -> bool:
    """Return whether a delivery report says what became of it, and that nothing failed."""
    actions = {_header(part, "Action").lower() for part in parts} - {""}
    return bool(actions) and actions <= _PROGRESS


def _returned(parts: list[Message]) -> str:
    """Return the headers of the returned message, in either of its two forms."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            return _words(part)[:MOST_TEXT]
        if message_id := _header(part, "Message-ID"):
            return f"{message_id}\n{_header(part, 'Subject')}"
    return ""
