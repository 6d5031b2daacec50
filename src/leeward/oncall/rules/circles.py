"""Whom a round of a page reaches: everybody in the round before, and one circle more. Pure.

The circles are those on call, a layer each; the supervisors who are here; everybody who is here; everybody; and those on
call at a partner's portal, if both hotlines agreed on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from leeward.oncall.rules.rota import LAYERS

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
    # The layer in which they are on call, or 0.
    layer: int
    ways: tuple[Recipient, ...]


Circle = frozenset[Recipient]
# How many circles there are: after this many rounds everybody was tried.
CIRCLES = len(LAYERS) + 4


def circles_of(
    people: Iterable[Person],
    portal_ways: Iterable[Recipient],
    partner: Circle = frozenset(),
    *,
    partner_first: bool = False,
) -> list[Circle]:
    """Return who is paged first, and who is reached in addition by each further round. People who have left are never
    among them; a circle can be empty. What is written to a portal's own address or webhook goes out with the first
    layer, and so does what a partner gets in the hours for which it was agreed.
    """
    active = [one for one in people if one.is_active]
    here = [one for one in active if not one.is_away]
    on_call = [_ways(one for one in here if one.layer == layer) for layer in LAYERS]
    on_call[0] |= frozenset(portal_ways) | (partner if partner_first else frozenset())
    return [*on_call, _ways(one for one in here if one.is_supervisor), _ways(here), _ways(active), partner]


def on_call_in(circles: Sequence[Circle]) -> Circle:
    """Return those of the circles who are on call, in any layer."""
    return frozenset[Recipient]().union(*circles[: len(LAYERS)])


def instead_of_them(circles: Sequence[Circle]) -> Sequence[Circle]:
    """Return the circles of this hotline that are paged where nobody is on call."""
    return circles[len(LAYERS) : -1]


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


def is_after_all(round_number: int, circles: Sequence[Circle]) -> bool:
    """Return whether everybody was already reached in a round before this one."""
    return round_number > len(widening(circles))
