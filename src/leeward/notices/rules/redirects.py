"""Who else may be in charge, where a contact says that it isn't: what was typed, and what in the directory is near it. Pure."""

from collections.abc import Iterable, Sequence
from typing import Literal

# What a person does with "somebody else is in charge": write to another address instead, or keep the contact.
Settled = Literal["", "moved", "kept"]
SETTLED: tuple[str, ...] = ("moved", "kept")

PAGE = "/desk/contacts/redirects/{item}"
MOST_TYPED = 5
MOST_WORDS = 400
MOST_NEAR = 8
_EDGES = "<>()[]{}\"'.,;:!?“”‘’«»"
_MAILTO = "mailto:"
# Host names of many organisations: the same ending says nothing.
_GENERIC = frozenset(
    {"gmail", "outlook", "hotmail", "yahoo", "proton", "protonmail", "icloud", "mail", "com", "net", "org"}
)


def typed_addresses(text: str) -> tuple[str, ...]:
    """What looks like an e-mail address in a text that somebody typed, in lower case, each once."""
    found: dict[str, None] = {}
    for word in text.replace(",", " ").replace(";", " ").split()[:MOST_WORDS]:
        bare = word.strip(_EDGES).lower().removeprefix(_MAILTO)
        before, at, after = bare.partition("@")
        if before and at and "." in after and "@" not in after and len(bare) <= 254:
            found[bare] = None
            if len(found) == MOST_TYPED:
                break
    return tuple(found)


def telling_parts(text: str) -> tuple[str, ...]:
    """The parts of a typed text by which an entry of the directory can be found: names of domains, and words of five letters or
    more."""
    parts: dict[str, None] = {}
    for address in typed_addresses(text):
        labels = address.rpartition("@")[2].split(".")
        parts |= dict.fromkeys(label for label in labels[:-1] if len(label) > 2 and label not in _GENERIC)
    for word in text.split()[:MOST_WORDS]:
        bare = word.strip(_EDGES).lower()
        if len(bare) >= 5 and "@" not in bare and bare.isalnum():
            parts[bare] = None
    return tuple(parts)[:MOST_NEAR]


def nearest(text: str, entries: Iterable[tuple[int, str, str]]) -> tuple[int, ...]:
    """The entries (number, name, address) that share most with a typed text, best first, at most `MOST_NEAR`."""
    parts = telling_parts(text)
    scored = [(_shared(parts, f"{name} {address}".lower()), number) for number, name, address in entries]
    good = sorted((-score, number) for score, number in scored if score)
    return tuple(number for _score, number in good[:MOST_NEAR])


def _shared(parts: Sequence[str], text: str) -> int:
    return sum(len(part) for part in parts if part in text)
