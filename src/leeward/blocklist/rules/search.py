"""The request of a client whose local list contains a prefix of its address, and the response: the full digests behind
it.

The response has at least `AT_LEAST` digests for each prefix. Missing ones are derived from a secret, always the same
for the same prefix, so that neither the size of a response nor asking twice reveals how many entries the list has
there.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.hash_list import PREFIX_BYTES
from leeward.blocklist.rules.scopes import ALL_SCOPES, read_scope_letters, scope_letters

MAX_PREFIXES = 1000
AT_LEAST = 4
DIGEST_BYTES = 32
_MAX_CACHE_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class Found:
    """A listed expression: its digest and the scopes of its entries."""

    digest: bytes
    scopes: int


@dataclass(frozen=True, slots=True)
class Answer:
    """All listed digests that begin with the requested prefixes, and how long this may be cached."""

    found: tuple[Found, ...]
    cache: timedelta


def padded(found: Iterable[Found], prefixes: Sequence[bytes], secret: bytes) -> tuple[Found, ...]:
    """Return what was found, sorted and padded with made-up digests, so that each prefix has at least a few."""
    by_prefix: dict[bytes, list[Found]] = {prefix: [] for prefix in prefixes}
    for one in found:
        by_prefix[one.digest[:PREFIX_BYTES]].append(one)
    for prefix, group in by_prefix.items():
        group += [_made_up(prefix, place, secret) for place in range(len(group), AT_LEAST)]
    return tuple(sorted((one for group in by_prefix.values() for one in group), key=lambda one: one.digest))


def _made_up(prefix: bytes, place: int, secret: bytes) -> Found:
    noise = hmac.digest(secret, b"made up" + bytes((place,)) + prefix, "sha256")
    return Found(prefix + noise[: DIGEST_BYTES - PREFIX_BYTES], 1 << (noise[-1] & 3))


def question_as_json(prefixes: Iterable[bytes]) -> dict[str, Any]:
    """Return the body of a request."""
    return {"prefixes": [prefix.hex() for prefix in prefixes]}


def read_question(body: object) -> list[bytes]:
    """Parse the body of a request: 1 to 1000 prefixes of four bytes, without duplicates; raises BadCoding."""
    texts = body.get("prefixes") if isinstance(body, Mapping) else None
    if not isinstance(texts, list) or not 0 < len(texts) <= MAX_PREFIXES:
        raise BadCoding(f"“prefixes” is no list of 1 to {MAX_PREFIXES}")
    return list(dict.fromkeys(_hex(text, PREFIX_BYTES) for text in texts))


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """Return the body of a response."""
    return {
        "found": [{"digest": one.digest.hex(), "scopes": scope_letters(one.scopes)} for one in answer.found],
        "cache_seconds": int(answer.cache.total_seconds()),
    }


def read_answer(body: object) -> Answer:
    """Parse the body of a response; raises BadCoding."""
    if not isinstance(body, Mapping):
        raise BadCoding("the answer is no object")
    rows, seconds = body.get("found"), body.get("cache_seconds")
    if not isinstance(rows, list) or not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
        raise BadCoding("the answer lacks “found” or “cache_seconds”")
    return Answer(tuple(_read_found(row) for row in rows), timedelta(seconds=min(seconds, _MAX_CACHE_SECONDS)))


def _read_found(row: object) -> Found:
    letters = row.get("scopes") if isinstance(row, Mapping) else None
    if not isinstance(row, Mapping) or not isinstance(letters, str):
        raise BadCoding("a digest lacks its scopes")
    try:
        scopes = read_scope_letters(letters)
    except ValueError as error:
        raise BadCoding(str(error)) from error
    return Found(_hex(row.get("digest"), DIGEST_BYTES), scopes & ALL_SCOPES)


def _hex(text: object, length: int) -> bytes:
    try:
        value = bytes.fromhex(text) if isinstance(text, str) and len(text) == 2 * length else b""
    except ValueError:
        value = b""
    if len(value) != length:
        raise BadCoding(f"{str(text)[:70]!r} is not {length} bytes in hexadecimal")
    return value
