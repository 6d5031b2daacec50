"""Who may be the second person of an act that takes two at a given time, by dated rows of accounts and roles. Pure.

Two accounts count as two people only if nobody could control both. An account that one administrator made alone could
be in that administrator's hands, and a role given a moment ago may have been given for this very act. So an account or
a role doesn't count in its first day, and two accounts that lead back to the same maker never count as two, until a
second administrator (or whoever runs the server) has confirmed them. Until its owner has set up a second factor, an
account is in the hands of whoever knows its first password, so a confirmation counts only from then on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from leeward.people.rules.permissions import ACTS, ADMINISTRATOR, ANALYST, AUDITOR, POLICE_LIAISON, SUPERVISOR

FIRST_DAY = timedelta(hours=24)
# Roles that can be one half of a two-person act.
TWO_PERSON_ROLES = frozenset({ADMINISTRATOR, ANALYST, POLICE_LIAISON, SUPERVISOR})

# Whoever answers for the police and whoever reads the log watch over others: nobody gives themselves these roles,
# however long they wait.
NEVER_ONES_OWN = frozenset({AUDITOR, POLICE_LIAISON})


@dataclass(frozen=True, slots=True)
class Granted:
    """A role of an account: since when, given by which account (None: by whoever runs the server), confirmed when."""

    role: str
    at: datetime
    by: int | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account: made when and by which account (None: by whoever runs the server), confirmed when, with which roles."""

    id: int
    made_at: datetime
    made_by: int | None
    confirmed_at: datetime | None
    roles: tuple[Granted, ...]


class Why(StrEnum):
    """Why somebody can't be the second person."""

    SAME_PERSON = "same_person"
    NO_ROLE = "no_role"
    SAME_HANDS = "same_hands"
    NEW_ACCOUNT = "new_account"
    NEW_ROLE = "new_role"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """The reason, and from when they can be the second person if waiting alone is enough, else None."""

    why: Why
    until: datetime | None = None


def obstacle(
    second: int, firsts: Iterable[int], *, act: str, accounts: Mapping[int, Account], at: datetime
) -> Obstacle | None:
    """Return why `second` can't do `act` as the second person to all of `firsts` at this time, or None if they can.

    `accounts` holds all of them, whoever made them, and so on up the chain; a missing one is a KeyError.
    """
    known = accounts[second]
    others = frozenset(firsts)
    if second in others:
        return Obstacle(Why.SAME_PERSON)
    fitting = _roles_for(act, known)
    if not fitting:
        return Obstacle(Why.NO_ROLE)
    mine = hands(second, accounts, at)
    if any(mine & hands(other, accounts, at) for other in others):
        return Obstacle(Why.SAME_HANDS)
    if not _is_settled(known.made_at, known.confirmed_at, at):
        return Obstacle(Why.NEW_ACCOUNT, known.made_at + FIRST_DAY)
    if not any(_is_settled(granted.at, granted.confirmed_at, at) for granted in fitting):
        return Obstacle(Why.NEW_ROLE, min(granted.at for granted in fitting) + FIRST_DAY)
    return None


class Sureness(IntEnum):
    """How sure it is that somebody who may do an act is behind an account that does it alone."""

    NOBODY = 0  # it has no role for the act
    NEW = 1  # of its first day, or with a role of its first day
    UNCONFIRMED = 2  # it could be in the hands of somebody who may not do the act
    SURE = 3


def sureness(account_id: int, *, act: str, accounts: Mapping[int, Account], at: datetime) -> Sureness:
    """Return how sure it is that somebody who may do `act` is behind this account. `accounts` holds its makers as well."""
    if not _roles_for(act, accounts[account_id]):
        return Sureness.NOBODY
    if not _is_settled_for(act, accounts[account_id], at):
        return Sureness.NEW
    makers = hands(account_id, accounts, at) - {account_id}
    return Sureness.SURE if all(_is_settled_for(act, accounts[maker], at) for maker in makers) else Sureness.UNCONFIRMED


def hands(account_id: int, accounts: Mapping[int, Account], at: datetime) -> frozenset[int]:
    """Return everybody who could control an account: its owner and, while it is unconfirmed, its maker and so on."""
    found: set[int] = set()
    here: int | None = account_id
    while here is not None and here not in found:
        found.add(here)
        account = accounts[here]
        here = None if _is_confirmed(account.confirmed_at, at) else account.made_by
    return frozenset(found)


def counting_confirmation(confirmed_at: datetime | None, own_factor_at: datetime | None) -> datetime | None:
    """Return when an account was confirmed, or None if that was before its owner had a second factor of their own."""
    if confirmed_at is None or own_factor_at is None or confirmed_at < own_factor_at:
        return None
    return confirmed_at


def own_role_until(
    account: Account, added: frozenset[str], at: datetime, *, accounts: Mapping[int, Account]
) -> datetime | None:
    """Return until when an account can't give itself these roles, or None if it can: only one role that two-person acts
    need may be added a day.

    A role given by an account that was in its hands counts as its own giving. `accounts` holds whoever gave it roles,
    and makers.
    """
    wanted = added & TWO_PERSON_ROLES
    if not wanted:
        return None
    if len(wanted) > 1:
        return at + FIRST_DAY
    recent = [
        granted.at
        for granted in account.roles
        if gave_itself(account.id, granted.by, accounts, granted.at)
        and granted.role in TWO_PERSON_ROLES
        and not _is_settled(granted.at, granted.confirmed_at, at)
    ]
    return max(recent) + FIRST_DAY if recent else None


def gave_itself(account_id: int, by: int | None, accounts: Mapping[int, Account], at: datetime) -> bool:
    """Return whether a grant by another account counts as its own, because the giver was in its hands at that time."""
    return by is not None and account_id in hands(by, accounts, at)


def waits_for_confirming(account: Account) -> bool:
    """Return whether an account or one of its roles was given by one administrator alone and is still unconfirmed."""
    is_made_alone = account.made_by is not None and account.confirmed_at is None
    return is_made_alone or any(role.by is not None and role.confirmed_at is None for role in account.roles)


def waiting_until(account: Account, at: datetime) -> dict[str, datetime]:
    """Return the roles with which an account can't be a second person yet, and from when it can."""
    new = None if _is_settled(account.made_at, account.confirmed_at, at) else account.made_at + FIRST_DAY
    waits = {
        granted.role: granted.at + FIRST_DAY
        for granted in account.roles
        if granted.role in TWO_PERSON_ROLES and not _is_settled(granted.at, granted.confirmed_at, at)
    }
    if new is None:
        return waits
    held = [granted.role for granted in account.roles if granted.role in TWO_PERSON_ROLES]
    return {role: max(new, waits.get(role, new)) for role in held}


def _roles_for(act: str, account: Account) -> list[Granted]:
    return [granted for granted in account.roles if granted.role in ACTS[act]]


def _is_settled_for(act: str, account: Account, at: datetime) -> bool:
    """Return whether an account and a role of it for an act are past their first day, or confirmed."""
    roles = any(_is_settled(granted.at, granted.confirmed_at, at) for granted in _roles_for(act, account))
    return roles and _is_settled(account.made_at, account.confirmed_at, at)


def _is_settled(since: datetime, confirmed_at: datetime | None, at: datetime) -> bool:
    return _is_confirmed(confirmed_at, at) or since + FIRST_DAY <= at


def _is_confirmed(confirmed_at: datetime | None, at: datetime) -> bool:
    return confirmed_at is not None and confirmed_at <= at
