"""Lost second factors: one person asks, another approves, then the account sets up a new one."""

from datetime import UTC, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.people.errors import AccountIsClosed, NeedsAnotherPerson, NothingToSettle
from leeward.people.models import SecondFactorReset, User
from leeward.people.queries.second_person import password_giver
from leeward.people.services.checking import account_of, authorize, hotline_of, staff_id
from leeward.people.services.roles import demand_second, made_anew, undo_confirmation


def ask_second_factor_reset(account_id: int, *, actor: Actor) -> int:
    """Request the removal of a lost second factor; return the request's number. Asking again returns the same request."""
    with hotline_transaction(hotline_of(account_id)):
        user = account_of(account_id, actor)
        authorize(actor, "account.reset", user.hotline_id)
        if not user.is_active:
            raise AccountIsClosed
        waiting = SecondFactorReset.objects.filter(account=user, outcome="").first()
        if waiting:
            return waiting.pk
        request = SecondFactorReset.objects.create(
            hotline_id=user.hotline_id, account=user, asked_by_id=staff_id(actor)
        )
        _record("second_factor.reset_asked", request, actor)
    return request.pk


def settle_second_factor_reset(request_id: int, *, approve: bool, actor: Actor) -> None:
    """Approve a request (second factors and recovery codes are removed, sessions end) or refuse it.

    The person who asked and the account's owner can't settle it. In a hotline of two, whoever runs the server can be
    the second person: an actor of kind "command".
    """
    request_hotline = SecondFactorReset.objects.filter(pk=request_id).values_list("hotline_id", flat=True).first()
    with hotline_transaction(request_hotline):
        found = SecondFactorReset.objects.select_for_update().filter(pk=request_id)
        if actor.kind != "command":
            found = found.filter(hotline_id=actor.hotline_id or 0)
        request = found.first()
        if request is None:
            raise NotFound(what=_("request"))
        authorize(actor, "account.reset", request.hotline_id)
        if actor.kind not in ("staff", "command"):
            raise NotAllowed(reason=_("only a member of staff can do this"))
        if actor.id is not None and actor.id in (request.asked_by_id, request.account_id):
            raise NeedsAnotherPerson
        if request.outcome:
            raise NothingToSettle
        if approve:
            demand_second(actor, {request.asked_by_id}, act="account.reset")
        request.outcome = "approved" if approve else "refused"
        request.settled_by_id = actor.id
        request.settled_at = datetime.now(UTC)
        request.save()
        if approve:
            _take_factors_off(request.account_id, at=request.settled_at)
        _record("second_factor.reset_approved" if approve else "second_factor.reset_refused", request, actor)


def _take_factors_off(account_id: int, *, at: datetime) -> None:
    """Remove the second factors and end the sessions. The account's confirmation lapses, since it was for the old
    factors. If the owner has not changed their first password yet, the account is now in the hands of whoever gave it."""
    Authenticator.objects.filter(user_id=account_id).delete()
    user = User.objects.select_for_update().get(pk=account_id)
    user.session_epoch += 1
    user.own_factor_at = None
    undo_confirmation(user)
    if user.must_change_password:
        made_anew(user, by=password_giver(user.pk), at=at)
    changed = ["session_epoch", "made_at", "made_by", "confirmed_at", "confirmed_by", "own_factor_at"]
    user.save(update_fields=changed)


def keep_own_factor(user: User) -> None:
    """Record since when an account's owner has had a second factor; the caller's transaction logs it."""
    User.objects.filter(pk=user.pk, must_change_password=False, own_factor_at=None).update(
        own_factor_at=datetime.now(UTC)
    )


def _record(event: str, request: SecondFactorReset, actor: Actor) -> None:
    subject, facts = f"account:{request.account_id}", {"request": request.pk}
    record(event, actor=actor, hotline_id=request.hotline_id, subject=subject, facts=facts)


def refuse_resets_of(account_id: int) -> list[int]:
    """Refuse every open request by or about somebody who leaves, in the caller's transaction; return the requests'
    numbers."""
    found = SecondFactorReset.objects.filter(Q(asked_by_id=account_id) | Q(account_id=account_id), outcome="")
    numbers = sorted(found.values_list("pk", flat=True))
    SecondFactorReset.objects.filter(pk__in=numbers).update(outcome="refused", settled_at=datetime.now(UTC))
    return numbers
