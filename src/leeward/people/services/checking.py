"""Checks that every service makes before it writes: permission, existence of the account, valid fields."""

from collections.abc import Sequence
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound, require
from leeward.foundation.patterns import Pattern
from leeward.people.countries import country_names
from leeward.people.errors import FieldIsWrong, PortalIsRecord, UnknownLanguage, UnknownRole
from leeward.people.models import Hotline, Portal, User
from leeward.people.rules.permissions import ROLES, may

# Kosovo's code, which is in general use but in no standard.
OWN_CODES = frozenset({"XK"})
_TAG = Pattern(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def authorize(actor: Actor, act: str, hotline_id: int | None) -> None:
    """Raise NotAllowed unless `actor` may do `act` in this hotline; pass None for something that belongs to no single
    hotline."""
    require(may(actor, act, hotline_id))


def demand_no_record(portal: Portal) -> None:
    """Raise PortalIsRecord for a portal that was handed over to another hotline: what it said then stays as it was."""
    if portal.handed_over_at is not None:
        raise PortalIsRecord


def account_of(account_id: int, actor: Actor) -> User:
    """Return the account, locked until the transaction ends; staff can only reach their own hotline's. Raises NotFound."""
    found = User.objects.select_for_update().filter(pk=account_id)
    if actor.kind == "staff":
        found = found.filter(hotline_id=actor.hotline_id or 0)
    user = found.first()
    if user is None:
        raise NotFound(what=_("account"))
    return user


def hotline_of(account_id: int) -> int | None:
    """Return the hotline to lock before the account, or None if there is no such account."""
    return User.objects.filter(pk=account_id).values_list("hotline_id", flat=True).first()


def staff_id(actor: Actor) -> int:
    """Return the account number of a member of staff; raises NotAllowed for anybody else."""
    if actor.kind != "staff" or actor.id is None:
        raise NotAllowed(reason=_("only a member of staff can do this"))
    return actor.id


def check_roles(roles: Sequence[str]) -> list[str]:
    """Return roles as they are stored; raises UnknownRole."""
    for role in roles:
        if role not in ROLES:
            raise UnknownRole(role=role)
    return sorted(set(roles))


def check_languages(languages: Sequence[str]) -> list[str]:
    """Return language tags as they are stored, in order and without duplicates; raises UnknownLanguage."""
    tags = [tag.strip().lower() for tag in languages]
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise UnknownLanguage(language=repr(tag))
    return list(dict.fromkeys(tags))


def check_countries(countries: Sequence[str]) -> list[str]:
    """Return country codes as they are stored, sorted and without duplicates; raises FieldIsWrong."""
    for country in countries:
        check_country(country)
    return sorted(set(countries))


def check_country(country: str) -> None:
    """Raise FieldIsWrong unless this is a country code of two capital letters."""
    if country not in country_names() and country not in OWN_CODES:
        raise FieldIsWrong(field=_("Country"), why=_("enter a country’s two capital letters, for example JM."))


def check_zone(zone: str) -> None:
    """Raise FieldIsWrong unless there is a time zone of this name."""
    if zone not in available_timezones():
        raise FieldIsWrong(field=_("Time zone"), why=_("there is none with this name. One is America/Jamaica."))


def check(row: Hotline | Portal | User, *, but: Sequence[str] = ()) -> None:
    """Raise FieldIsWrong for the first field that fails its model's validation."""
    try:
        row.full_clean(exclude=[*but, "password"] if isinstance(row, User) else but)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise FieldIsWrong(field=field, why=" ".join(messages)) from error
