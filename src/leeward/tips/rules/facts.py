"""What every form of tips has in common: hashes, addresses, numbers, codes of countries. Pure."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from leeward.foundation.errors import LeewardError
from leeward.foundation.patterns import Pattern
from leeward.hashbank.rules.kinds import KINDS, read_hash
from leeward.hosting.rules.address import recognise
from leeward.tips.rules.tip import MOST_NUMBER
from leeward.tips.rules.trees import MOST_LEAF

# Kinds by what senders call them; PhotoDNA is not compared here.
_NAMES = {
    "md5": "md5",
    "sha1": "sha1",
    "sha-1": "sha1",
    "sha256": "sha256",
    "sha-256": "sha256",
    "sha512": "sha512",
    "pdq": "pdq",
}
_DIGITS = {2 * KINDS[name].bytes: name for name in ("md5", "sha1", "sha256", "sha512")}
_NUMBER = Pattern(r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")
MOST_ADDRESSES = 100


def hash_pair(name: str, value: str) -> tuple[str, str] | None:
    """Return a hash by its kind and text; None where it is none. Without a name its length tells the kind."""
    value = value.strip().lower()
    kind = _NAMES.get(name.strip().lower()) if name else _DIGITS.get(len(value))
    if kind is None:
        return None
    try:
        read_hash(kind, value)
    except LeewardError:
        return None
    return kind, value


def hash_pairs(found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return those that are hashes, each once."""
    pairs = (hash_pair(name, value) for name, value in found)
    return tuple(dict.fromkeys(pair for pair in pairs if pair))


def addresses(found: Iterable[str]) -> tuple[str, ...]:
    """Return those texts that name one place on a network, each once. One as long as what is kept of a text was cut, and
    names another place."""
    kept = []
    for text in found:
        read = recognise(text) if 0 < len(text) < MOST_LEAF else []
        if len(read) == 1 and read[0].kind in ("url", "onion", "magnet", "ed2k") and not read[0].problem:
            kept.append(text)
    return tuple(dict.fromkeys(kept))[:MOST_ADDRESSES]


def number(text: str) -> str:
    """Return the number of a tip; "" where the text can't be one."""
    return text if len(text) <= MOST_NUMBER and _NUMBER.match(text) else ""


def countries(found: Iterable[str]) -> tuple[str, ...]:
    """Return those texts that are codes of countries."""
    codes = (text.strip().upper() for text in found)
    return tuple(dict.fromkeys(code for code in codes if len(code) == 2 and code.isascii() and code.isalpha()))


def moment(text: str) -> datetime | None:
    """Return a time in UTC; one without a zone counts as UTC. None where it is none."""
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def digest_number(*parts: str) -> str:
    """Return a number for what has none: the same for the same parts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
