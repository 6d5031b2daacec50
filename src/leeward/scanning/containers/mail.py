"""Messages of a mailbox and attachments of a message."""

import email
from collections.abc import Iterator
from email.message import Message
from io import BytesIO
from typing import IO

from leeward.scanning.containers.archives import Member
from leeward.scanning.containers.bounds import Budget, BudgetSpent

LARGEST_MESSAGE_BYTES = 100 << 20
_LINE_BYTES = 1 << 20
_WORDS = ("text/plain", "text/html")


def mailbox_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the messages of a mailbox (mbox): each begins with a line `From ` after an empty one."""
    stream.seek(0)
    number, size, after_empty = 0, 0, True
    message: list[bytes] = []
    while line := stream.readline(_LINE_BYTES):
        if after_empty and line.startswith(b"From "):
            if number:
                yield _message(number, message, size)
            budget.member()
            number, message, size = number + 1, [], 0
        else:
            size += len(line)
            if size <= LARGEST_MESSAGE_BYTES:
                message.append(line)
        after_empty = line in {b"\n", b"\r\n"}
    if number:
        yield _message(number, message, size)


def _message(number: int, lines: list[bytes], size: int) -> Member:
    name = f"message {number}.eml"
    if size > LARGEST_MESSAGE_BYTES:
        return Member(name, error=f"the message has {size} bytes, more than {LARGEST_MESSAGE_BYTES}")
    return Member(name, BytesIO(b"".join(lines)))


def message_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the attachments of a message, including those of attached messages; its text is skipped."""
    stream.seek(0)
    data = stream.read(LARGEST_MESSAGE_BYTES + 1)
    if len(data) > LARGEST_MESSAGE_BYTES:
        raise BudgetSpent(f"the message has more than {LARGEST_MESSAGE_BYTES} bytes")
    for number, part in enumerate(email.message_from_bytes(data).walk(), 1):
        if part.is_multipart():
            continue
        name = _name(part)
        if not name and part.get_content_type() in _WORDS:
            continue
        budget.member()
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            yield Member(name or f"part {number}", error="its encoding can't be read")
            continue
        budget.spend(len(content))
        yield Member(name or f"part {number}", BytesIO(content))


def _name(part: Message) -> str:
    try:
        return " ".join((part.get_filename() or "").split())
    except Exception:  # anybody can write headers; the library raises many kinds of errors for them
        return "attachment"
