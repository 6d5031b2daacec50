"""Access control for the desk: checks that a member of staff is signed in, has a password of their own and a second
factor, and has permission to act in their hotline."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django_scopes import scope

from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound, require
from leeward.people.errors import EnteredSince
from leeward.people.models import User
from leeward.people.queries import SECOND_FACTORS, DeskFrame, ReviewRow, desk_frame, open_review
from leeward.people.rules.permissions import ANALYST, SUPERVISOR, may

FRONT = "/desk/"  # staff without a queue of cases land on their own part of the desk
SETUP_URL = "/desk/account/2fa/"
PASSWORD_URL = "/desk/account/password/change/"  # noqa: S105 - a path


def actor_of(request: HttpRequest) -> Actor:
    """Return the signed-in member of staff as an actor."""
    user = request.user
    assert isinstance(user, User)
    return actor_for(user)


def demand_as_shown(request: HttpRequest, mark: str) -> None:
    """Raise EnteredSince unless the page whose form this is showed what holds now (`mark`, "" where there is no such thing any more); in the
    transaction of what follows."""
    if not mark or request.POST.get("seen") != mark:
        raise EnteredSince


def first_shown(request: HttpRequest, mark: str) -> str:
    """Return the mark for a page's form: of what holds now, but where it comes back with a mistake, of what was read first."""
    return request.POST.get("seen", "") if request.method == "POST" else mark


def actor_for(user: User) -> Actor:
    """Return an account as an actor."""
    return Actor(kind="staff", id=user.pk, name=user.name, hotline_id=user.hotline_id, roles=frozenset(user.roles))


def house_of(request: Any) -> DeskFrame:
    """Return what the desk of the signed-in person's hotline looks like, queried at most once per page."""
    if not hasattr(request, "house"):
        request.house = desk_frame(request.user.hotline_id)
    frame: DeskFrame = request.house
    return frame


def staff_member(account_id: int, hotline_id: int) -> Actor | None:
    """Return an open account of this hotline as an actor, or None."""
    user = User.objects.filter(pk=account_id, hotline_id=hotline_id, is_active=True).first()
    return actor_for(user) if user else None


def has_second_factor(user: User) -> bool:
    """Return whether the account has a TOTP secret or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())


def needs_second_factor(request: HttpRequest, user: User) -> bool:
    """Return whether the account must set up a second factor first; cached in the session so that later pages don't
    query again."""
    if settings.LEEWARD.demonstration or request.session.get("second_factor") == user.pk:
        return False
    if has_second_factor(user):
        request.session["second_factor"] = user.pk
        return False
    return True


OUTSIDE_REVIEWERS_ACT = "case.assess"  # in their own hotline
# The role that a visitor exercises at the subject of the invitation, if they hold it in their own hotline.
ROLES_OF_OUTSIDE_REVIEWERS = {
    "case": frozenset({ANALYST, SUPERVISOR}),
    "appeal": frozenset({SUPERVISOR}),
    "entry": frozenset({SUPERVISOR}),
}

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff[**P](act: str) -> Callable[[View[P]], View[P]]:
    """Restrict a view to staff who may do `act`, within their hotline's scope; anonymous users are sent to sign in,
    others get 403."""

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not isinstance(user, User) or not user.is_active:
                return _to_sign_in(request)
            if (elsewhere := _not_in_yet(request, user)) is not None:
                return elsewhere
            decision = may(actor_for(user), act, user.hotline_id)
            if not decision and request.path_info == FRONT and home_of(user) != FRONT:
                return redirect(home_of(user))
            require(decision)
            with scope(hotline=user.hotline_id):
                return view(request, *args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]  # for the table of routes
        return guarded

    return mark


@dataclass(frozen=True, slots=True)
class OutsideReviewer:
    """An invitation and the person from another hotline who is answering it."""

    review: ReviewRow
    actor: Actor


def outside_reviewer[**P](
    view: Callable[Concatenate[HttpRequest, OutsideReviewer, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Restrict a view to the person invited by invitation `number`, in the scope of the hotline that invited them,
    while the invitation is valid. Everybody else gets a 404."""

    @wraps(view)
    def guarded(request: HttpRequest, number: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or not user.is_active:
            return _to_sign_in(request)
        if (elsewhere := _not_in_yet(request, user)) is not None:
            return elsewhere
        require(may(actor_for(user), OUTSIDE_REVIEWERS_ACT, user.hotline_id))
        review = open_review(number, user.pk, datetime.now(UTC))
        if review is None:
            raise NotFound(what=gettext("invitation"))
        roles = ROLES_OF_OUTSIDE_REVIEWERS[review.subject_kind] & frozenset(user.roles)
        actor = Actor("staff", user.pk, user.name, review.hotline_id, roles)
        with scope(hotline=review.hotline_id):
            return view(request, OutsideReviewer(review, actor), *args, **kwargs)

    guarded.act = OUTSIDE_REVIEWERS_ACT  # type: ignore[attr-defined]  # for the table of routes
    return guarded


def _not_in_yet(request: HttpRequest, user: User) -> HttpResponseBase | None:
    """Return a redirect for somebody who still needs a password of their own or a second factor, else None."""
    if user.must_change_password:
        return redirect(PASSWORD_URL)
    return redirect(SETUP_URL) if needs_second_factor(request, user) else None


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Redirect to the sign-in page, and afterwards back to the requested page; never to the target of a POST, which
    can't be opened."""
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    return redirect(settings.LOGIN_URL)


def home_of(user: User) -> str:
    """Return the page that an account lands on after signing in."""
    roles = frozenset(user.roles)
    if roles & {"analyst", "supervisor", "police_liaison"}:
        return FRONT
    if "administrator" in roles:
        return "/desk/administration"
    if "auditor" in roles:
        return "/desk/log"
    return "/desk/languages" if "translator" in roles else "/desk/account/"


def is_own_page(url: str) -> bool:
    """Return whether a signed-in person may be redirected to this address: a desk path on this site."""
    return url.startswith("/desk/") and "\\" not in url and not any(ord(letter) < 33 for letter in url)
