"""Alternative recipients if a contact says that it isn't in charge: what was typed, and similar directory entries. Pure."""

from collections.abc import Iterable, Sequence
from typing import Literal

# A person's options for "somebody else is in charge": write to another address instead, or keep the contact.
Settled = Literal["", "moved", "kept"]
SETTLED: tuple[str, ...] = ("moved", "kept")

LIST_PAGE = "/desk/contacts/redirects"
PAGE = LIST_PAGE + "/{item}"
MOST_TYPED = 5
MOST_WORDS = 400
MOST_NEAR = 8
_EDGES = "<>()[]{}\"'.,;:!?“”‘’«»"
_MAILTO = "mailto:"
# Domains used by many organisations: a shared ending says nothing.
_GENERIC = frozenset(
    {"gmail", "outlook", "hotmail", "yahoo", "proton", "protonmail", "icloud", "mail", "com", "net", "org"}
)


def typed_addresses(text: str) -> tuple[str, ...]:
    """Return what looks like an e-mail address in a typed text, in lower case, without duplicates."""
    parts = text.replace(",", " ").replace(";", " ").split()[:MOST_WORDS]
    bare = (word.strip(_EDGES).lower().removeprefix(_MAILTO) for word in parts)
    return tuple(dict.fromkeys(word for word in bare if _is_address(word)))[:MOST_TYPED]


def _is_address(word: str) -> bool:
    before, _at, after = word.partition("@")
    return bool(before) and "." in after and "@" not in after and len(word) <= 254


def searchable_parts(text: str) -> tuple[str, ...]:
    """Return the parts of a typed text by which a directory entry can be found: domain names, and words of five letters
    or more."""
    labels = [label for address in typed_addresses(text) for label in address.partition("@")[2].split(".")[:-1]]
    parts = [label for label in labels if len(label) > 2 and label not in _GENERIC]
    bare = (word.strip(_EDGES).lower() for word in text.split()[:MOST_WORDS])
    parts += [word for word in bare if len(word) >= 5 and word.isalnum()]
    return tuple(dict.fromkeys(parts))[:MOST_NEAR]


def nearest(text: str, entries: Iterable[tuple[int, str, str]]) -> tuple[int, ...]:
    """Return the entries (number, name, address) that share most with a typed text, best first, at most `MOST_NEAR`."""
    parts = searchable_parts(text)
    scored = [(_shared(parts, f"{name} {address}".lower()), number) for number, name, address in entries]
    good = sorted((-score, number) for score, number in scored if score)
    return tuple(number for _score, number in good[:MOST_NEAR])


def _shared(parts: Sequence[str], text: str) -> int:
    return sum(len(part) for part in parts if part in text)
