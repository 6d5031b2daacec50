"""A file becomes tips in a child (`decoders/files.py`): what it does to a reader of JSON, XML or ZIP, it does to that."""

import json

from leeward.foundation import sandbox
from leeward.tips.rules.tip import Found, Unread, tip_from

LIMITS = sandbox.Limits(seconds=60)


def read_file(name: str, content: bytes) -> list[Found | Unread]:
    """Return the tips of a file, and what in it could not be taken. Never raises for what the bytes are."""
    found = read_if_able(name, content)
    return [Unread(name, "unreadable")] if found is None else found


def read_if_able(name: str, content: bytes) -> list[Found | Unread] | None:
    """Return the same; None where the child came to no end, which may be for want of memory or time on this machine."""
    answer = sandbox.call("leeward.tips.decoders.files:read", content, LIMITS, name=name)
    if isinstance(answer, sandbox.Finding):
        return [Unread(name, "unreadable")] if answer.code == "failed" else None
    try:
        return [
            Unread(inside, held) if isinstance(held, str) else Found(inside, tip_from(held))
            for inside, held in json.loads(answer)
        ]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return [Unread(name, "unreadable")]
