"""A file becomes tips in a child (`decoders/files.py`): what it does to a reader of JSON, XML or ZIP, it does to that."""

import json

from leeward.foundation import sandbox
from leeward.tips.rules.tip import Found, Unread, tip_from

LIMITS = sandbox.Limits(seconds=60)


def read_file(name: str, content: bytes) -> list[Found | Unread]:
    """Return the tips of a file, and what in it could not be taken. Never raises for what the bytes are."""
    answer = sandbox.call("leeward.tips.decoders.files:read", content, LIMITS, name=name)
    if isinstance(answer, sandbox.Finding):
        return [Unread(name, "unreadable")]
    try:
        return [
            Unread(inside, held) if isinstance(held, str) else Found(inside, tip_from(held))
            for inside, held in json.loads(answer)
        ]
    except (ValueError, LookupError, TypeError, AttributeError):
        return [Unread(name, "unreadable")]
