"""Names in a single subscriber's copy of a list, so that a leaked copy reveals its source.

They look like the names of small sites, are derived from the installation's secret, and are below domains chosen by the
operator, so blocking them harms nobody. Anybody who compares two subscribers' copies can see them: they catch a
careless leak, not a conspiracy.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.expressions import digest
from leeward.blocklist.rules.hash_list import PREFIX_BYTES
from leeward.blocklist.rules.hash_list_wire import read_update
from leeward.blocklist.rules.keyed import keyed_digest
from leeward.blocklist.rules.packed import unpacked
from leeward.foundation.patterns import Pattern

MANY = 8
_CONSONANTS = "bdfgklmnprstvz"
_VOWELS = "aeiou"
_SYLLABLES = 6
_NAME = Pattern(r"(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}")
_WORD = Pattern(r"\b(?:[bdfgklmnprstvz][aeiou]){6}\b")
_DOTS = ("[.]", "(.)", "{.}", "[dot]", "(dot)", " dot ", "\\.", "。", "．")
_DIGEST = Pattern(r"\b[0-9a-f]{64}\b")
_CERTAIN_BY_PREFIXES = 2
_CERTAIN_BY_WORDS = 2


def canary_names(
    secret: bytes, *, list_name: str, subscriber: str, domains: Sequence[str], count: int = MANY
) -> tuple[str, ...]:
    """Return the canaries of one subscriber in one list; existing ones stay when more are requested."""
    return tuple(
        f"{_word(secret, list_name, subscriber, place)}.{domains[place % len(domains)]}" for place in range(count)
    )


def _word(secret: bytes, list_name: str, subscriber: str, place: int) -> str:
    parts = [part.encode() for part in ("canary", list_name, subscriber, str(place))]
    noise = hmac.digest(secret, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")
    number = int.from_bytes(noise, "big")
    word = ""
    for _ in range(_SYLLABLES):
        number, consonant = divmod(number, len(_CONSONANTS))
        number, vowel = divmod(number, len(_VOWELS))
        word += _CONSONANTS[consonant] + _VOWELS[vowel]
    return word


@dataclass(frozen=True, slots=True)
class Leak:
    """The content of a leaked file: names, prefixes of digests, keyed digests, words that could be the first label of a
    canary.
    """

    names: frozenset[str]
    prefixes: frozenset[int] = frozenset()
    digests: frozenset[bytes] = frozenset()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A subscriber whose canaries were found. `is_certain` is False if it could be a coincidence."""

    subscriber: str
    found: int
    of: int
    is_certain: bool


def read_leak(content: bytes) -> Leak:
    """Read a leaked file in any of our formats, or any text that quotes one; compressed files (gzip, zip) too."""
    parts = [_read_part(part) for part in unpacked(content)]
    return Leak(
        frozenset[str]().union(*(part.names for part in parts)),
        frozenset[int]().union(*(part.prefixes for part in parts)),
        frozenset[bytes]().union(*(part.digests for part in parts)),
        frozenset[str]().union(*(part.words for part in parts)),
    )


def _read_part(content: bytes) -> Leak:
    """Read the content both ways, because a text can accidentally be a valid update that adds nothing."""
    try:
        prefixes = frozenset(map(int, read_update(content).additions))
    except BadCoding:
        prefixes = frozenset()
    text = _plain_text(content)
    return Leak(
        frozenset(_NAME.findall(text)),
        prefixes,
        words=frozenset(_WORD.findall(text)),
        digests=frozenset(bytes.fromhex(found) for found in _DIGEST.findall(text)),
    )


def _plain_text(content: bytes) -> str:
    """Decode the text of a leak however it was passed on: also UTF-16, and with dots disguised so that nothing is a
    link.
    """
    half = content[: 1 << 16]
    if half.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    elif half.count(0) * 3 > len(half):  # every other byte is zero: UTF-16 without a byte order mark
        text = content.decode("utf-16-be" if half[:1] == b"\0" else "utf-16-le", "replace")
    else:
        text = content.decode("utf-8", "replace")
    text = text.lower()
    for written in _DOTS:
        text = text.replace(written, ".")
    return text


def whose(
    leak: Leak, canaries: Mapping[str, Iterable[str]], keys: Mapping[str, Iterable[bytes]] | None = None
) -> list[Suspect]:
    """Return the subscribers whose canaries are in a leak, most certain first.

    A name or a keyed digest can't be there by accident. At least two prefixes are required, because a long list can
    contain one by chance; likewise two words, if the domains above them were removed or replaced.
    """
    by_word = {name.partition(".")[0]: name for names in canaries.values() for name in names}
    seen = {by_word[name.partition(".")[0]] for name in leak.names if _quotes(name, by_word)}
    suspects = []
    for subscriber, names in canaries.items():
        wanted = tuple(names)
        of_keys = tuple((keys or {}).get(subscriber, ()))
        sure = sum(name in seen or _is_keyed(name, leak.digests, of_keys) for name in wanted)
        alone = sum(name.partition(".")[0] in leak.words for name in wanted)
        if alone >= _CERTAIN_BY_WORDS:
            sure = max(sure, alone)
        likely = sum(_prefix(name) in leak.prefixes for name in wanted) if leak.prefixes else 0
        if sure or likely:
            certain = sure > 0 or likely >= _CERTAIN_BY_PREFIXES
            suspects.append(Suspect(subscriber, max(sure, likely), len(wanted), certain))
    return sorted(suspects, key=lambda one: (not one.is_certain, -one.found, one.subscriber))


def _quotes(found: str, by_word: Mapping[str, str]) -> bool:
    """Return whether a leaked name is a canary, alone or followed by the origin of a zone."""
    name = by_word.get(found.partition(".")[0])
    return name is not None and (found + ".").startswith(name + ".")


def _is_keyed(name: str, digests: frozenset[bytes], keys: Sequence[bytes]) -> bool:
    return bool(digests) and any(keyed_digest(key, name + "/") in digests for key in keys)


def _prefix(name: str) -> int:
    return int.from_bytes(digest(name + "/")[:PREFIX_BYTES], "big")
