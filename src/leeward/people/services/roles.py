"""Roles with their dates: given, taken away, confirmed by a second administrator; and who may be a second person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.formats import date_format

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.people.errors import (
    AccountIsClosed,
    EnteredSince,
    NothingToConfirm,
    NotSecondPerson,
    NotYetTheirOwn,
    OwnAccount,
    SecondRoleTooSoon,
)
from leeward.people.labels import SECOND_PERSON
from leeward.people.models import RoleGrant, User
from leeward.people.queries.portals import time_zone_of
from leeward.people.queries.second_person import dated_accounts, needs_confirming, second_person_obstacle
from leeward.people.rules.reading import mark_of
from leeward.people.rules.second_person import (
    NEVER_ONES_OWN,
    Obstacle,
    Why,
    counting_confirmation,
    gave_itself,
    own_role_until,
)
from leeward.people.services.checking import account_of, authorize, hotline_of


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """The roles of an account that nobody has confirmed, and a mark of them, of who gave them, and of the account itself."""

    roles: tuple[str, ...]
    mark: str


def keep_roles(user: User, roles: Collection[str], *, actor: Actor, at: datetime | None = None) -> None:
    """Record which roles a saved account has from now on, in the caller's transaction, which logs it and saves `user`.

    Raises SecondRoleTooSoon if somebody gives themselves a role that would make them both halves of an act that takes
    two.
    """
    at = at or datetime.now(UTC)
    giver = actor.id if actor.kind == "staff" else None
    held = RoleGrant.objects.filter(account=user, ended_at=None)
    before = set(held.values_list("role", flat=True))
    added = frozenset(roles) - before
    if giver is not None:
        _refuse_own(user, giver, added, at)
    held.exclude(role__in=roles).update(ended_at=at, ended_by_id=giver)
    RoleGrant.objects.bulk_create(
        RoleGrant(hotline_id=user.hotline_id, account=user, role=role, given_at=at, given_by_id=giver)
        for role in sorted(added)
    )
    user.roles = sorted(roles)


def _refuse_own(user: User, giver: int, added: frozenset[str], at: datetime) -> None:
    """Refuse a second role in a day that somebody gives themselves, with their own account or one that is in their hands."""
    givers = RoleGrant.objects.filter(account=user, ended_at=None, given_by__isnull=False)
    accounts = dated_accounts({user.pk, giver, *givers.values_list("given_by_id", flat=True)})
    if not gave_itself(user.pk, giver, accounts, at):
        return
    if added & NEVER_ONES_OWN:
        raise OwnAccount if giver == user.pk else NotSecondPerson(Why.SAME_HANDS)
    until = own_role_until(accounts[user.pk], added, at, accounts=accounts)
    if until is not None and giver != user.pk:
        raise NotSecondPerson(Why.SAME_HANDS)
    if until is not None:
        raise SecondRoleTooSoon(when=moment(until, user.hotline_id))


def confirm_account(account_id: int, *, seen: str, actor: Actor) -> None:
    """Vouch for an account and its roles as the second administrator, so that they count at once. `seen`: the mark
    of what that person has read (`unconfirmed_of`).

    Whoever made the account or gave the roles can't do it, nor can an account that could be in their hands. It isn't
    possible before the owner has set up a second factor, since until then the account belongs to whoever knows its
    first password. Raises NotFound, AccountIsClosed, NothingToConfirm, NotYetTheirOwn, NotSecondPerson, EnteredSince.
    """
    with hotline_transaction(hotline_of(account_id)):
        user = account_of(account_id, actor)
        authorize(actor, "account.edit", user.hotline_id)
        if not user.is_active:
            raise AccountIsClosed
        open_grants = _unconfirmed(user)
        is_new = _is_unconfirmed(user)
        if actor.kind != "command" and not needs_confirming(user.pk):
            raise NothingToConfirm
        demand_second(actor, _givers(user), act="account.edit")
        if user.own_factor_at is None or user.must_change_password:
            raise NotYetTheirOwn(name=user.name)
        demand_read(_waiting(user).mark, seen=seen)
        now = datetime.now(UTC)
        roles = sorted(open_grants.values_list("role", flat=True))
        open_grants.update(confirmed_at=now, confirmed_by_id=actor.id)
        if is_new:
            User.objects.filter(pk=user.pk).update(confirmed_at=now, confirmed_by_id=actor.id)
        facts = {"account": is_new, "roles": roles}
        record("account.confirmed", actor=actor, hotline_id=user.hotline_id, subject=f"account:{user.pk}", facts=facts)


def unconfirmed_of(account_id: int) -> Unconfirmed:
    """Return what a second administrator would vouch for by confirming an account."""
    return _waiting(User.objects.get(pk=account_id))


def _waiting(user: User) -> Unconfirmed:
    grants = list(_unconfirmed(user).order_by("role", "pk").values_list("pk", "role", "given_by_id"))
    mark = mark_of(user.pk, user.email, _is_unconfirmed(user), user.own_factor_at, grants)
    return Unconfirmed(tuple(role for _pk, role, _by in grants), mark)


def confirming_obstacle(account_id: int, actor: Actor) -> str:
    """Return why this actor can't confirm an account, in words, or ""."""
    found = second_person_obstacle(actor, _givers(User.objects.get(pk=account_id)), act="account.edit")
    return second_person_words(found, actor.hotline_id)[0] if found else ""


def _unconfirmed(user: User) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(account=user, ended_at=None, confirmed_at=None)


def _is_unconfirmed(user: User) -> bool:
    return counting_confirmation(user.confirmed_at, user.own_factor_at) is None


def _givers(user: User) -> set[int | None]:
    """Return who can't confirm an account besides those who control it: its owner, and whoever gave an unconfirmed role."""
    return {user.pk, *_unconfirmed(user).values_list("given_by_id", flat=True)}


def demand_second(actor: Actor, firsts: Iterable[int | None], *, act: str, at: datetime | None = None) -> None:
    """Raise NotSecondPerson unless the actor can be the second person to all of `firsts` for this act."""
    found = second_person_obstacle(actor, firsts, act=act, at=at)
    if found is not None:
        raise NotSecondPerson(found.why, when=_when(found, actor.hotline_id))


def demand_read(mark: str, *, seen: str) -> None:
    """Raise EnteredSince unless what waits now (`mark`) is what the second person has read (`seen`)."""
    if seen != mark:
        raise EnteredSince


def second_person_words(found: Obstacle, hotline_id: int | None) -> tuple[str, str]:
    """Return why somebody can't be the second person and what to do, for a page that says so before they try."""
    sentence, hint = SECOND_PERSON[found.why]
    return str(sentence).format(when=_when(found, hotline_id)), str(hint)


def _when(found: Obstacle, hotline_id: int | None) -> str:
    return moment(found.until, hotline_id) if found.until else ""


def moment(at: datetime, hotline_id: int | None) -> str:
    """Return a time as written in a sentence, in the time zone of the hotline's staff."""
    zone = ZoneInfo(time_zone_of(hotline_id or 0))
    return f"{date_format(at.astimezone(zone), 'j F Y, H:i')} ({zone})"


def made_anew(user: User, *, by: int | None, at: datetime) -> None:
    """Treat an account without a second factor as made now by whoever gave it a first password, since it is in their
    hands."""
    user.made_at, user.made_by_id = at, by
    user.own_factor_at = None
    undo_confirmation(user)


def undo_confirmation(user: User) -> None:
    """Undo an account's confirmation, which was for its owner's previous password and second factor. The caller saves it."""
    user.confirmed_at = user.confirmed_by = None
