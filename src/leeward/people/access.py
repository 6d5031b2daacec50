"""The door of the desk: who is signed in, with a second factor, in which hotline, and whether they may."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django_scopes import scope

from leeward.ground.actor import Actor
from leeward.ground.errors import NotAllowed
from leeward.people.models import User
from leeward.people.rules.permissions import may

SETUP_URL = "/desk/account/2fa/"


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in member of staff as an actor."""
    user = request.user
    assert isinstance(user, User)
    return Actor(kind="staff", id=user.pk, name=user.name, hotline_id=user.hotline_id, roles=frozenset(user.roles))


def has_second_factor(user: User) -> bool:
    """Whether the account has a TOTP secret or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def _knows_second_factor(request: HttpRequest, user: User) -> bool:
    """As `has_second_factor`, remembered in the session so that a page doesn't ask again."""
    if settings.LEEWARD.demonstration or request.session.get("second_factor") == user.pk:
        return True
    if has_second_factor(user):
        request.session["second_factor"] = user.pk
        return True
    return False


type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff[**P](act: str) -> Callable[[View[P]], View[P]]:
    """Let a view be reached by staff who may do `act`, inside their hotline's scope; others sign in first or get 403."""

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not isinstance(user, User) or not user.is_active:
                return redirect_to_login(request.get_full_path())
            if not _knows_second_factor(request, user):
                return redirect(SETUP_URL)
            decision = may(actor_of(request), act, user.hotline_id)
            if not decision:
                raise NotAllowed(reason=decision.reason)
            with scope(hotline=user.hotline_id):
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                    response.render()  # inside the scope
                return response

        guarded.act = act  # type: ignore[attr-defined]  # for the table of routes
        return cast("View[P]", guarded)

    return mark


def home_of(user: User) -> str:
    """Where an account goes after signing in."""
    if frozenset(user.roles) & {"analyst", "supervisor", "police_liaison"}:
        return "/desk/"
    return "/desk/log" if "auditor" in user.roles else "/desk/people"
