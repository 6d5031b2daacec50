"""What a registry says about a name, a network, a number or a party, whichever way it was asked. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.jcard import Card

_WORD_BEGINS = Pattern(r"([a-z])([A-Z])")
_NOT_A_LETTER = Pattern(r"[^a-z]+")
# Statuses under which a name leads nowhere (RFC 8056; "suspended" is the word of several countries' registries).
HELD = frozenset({"client hold", "server hold", "suspended", "inactive", "redemption period", "pending delete"})
# What another source has no say in.
_OF_REGISTRY = frozenset({"error", "statuses", "is_partial"})
COLUMNS = (
    "kind", "handle", "name", "country", "registrar", "registrar_abuse", "abuse", "statuses", "created", "expires", "nameservers",
    "redacted", "error",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One answer. `kind` is the class of the object (RFC 9083), `country` a two-letter code, `created` and `expires` are ISO
    dates. `registrar_abuse` can suspend a name, `abuse` act on a network; `redacted` names what is withheld. With an `error`
    there may be nothing else. `is_partial`: somebody who knows more of it could not be heard."""

    kind: str = ""
    handle: str = ""
    name: str = ""
    country: str = ""
    registrar: str = ""
    registrar_abuse: tuple[str, ...] = ()
    abuse: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    created: str = ""
    expires: str = ""
    nameservers: tuple[str, ...] = ()
    redacted: tuple[str, ...] = ()
    error: str = ""
    is_partial: bool = False
    holder: Card = Card()  # noqa: RUF009 - it is frozen

    @property
    def row(self) -> dict[str, Any]:
        """Return what commands print; the holder's data are personal and not among it."""
        values = {name: getattr(self, name) for name in COLUMNS}
        return {name: list(value) if isinstance(value, tuple) else value or None for name, value in values.items()}


def status_words(status: str) -> str:
    """Return a status in the words of RFC 8056, however it is written: `clientHold`, `client_hold`, `Client Hold`."""
    spaced = _WORD_BEGINS.sub(lambda pair: f"{pair[1]} {pair[2]}", status).lower()
    return _NOT_A_LETTER.sub(" ", spaced).strip()


def is_suspended(statuses: Iterable[str]) -> bool:
    """Return whether a name is held: it leads nowhere, but what it led to can still be up."""
    return any(status_words(status) in HELD for status in statuses)


def completed(found: Registration, more: Registration) -> Registration:
    """Return a registration with what another source says of the same object; what the first said stays. Whether a name is held is
    said by its registry only."""
    empty = Registration()
    added = {
        one.name: getattr(more, one.name)
        for one in fields(found)
        if getattr(found, one.name) == getattr(empty, one.name) and one.name not in _OF_REGISTRY
    }
    return replace(found, **added | {"redacted": tuple(dict.fromkeys([*found.redacted, *more.redacted]))})
