"""Who can be the second person of an act that takes two: applies the rule to the rows of the accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from leeward.audit.queries import LogLine, acts_of, log_of
from leeward.audit.services import INSTALLATION
from leeward.foundation.actor import Actor
from leeward.people.models import RoleGrant, User
from leeward.people.rules.second_person import (
    Account,
    Granted,
    Obstacle,
    Why,
    counting_confirmation,
    gave_itself,
    obstacle,
    sureness,
    waits_for_confirming,
)

MOST_GRANTS = 100
A_WEEK = timedelta(days=7)
_NEVER = datetime.max.replace(tzinfo=UTC)
# Acts in the log whose actor was one of two people.
TWO_PERSON_EVENTS = (
    "account.confirmed",
    "appeal.decided",
    "block_appeal.decided",
    "case.assessed",
    "case.merged",
    "adjudication.settled",
    "entry.approved",
    "hash.set_aside",
    "law.edit_accepted",
    "portal.change_confirmed",
    "provider.approved",
    "record.ruling_answered",
    "record.vote_answered",
    "referral.confirmed",
    "report.words_confirmed",
    "second_factor.reset_approved",
    "shared_text.accepted",
    "source.change_answered",
)


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role that somebody of a hotline has or had, as auditors read it; `is_own` if they gave it themselves, or an
    account in their hands did."""

    id: int
    account_id: int
    account: str
    role: str
    given_at: datetime
    given_by: str
    confirmed_at: datetime | None
    confirmed_by: str
    ended_at: datetime | None
    ended_by: str
    is_own: bool


def second_person_obstacle(
    actor: Actor, firsts: Iterable[int | None], *, act: str, at: datetime | None = None
) -> Obstacle | None:
    """Return why this actor can't be the second person to all of `firsts` (None among them is the system or a record),
    or None if they can.

    Whoever runs the server always can; anybody else must be a member of staff.
    """
    if actor.kind == "command":
        return None
    if actor.kind != "staff" or actor.id is None:
        return Obstacle(Why.NO_ROLE)
    people = frozenset(first for first in firsts if first is not None)
    accounts = dated_accounts({actor.id, *people})
    return obstacle(actor.id, people, act=act, accounts=accounts, at=at or datetime.now(UTC))


def is_somebody_surer(actor: Actor, *, act: str, at: datetime) -> bool:
    """Return whether it is surer of an open account of the actor's hotline that somebody who may do `act` is behind it
    than it is of the actor's own."""
    if actor.kind != "staff" or actor.id is None or actor.hotline_id is None:
        return False
    open_accounts = User.objects.filter(hotline_id=actor.hotline_id, is_active=True).values_list("pk", flat=True)
    accounts = dated_accounts({actor.id, *open_accounts})
    own = sureness(actor.id, act=act, accounts=accounts, at=at)
    return any(sureness(other, act=act, accounts=accounts, at=at) > own for other in open_accounts)


def dated_accounts(ids: Iterable[int]) -> dict[int, Account]:
    """Return these accounts and everybody who made them, with their current roles and since when they have had them."""
    found: dict[int, Account] = {}
    wanted = set(ids)
    while wanted:
        grants: dict[int, list[Granted]] = {pk: [] for pk in wanted}
        for row in RoleGrant.objects.filter(account_id__in=wanted, ended_at=None):
            grants[row.account_id].append(Granted(row.role, row.given_at, row.given_by_id, row.confirmed_at))
        for user in User.objects.filter(pk__in=wanted):
            confirmed_at = counting_confirmation(user.confirmed_at, user.own_factor_at)
            found[user.pk] = Account(user.pk, user.made_at, user.made_by_id, confirmed_at, tuple(grants[user.pk]))
        wanted = {one.made_by for one in found.values() if one.made_by is not None} - found.keys()
    return found


def grants_of(hotline_id: int, *, most: int = 200) -> list[GrantRow]:
    """Return who got which role from whom and when, newest first."""
    rows = RoleGrant.objects.filter(hotline_id=hotline_id)
    rows = rows.select_related("account", "given_by", "confirmed_by", "ended_by").order_by("-id")[:most]
    accounts = dated_accounts({row.given_by_id for row in rows if row.given_by_id is not None})
    return [
        GrantRow(
            row.pk,
            row.account_id,
            row.account.name,
            row.role,
            row.given_at,
            row.given_by.name if row.given_by else "",
            row.confirmed_at,
            row.confirmed_by.name if row.confirmed_by else "",
            row.ended_at,
            row.ended_by.name if row.ended_by else "",
            is_own=gave_itself(row.account_id, row.given_by_id, accounts, row.given_at),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class GrantHistory:
    """A role that was given, and the two-person acts in which its holder took part within a week."""

    grant: GrantRow
    acts: tuple[LogLine, ...]


def grants_with_acts(hotline_id: int) -> list[GrantHistory]:
    """Return the newest roles given, each with the two-person acts that followed within a week."""
    grants = grants_of(hotline_id, most=MOST_GRANTS)
    actors = {f"staff:{row.account_id}" for row in grants}
    acts = acts_of((hotline_id, INSTALLATION), actors, TWO_PERSON_EVENTS)
    return [
        GrantHistory(
            row,
            tuple(
                act
                for act in acts
                if act.actor == f"staff:{row.account_id}"
                and row.given_at <= datetime.fromisoformat(act.at) < min(row.given_at + A_WEEK, row.ended_at or _NEVER)
            ),
        )
        for row in grants
    ]


@dataclass(frozen=True, slots=True)
class PasswordGiven:
    """The last first password of an account: the number of its row in the hotline's log, and which member of staff gave
    it."""

    hotline_id: int
    number: int
    by_id: int | None
    by: str


def password_given(account_id: int) -> PasswordGiven | None:
    """Return who gave this account its last first password; without `by_id`, whoever runs the server did."""
    hotline_id = User.objects.get(pk=account_id).hotline_id
    given = log_of(hotline_id, f"account:{account_id}", 1, events=("password.given", "account.added"))
    if not given:
        return None
    kind, _colon, number = given[0].actor.partition(":")
    if kind != "staff":
        return PasswordGiven(hotline_id, given[0].number, None, "")
    return PasswordGiven(hotline_id, given[0].number, int(number), User.objects.get(pk=int(number)).name)


def password_giver(account_id: int) -> int | None:
    """Return which account gave this one its last first password; None if whoever runs the server did."""
    given = password_given(account_id)
    return given.by_id if given else None


def passwords_given_since(account_id: int, hotline_id: int, since: datetime) -> dict[int, datetime]:
    """Return which members of staff gave this account a first password after `since`, and when each last did."""
    found: dict[int, datetime] = {}
    for line in log_of(hotline_id, f"account:{account_id}", events=("password.given",)):
        at, (kind, _colon, number) = datetime.fromisoformat(line.at), line.actor.partition(":")
        if at > since and kind == "staff":
            found.setdefault(int(number), at)
    return found


def needs_confirming(account_id: int) -> bool:
    """Return whether an account or one of its roles was given by one administrator alone and is still unconfirmed."""
    return waits_for_confirming(dated_accounts([account_id])[account_id])
