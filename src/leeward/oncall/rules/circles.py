"""Whom a round of a page reaches: everybody in the round before, and one circle more. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Way = Literal["mail", "webhook"]


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """One way to reach somebody: a person's mail or webhook; without a person, a portal's own webhook or address."""

    person_id: int
    way: Way
    to: str
    webhook_id: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague, as far as paging is concerned."""

    id: int
    is_active: bool
    is_away: bool
    is_supervisor: bool
    is_on_call: bool
    ways: tuple[Recipient, ...]


Circle = frozenset[Recipient]


def circles_of(people: Iterable[Person], portal_ways: Iterable[Recipient]) -> list[Circle]:
    """Return who is paged first, second, third and last: those on call, supervisors who are here, everybody who is
    here, and everybody. People who have left are never among them; a circle can be empty.
    """
    active = [one for one in people if one.is_active]
    here = [one for one in active if not one.is_away]
    on_call = _ways(one for one in here if one.is_on_call) | frozenset(portal_ways)
    return [on_call, _ways(one for one in here if one.is_supervisor), _ways(here), _ways(active)]


def _ways(people: Iterable[Person]) -> Circle:
    return frozenset(way for one in people for way in one.ways)


def widening(circles: Sequence[Circle]) -> list[Circle]:
    """Return the circles, each including the ones before, without those that add nobody."""
    wider: list[Circle] = []
    reached: Circle = frozenset()
    for circle in circles:
        if not circle <= reached:
            reached |= circle
            wider.append(reached)
    return wider


def recipients_of(round_number: int, circles: Sequence[Circle]) -> list[Recipient]:
    """Return whom round `round_number` (from 1) reaches: the first circle that has anybody, and one more in each round;
    after the last circle everybody again. Empty only if there is nobody at all.
    """
    if round_number < 1:
        raise ValueError("rounds count from 1")
    wider = widening(circles)
    return sorted(wider[min(round_number, len(wider)) - 1]) if wider else []
