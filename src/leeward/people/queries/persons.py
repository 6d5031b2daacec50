"""A member of staff, for whoever asks for their own data."""

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from leeward.people.models import Invitation, RoleGrant, User


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
