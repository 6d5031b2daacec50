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


def beside(country: str, email: str) -> Whose:
    """Return what stands for a further child-protection office of a country, which a person can choose too."""
    return "protection", f"{country}/{email}"


def led_elsewhere(before: Mapping[Whose, Route | None], after: Mapping[Whose, Route | None]) -> list[Whose]:
    """Return the routes that would lead elsewhere, in order. Our own police count even if there were none before; child
    protection and police abroad only if there were some, so that a directory can be filled. Another office for child
    protection in a country that has one counts: somebody could choose it."""
    return sorted(
        whose
        for whose in before.keys() | after.keys()
        if before.get(whose) != after.get(whose) and (whose[0] == "police" or _was_one(whose, before))
    )


def _was_one(whose: Whose, before: Mapping[Whose, Route | None]) -> bool:
    return before.get((whose[0], whose[1][:2])) is not None


def of_kinds(kinds: Iterable[str]) -> bool:
    """Return whether an entry of these kinds, before and after a change, can be part of a route."""
    return not {"police", "protection"}.isdisjoint(kinds)
