"""Who may answer a request that a block be lifted, and what follows where nobody may. Pure."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

from leeward.people.rules.permissions import ADMINISTRATOR, ANALYST, SUPERVISOR

ANSWERING = frozenset({SUPERVISOR, ADMINISTRATOR})
# Long enough to invite somebody; short enough for whoever is blocked in error. At once would let anybody empty the list of a
# hotline of two by writing to it.
PATIENCE = timedelta(days=3)
FEWEST = 3
WORKING = frozenset({SUPERVISOR, ANALYST})  # the roles in which one proposes, approves and assesses


class Person(Protocol):
    """What is asked of an account."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def roles(self) -> frozenset[str]:
        """Its roles."""

    @property
    def is_active(self) -> bool:
        """Whether it can sign in."""

    def is_away(self, today: date) -> bool:
        """Whether they are on leave."""


def free_roles(staff: Iterable[Person], involved: Collection[int | None], today: date) -> frozenset[str]:
    """The answering roles in which somebody is there today who had no part."""
    free = (row for row in staff if row.is_active and row.id not in involved and not row.is_away(today))
    return ANSWERING & {role for row in free for role in row.roles}


def suspends_at(nobody_since: datetime) -> datetime:
    """When a block is suspended that nobody could answer for since then."""
    return nobody_since + PATIENCE


def may_find_somebody(staff: Iterable[Person]) -> bool:
    """Whether an appeal against a block can be hoped to find somebody apart: an administrator who does no other work, or three
    people who may answer."""
    answering = [row for row in staff if row.is_active and row.roles & ANSWERING]
    return len(answering) >= FEWEST or any(row.roles.isdisjoint(WORKING) for row in answering)
