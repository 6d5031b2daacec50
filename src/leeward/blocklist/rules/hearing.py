"""Who may answer a request to lift a block, and what happens if nobody may. Pure."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

from leeward.people.rules.permissions import ADMINISTRATOR, ANALYST, SUPERVISOR

ANSWERING = frozenset({SUPERVISOR, ADMINISTRATOR})
# Long enough to invite somebody, short enough for a site blocked in error. Without a delay anybody could empty the list
# of a hotline of two people by writing to it.
PATIENCE = timedelta(days=3)
FEWEST = 3
WORKING = frozenset({SUPERVISOR, ANALYST})  # the roles that propose, approve and assess


class Person(Protocol):
    """The attributes of an account that are needed here."""

    @property
    def id(self) -> int:
        """Its id."""

    @property
    def roles(self) -> frozenset[str]:
        """Its roles."""

    @property
    def is_active(self) -> bool:
        """Whether it can sign in."""

    def is_away(self, today: date) -> bool:
        """Return whether the person is on leave."""


def free_roles(staff: Iterable[Person], involved: Collection[int | None], today: date) -> frozenset[str]:
    """Return the answering roles held by somebody who is present today and was not involved."""
    free = (row for row in staff if row.is_active and row.id not in involved and not row.is_away(today))
    return ANSWERING & {role for row in free for role in row.roles}


def suspends_at(nobody_since: datetime) -> datetime:
    """Return when a block is suspended that nobody has been able to answer for since then."""
    return nobody_since + PATIENCE


def may_find_somebody(staff: Iterable[Person]) -> bool:
    """Return whether an uninvolved person is likely to be found for an appeal against a block.

    That takes an administrator who does no other work, or three people who may answer.
    """
    answering = [row for row in staff if row.is_active and row.roles & ANSWERING]
    return len(answering) >= FEWEST or any(row.roles.isdisjoint(WORKING) for row in answering)
