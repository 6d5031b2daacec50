"""A member of staff, for whoever asks for their own data."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q

from leeward.people.models import RoleGrant, User


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
    return {
        "account": list(mine.values(*fields)),
        "second_factors": list(factors.values("type", "created_at", "last_used_at")),
        "roles": list(roles.values("role", "given_at", "ended_at")),
    }
