"""Log entries for signing in and out and for second factors: the method used, never an address."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM
from leeward.people.access import actor_for
from leeward.people.models import User

FACTORS = frozenset({"totp", "webauthn", "recovery_codes"})


def used_ways(request: HttpRequest, user: User) -> set[str]:
    """Return the methods used to sign in: password, totp, webauthn, recovery_codes."""
    return {str(step.get("type") or step["method"]) for step in get_authentication_records(request, user)}


def record_signed_in(request: HttpRequest, user: User) -> None:
    """Record `account.signed_in` with the methods used."""
    _record("account.signed_in", user, facts={"by": sorted(used_ways(request, user))})


def record_signed_out(user: User) -> None:
    """Record `account.signed_out`."""
    _record("account.signed_out", user)


def record_failure(user: User | None, step: str) -> None:
    """Record `account.sign_in_failed` for an existing account; guesses at unknown addresses leave nothing in the log.

    Nobody knows who it was, so the actor is the system. The rate limits bound the number of rows.
    """
    if user is None:
        return
    with hotline_transaction(user.hotline_id):
        subject = f"account:{user.pk}"
        facts = {"step": step}
        record("account.sign_in_failed", actor=SYSTEM, hotline_id=user.hotline_id, subject=subject, facts=facts)


def record_factor(event: str, user: User, kind: str) -> None:
    """Record `second_factor.added`, `.removed` or `.renewed`; `kind` is totp, webauthn or recovery_codes."""
    _record(event, user, facts={"kind": kind})


def _record(event: str, user: User, facts: dict[str, Any] | None = None) -> None:
    with hotline_transaction(user.hotline_id):
        record(event, actor=actor_for(user), hotline_id=user.hotline_id, subject=f"account:{user.pk}", facts=facts)
