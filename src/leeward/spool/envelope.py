"""What an arrival holds, sealed together with whose it is: so it can't be made another's, also by who may change the rows."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from leeward.sealing import keys
from leeward.sealing.errors import WordsLocked
from leeward.spool.errors import UNOPENED, UNREADABLE, NotAcceptable
from leeward.spool.models import Arrival

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
    from pyrage import DecryptError, decrypt

    held = list(keys.identities())
    if not held:
        raise WordsLocked
    try:
        raw = base64.b85decode(row.sealed)
        header = raw.partition(_END)[0]
        if len(header) > MOST_HEADER or header.count(_RECIPIENT) > MOST_RECIPIENTS:
            raise NotAcceptable(UNOPENED)
        found = json.loads(decrypt(raw, held))
        content, is_its_own = found["said"], found["of"] == _whose(row)
    except DecryptError:
        raise NotAcceptable(UNOPENED) from None
    except (ValueError, RecursionError, TypeError, KeyError, IndexError, OverflowError):
        raise NotAcceptable(UNREADABLE) from None
    if not is_its_own or not isinstance(content, dict):
        raise NotAcceptable(UNREADABLE)
    return content


def _whose(row: Arrival) -> list[str | int]:
    at = row.received_at.astimezone(UTC).isoformat()
    return [row.name, row.kind, row.hotline_number, row.portal_number, row.language, row.receipt, at]
