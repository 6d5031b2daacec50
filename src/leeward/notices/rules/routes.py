"""Whom a hotline's letters to the police reach, and how: what one person alone can't change once a portal is in use. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Whose = tuple[Literal["police", "protection", "abroad"], str]


@dataclass(frozen=True, slots=True)
class Route:
    """One recipient: the address, languages and key used to write to them; for our own police also the name."""

    email: str
    languages: tuple[str, ...] = ()
    fingerprint: str = ""
    name: str = ""


def led_elsewhere(before: Mapping[Whose, Route | None], after: Mapping[Whose, Route | None]) -> list[Whose]:
    """Return the routes that would lead elsewhere, in order. Our own police count even if there were none before; child
    protection and police abroad only if there were some, so that a directory can be filled."""
    return sorted(
        whose
        for whose in before.keys() | after.keys()
        if before.get(whose) != after.get(whose) and (whose[0] == "police" or before.get(whose) is not None)
    )


def of_kinds(kinds: Iterable[str]) -> bool:
    """Return whether an entry of these kinds, before and after a change, can be part of a route."""
    return not {"police", "protection"}.isdisjoint(kinds)
