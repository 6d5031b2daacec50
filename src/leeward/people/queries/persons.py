"""A member of staff, for whoever asks for their own data."""

from collections.abc import Collection, Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from leeward.people.models import Invitation, PortalChange, RoleGrant, User


def accounts_with(what: str, hotline_id: int, most: int) -> list[tuple[int, str, str]]:
    """Return accounts of a hotline with this address or name: number, name, address."""
    found = User.objects.filter(Q(email__iexact=what) | Q(name__iexact=what), hotline_id=hotline_id).order_by("id")
    return [(user.pk, user.name, user.email) for user in found[:most]] if what else []


def is_open_account(account_id: int, hotline_id: int) -> bool:
    """Return whether somebody can still sign in to an account; True where there is none."""
    return not User.objects.filter(pk=account_id, hotline_id=hotline_id, is_active=False).exists()


def data_of_account(account_id: int, hotline_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return what is here of an account, without its password and the secrets of its second factors."""
    mine = User.objects.filter(pk=account_id, hotline_id=hotline_id)
    fields = (
        "name",
        "email",
        "languages",
        "countries",
        "away_from",
        "away_until",
        "is_active",
        "made_at",
        "last_login",
    )
    factors = Authenticator.objects.filter(user__in=mine).order_by("id")
    roles = RoleGrant.objects.filter(account__in=mine).order_by("id")
    invitations = invitations_of(mine.first()).values(
        "name", "email", "roles", "languages", "invited_at", "accepted_at"
    )
    return {
        "account": list(mine.values(*fields)),
        "second_factors": list(factors.values("type", "created_at", "last_used_at")),
        "roles": list(roles.values("role", "given_at", "ended_at")),
        "invitations": list(invitations),
    }


def invitations_of(user: User | None) -> QuerySet[Invitation]:
    """Return the invitations of a hotline to one of its accounts; another hotline may have invited the same person."""
    if user is None:
        return Invitation.objects.none()
    mine = Invitation.objects.filter(hotline_id=user.hotline_id).order_by("id")
    return mine.filter(Q(account=user) | Q(email__iexact=user.email))


def names_of_account(data: Mapping[str, list[dict[str, Any]]]) -> set[str]:
    """Return the names under which somebody is or was known here, by the data of their account."""
    return {row["name"] for row in (*data["account"], *data["invitations"]) if row["name"]}


def changes_of_entry(
    changes: QuerySet[PortalChange], hotline_id: int, what: str, names: Collection[str], *, but_not: Collection[str]
) -> list[PortalChange]:
    """Return those of the changes that are about a thing under these names or one that it had before, the oldest first; not those
    of other things, which `but_not` names."""
    rows = list(changes.filter(hotline_id=hotline_id, what=what).exclude(about__in=but_not))
    known, found = set(names), dict[int, PortalChange]()
    while more := [row for row in rows if row.pk not in found and known & {row.about, _name_after(row)}]:
        found |= {row.pk: row for row in more}
        known |= {row.about for row in more}
    return [found[number] for number in sorted(found)]


def data_of_changes_of_entry(
    hotline_id: int, what: str, name: str, *, but_not: Collection[str]
) -> list[dict[str, Any]]:
    """Return what two people changed of an entry, or wanted to, for whoever it is about and asks for their own data: without who of
    the staff did it."""
    fields = ("about", "before", "wanted", "asked_at", "settled_at", "outcome")
    rows = changes_of_entry(PortalChange.objects.all(), hotline_id, what, [name], but_not=but_not)
    return [{field: getattr(row, field) for field in fields} for row in rows]


def _name_after(change: PortalChange) -> str:
    """Return what the entry that a change is about is called once it is carried out."""
    names = zip(("kind", "country", "email"), change.about.split("/", 2), strict=False)
    return "/".join(str(change.wanted.get(field, value)) for field, value in names)
