"""Making and changing hotlines, portals and accounts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from leeward.audit.services import record
from leeward.ground.actor import Actor
from leeward.ground.errors import BadInput, NotAllowed, NotFound
from leeward.people.errors import NameIsTaken, NeedsAnotherPerson, NothingToSettle, UnknownRole
from leeward.people.models import Hotline, Portal, SecondFactorReset, User
from leeward.people.rules.permissions import ROLES, may

OUR_PATHS = frozenset(
    "notice referral stop law figures learn desk api static proof accessibility healthz hma privacy receipt report appeal log".split()
)


def open_hotline(*, slug: str, name: str, country: str, mode: str, email: str, actor: Actor) -> int:
    """Make a hotline; return its number."""
    _check_country(country)
    hotline = Hotline(slug=slug, name=name, country=country, mode=mode, email=email)
    _check(hotline)
    with transaction.atomic():
        hotline.save()
        record(
            "hotline.opened",
            actor=actor,
            hotline_id=hotline.pk,
            subject=f"hotline:{hotline.pk}",
            facts={"country": country, "mode": mode},
        )
    return hotline.pk


def open_portal(hotline_id: int, *, slug: str, actor: Actor, **fields: Any) -> int:
    """Make a portal of a hotline; return its number. A portal can't have the name of one of our own pages."""
    _demand(actor, "portal.edit", hotline_id)
    if slug in OUR_PATHS or Portal.objects.filter(slug=slug).exists():
        raise NameIsTaken(name=slug)
    portal = Portal(hotline_id=hotline_id, slug=slug)
    _take_fields(portal, fields)
    with transaction.atomic():
        portal.save()
        facts = {"country": portal.country, "languages": portal.languages}
        record("portal.opened", actor=actor, hotline_id=hotline_id, subject=f"portal:{portal.pk}", facts=facts)
    return portal.pk


def change_portal(portal_id: int, *, actor: Actor, **fields: Any) -> None:
    """Change fields of a portal."""
    portal = Portal.objects.filter(pk=portal_id, hotline_id=actor.hotline_id or 0).first()
    if portal is None:
        raise NotFound(what="portal")
    _demand(actor, "portal.edit", portal.hotline_id)
    before = {name: getattr(portal, name) for name in fields}
    _take_fields(portal, fields)
    changed = sorted(name for name in fields if before[name] != getattr(portal, name))
    if not changed:
        return
    with transaction.atomic():
        portal.save()
        record(
            "portal.changed",
            actor=actor,
            hotline_id=portal.hotline_id,
            subject=f"portal:{portal.pk}",
            facts={"fields": changed},
        )


def add_account(
    hotline_id: int,
    *,
    email: str,
    name: str,
    roles: Sequence[str],
    password: str,
    actor: Actor,
    languages: Sequence[str] = (),
) -> int:
    """Make an account of a hotline; return its number."""
    _demand(actor, "account.edit", hotline_id)
    _check_roles(roles)
    if User.objects.filter(email=email.lower()).exists():
        raise NameIsTaken(name=email)
    user = User(email=email.lower(), name=name, hotline_id=hotline_id, roles=sorted(roles), languages=list(languages))
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadInput(what="the password", why=" ".join(error.messages).rstrip(".").lower()) from error
    user.set_password(password)
    _check(user)
    with transaction.atomic():
        user.save()
        record(
            "account.added",
            actor=actor,
            hotline_id=hotline_id,
            subject=f"account:{user.pk}",
            facts={"roles": sorted(roles)},
        )
    return user.pk


def change_account(
    account_id: int, *, actor: Actor, roles: Sequence[str] | None = None, is_active: bool | None = None
) -> None:
    """Change an account's roles or close it; an administrator can't lock themselves out."""
    user = _account(account_id, actor)
    _demand(actor, "account.edit", user.hotline_id)
    facts: dict[str, object] = {}
    if roles is not None and sorted(roles) != sorted(user.roles):
        _check_roles(roles)
        if actor.id == user.pk and "administrator" not in roles:
            raise NotAllowed(reason="you would lose your own role of administrator")
        user.roles = sorted(roles)
        facts["roles"] = user.roles
    if is_active is not None and is_active != user.is_active:
        if actor.id == user.pk:
            raise NotAllowed(reason="you can't close your own account")
        user.is_active = is_active
        facts["active"] = is_active
    if not facts:
        return
    with transaction.atomic():
        user.save()
        record("account.changed", actor=actor, hotline_id=user.hotline_id, subject=f"account:{user.pk}", facts=facts)


