"""With which portal another one shares being on call, and which number of the police those on call are told: once a portal is in
use, both change only when a second person confirms it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.oncall.models import PortalRota
from leeward.oncall.queries.rotas import agreements_of
from leeward.oncall.services.rotating import MOST_NUMBER, change_rota
from leeward.people.queries import PortalChangeRow, is_overtaken, portal, portal_change
from leeward.people.rules.names import tidy_name
from leeward.people.rules.reach import PARTNER, POLICE_NUMBER
from leeward.people.services import ask_change, authorize, takes_two


def set_police_number(portal_id: int, number: str, *, actor: Actor) -> int | None:
    """Enter whom people telephone if nobody else answers; empty: nobody. Returns the number of the change if it waits for a
    second person.
    """
    if len(number) > MOST_NUMBER:
        raise BadInput(what=_("number"), why=_("it is too long"))
    return _ask_or_do(portal_id, POLICE_NUMBER, {"police_number": tidy_name(number)}, actor)


def want_partner(portal_id: int, partner_id: int | None, hours: str, *, actor: Actor) -> int | None:
    """Have the people on call for another portal paged as well, during these hours ("22:00-06:00") at once, otherwise when
    nobody here answers. It holds once the other side has agreed; without a partner it ends. Returns the number of the change if
    it waits for a second person.
    """
    if partner_id == portal_id:
        raise BadInput(what=_("portal"), why=_("it is this one"))
    name = _name_of(partner_id) if partner_id else ""
    wanted = {"partner_id": partner_id or 0, "partner": name, "partner_hours": hours if partner_id else ""}
    return _ask_or_do(portal_id, PARTNER, wanted, actor)


def agree_to_help(portal_id: int, other_id: int, *, agrees: bool, actor: Actor, hours: str = "") -> int | None:
    """Agree that people on call for this portal are paged for another one that wants it, first in these `hours`; or stop.
    Returns the number of the change if it waits for a second person. Raises NotFound if the other portal wants nothing, or other
    hours by now.
    """
    if agrees and _hours_wanted(portal_id, other_id) != hours:
        raise NotFound(what=_("portal"))
    helps = _name_of(other_id, hours) if agrees else ""
    wanted = {"helps_id": other_id, "helps": helps, "helps_hours": hours, "agrees": agrees}
    return _ask_or_do(portal_id, PARTNER, wanted, actor, about=str(other_id))


def take_confirmed_partner(change_id: int) -> None:
    """Make a change that two people agreed on, unless a newer one was agreed on since. Repeating it changes nothing."""
    change = portal_change(change_id)
    if change is None or change.what not in (PARTNER, POLICE_NUMBER) or change.portal_id is None:
        return
    with hotline_transaction():
        if not is_overtaken(change) and _still_holds(change):
            _do(change.portal_id, change.what, change.wanted, Actor("system", hotline_id=change.hotline_id))


def _still_holds(change: PortalChangeRow) -> bool:
    """Return whether a portal still asks for the help that two people here agreed to, in the same hours."""
    if not change.wanted.get("agrees"):
        return True
    return _hours_wanted(change.portal_id or 0, change.wanted["helps_id"]) == str(change.wanted["helps_hours"])


def _hours_wanted(portal_id: int, other_id: int) -> str | None:
    """Return the hours in which another portal wants the help of this one first; None if it wants none."""
    return next((one.hours for one in agreements_of(portal_id).wishes if one.portal.id == other_id), None)


def _ask_or_do(portal_id: int, what: str, wanted: Mapping[str, object], actor: Actor, *, about: str = "") -> int | None:
    hotline_id = portal(portal_id).hotline_id
    authorize(actor, "oncall.edit", hotline_id)
    with hotline_transaction():
        before = _now(portal_id, wanted)
        if all(before.get(name) == value for name, value in wanted.items()):
            return None
        if takes_two(portal_id, actor):
            return ask_change(
                portal_id, what, hotline_id=hotline_id, about=about, before=before, wanted=wanted, actor=actor
            )
        _do(portal_id, what, wanted, actor)
    return None


def _now(portal_id: int, wanted: Mapping[str, object]) -> dict[str, object]:
    """Return what holds now of everything that is wanted."""
    row = PortalRota.objects.filter(portal_id=portal_id).first() or PortalRota()
    partner = _name_of(row.partner_id) if row.partner_id else ""
    now: dict[str, object] = {
        "police_number": row.police_number,
        "partner_id": row.partner_id or 0,
        "partner": partner,
        "partner_hours": row.partner_hours,
    }
    if "helps_id" in wanted:
        other = int(str(wanted["helps_id"]))
        hours = row.helps.get(str(other))
        now |= {"helps_id": other, "agrees": hours is not None, "helps_hours": hours or ""}
        now["helps"] = _name_of(other, hours) if hours is not None else ""
    return {name: now[name] for name in wanted}


def _do(portal_id: int, what: str, wanted: Mapping[str, object], actor: Actor) -> None:
    if what == POLICE_NUMBER:
        change_rota(portal_id, lambda row: _enter(row, str(wanted["police_number"])), "rota.police_number_set", actor)
    elif "helps_id" in wanted:
        event = "rota.help_agreed" if wanted["agrees"] else "rota.help_ended"
        change_rota(portal_id, lambda row: _help(row, wanted), event, actor)
    else:
        partner = int(str(wanted["partner_id"])) or None
        hours = str(wanted["partner_hours"])
        change_rota(portal_id, lambda row: _want(row, partner, hours), "rota.partner_wanted", actor, partner=partner)


def _enter(row: PortalRota, number: str) -> int:
    row.police_number = number
    return int(bool(number))


def _want(row: PortalRota, partner: int | None, hours: str) -> int:
    row.partner_id, row.partner_hours = partner, hours
    return partner or 0


def _help(row: PortalRota, wanted: Mapping[str, object]) -> int:
    other = int(str(wanted["helps_id"]))
    others = {key: hours for key, hours in row.helps.items() if key != str(other)}
    row.helps = others | ({str(other): str(wanted["helps_hours"])} if wanted["agrees"] else {})
    return other


def _name_of(portal_id: int, hours: str = "") -> str:
    """Return a portal with its hotline, and the hours of an agreement if there are any, as the second person reads it."""
    row = portal(portal_id)
    name = f"{row.hotline_name}: {row.name}"
    return f"{name} ({hours}, {row.time_zone})" if hours else name
