"""What an arrival holds, sealed together with whose it is: so it can't be made another's, also by who may change the rows."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from leeward.sealing import keys
from leeward.sealing.errors import WordsLocked
from leeward.spool.errors import UNOPENED, UNREADABLE, NotAcceptable
from leeward.spool.models import Arrival

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

# Each recipient that a file names is tried with each key of ours, milliseconds each, while others wait to write.
MOST_RECIPIENTS, MOST_HEADER = 10, 10_000
_RECIPIENT, _END = b"\n->", b"\n---"


def sealed(arrival: Arrival, content: Mapping[str, Any]) -> str:
    """Return the content of an arrival sealed to the desk's key and the recovery key."""
    from pyrage import encrypt

    text = json.dumps({"of": _whose(arrival), "said": content}, ensure_ascii=False, separators=(",", ":"))
    return base64.b85encode(encrypt(text.encode("utf-8", "surrogatepass"), list(keys.recipients()[0]))).decode()


def opened(row: Arrival) -> Mapping[str, Any]:
    """Return what an arrival holds; raises NotAcceptable where it opens with no key of ours, or is another's, and
    WordsLocked where there is no key now."""
    held = list(keys.identities())
    if not held:
        raise WordsLocked
    try:
        found = json.loads(_decrypted(row, held))
        content, is_its_own = found["said"], found["of"] == _whose(row)
    except (ValueError, RecursionError, TypeError, KeyError, IndexError, OverflowError):
        raise NotAcceptable(UNREADABLE) from None
    if not is_its_own or not isinstance(content, dict):
        raise NotAcceptable(UNREADABLE)
    return content


def needs_older_key(row: Arrival) -> bool:
    """Return whether an older desk key opens an arrival, and the newest doesn't: the face didn't know that one."""
    held = list(keys.identities())
    return len(held) > 1 and not _opens(row, held[:1]) and _opens(row, held[1:])


def _opens(row: Arrival, held: Sequence["Identity"]) -> bool:
    try:
        return bool(_decrypted(row, held))
    except (NotAcceptable, ValueError, TypeError, OverflowError):
        return False


def _decrypted(row: Arrival, held: Sequence["Identity"]) -> bytes:
    """Return what an arrival holds, unread. Raises NotAcceptable, and ValueError or TypeError for what nobody sealed."""
    from pyrage import DecryptError, decrypt

    raw = base64.b85decode(row.sealed)
    header = raw.partition(_END)[0]
    if len(header) > MOST_HEADER or header.count(_RECIPIENT) > MOST_RECIPIENTS:
        raise NotAcceptable(UNOPENED)
    try:
        return bytes(decrypt(raw, list(held)))
    except DecryptError:
        raise NotAcceptable(UNOPENED) from None


def _whose(row: Arrival) -> list[str | int]:
    at = row.received_at.astimezone(UTC).isoformat()
    return [row.name, row.kind, row.hotline_number, row.portal_number, row.language, row.receipt, at]