def ask_second_factor_reset(account_id: int, *, actor: Actor) -> int:
    """Ask that a lost second factor be removed; a second person must approve. Return the request's number."""
    user = _account(account_id, actor)
    _demand(actor, "account.reset", user.hotline_id)
    with transaction.atomic():
        request = SecondFactorReset.objects.create(
            hotline_id=user.hotline_id, account=user, asked_by_id=_staff_id(actor)
        )
        record(
            "second_factor.reset_asked",
            actor=actor,
            hotline_id=user.hotline_id,
            subject=f"account:{user.pk}",
            facts={"request": request.pk},
        )
    return request.pk


def settle_second_factor_reset(request_id: int, *, approve: bool, actor: Actor) -> None:
    """Approve (the second factor is removed) or refuse; never by who asked or whom it is about."""
    with transaction.atomic():
        request = (
            SecondFactorReset.objects.select_for_update()
            .filter(pk=request_id, hotline_id=actor.hotline_id or 0)
            .first()
        )
        if request is None:
            raise NotFound(what="request")
        _demand(actor, "account.reset", request.hotline_id)
        if actor.id in (request.asked_by_id, request.account_id):
            raise NeedsAnotherPerson
        if request.outcome:
            raise NothingToSettle
        request.outcome = "approved" if approve else "refused"
        request.settled_by_id = _staff_id(actor)
        request.settled_at = datetime.now(UTC)
        request.save()
        if approve:
            Authenticator.objects.filter(user_id=request.account_id).delete()
        event = "second_factor.reset_approved" if approve else "second_factor.reset_refused"
        record(
            event,
            actor=actor,
            hotline_id=request.hotline_id,
            subject=f"account:{request.account_id}",
            facts={"request": request.pk},
        )


def _account(account_id: int, actor: Actor) -> User:
    found = User.objects.filter(pk=account_id)
    if actor.kind == "staff":
        found = found.filter(hotline_id=actor.hotline_id or 0)
    user = found.first()
    if user is None:
        raise NotFound(what="account")
    return user


def _staff_id(actor: Actor) -> int:
    if actor.kind != "staff" or actor.id is None:
        raise NotAllowed(reason="only a member of staff can do this")
    return actor.id


def _demand(actor: Actor, act: str, hotline_id: int) -> None:
    decision = may(actor, act, hotline_id)
    if not decision:
        raise NotAllowed(reason=decision.reason)


def _check_roles(roles: Sequence[str]) -> None:
    for role in roles:
        if role not in ROLES:
            raise UnknownRole(role=role)


def _check_country(country: str) -> None:
    if not (len(country) == 2 and country.isascii() and country.isupper()):
        raise BadInput(what=f"The country {country!r}", why="it must be two capital letters, for example JM")


def _take_fields(portal: Portal, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(portal, name, value)
    portal.working_days = portal.working_days or [1, 2, 3, 4, 5]
    _check_country(portal.country)
    if not portal.languages:
        raise BadInput(what="The list of languages", why="it is empty")
    if portal.time_zone not in available_timezones():
        raise BadInput(what=f"The time zone {portal.time_zone!r}", why="there is none of this name")
    ZoneInfo(portal.time_zone)
    for day in portal.holidays:
        try:
            date.fromisoformat(day)
        except (TypeError, ValueError) as error:
            raise BadInput(what=f"The holiday {day!r}", why="it must be a date like 2027-08-06") from error
    _check(portal)


def _check(row: Hotline | Portal | User) -> None:
    try:
        row.full_clean(exclude=["password"] if isinstance(row, User) else None)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadInput(what=field, why=" ".join(messages).rstrip(".").lower()) from error
