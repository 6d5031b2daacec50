"""Enter, confirm and remove the helplines that a portal names, and confirm its emergency number. Visitors see no helpline
that nobody has confirmed; once the portal was opened, every change of what they see takes two people.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.people.errors import FieldIsWrong, NameIsTaken
from leeward.people.labels import HELPLINE_NAMES, REACH_NAMES
from leeward.people.models import Helpline, Portal
from leeward.people.queries.helplines import names_waiting
from leeward.people.rules.helplines import ACCESS, ALWAYS, FIELDS, can_be_dialled, read_hours
from leeward.people.rules.names import tidy_name
from leeward.people.rules.reach import HELPLINE
from leeward.people.services.checking import authorize, check_zone, demand_no_record
from leeward.people.services.portal_changes import ask_change, carries_out, is_in_use, is_one_of_two, note_change

EMPTY: Mapping[str, Any] = dict.fromkeys(FIELDS, "") | {"names": {}, "access": []}
_TEXTS = tuple(name for name in FIELDS if name not in ("names", "access"))


def save_helpline(
    portal_id: int, name: str, *, values: Mapping[str, Any], is_confirmed: bool, actor: Actor
) -> int | None:
    """Enter a helpline (`name` is "") or change the one of this name. `is_confirmed`: the actor asked the helpline itself
    whether all of this is right; only then do visitors see it.

    For a portal in use, what visitors see changes once a second person confirms it: the number of that change is
    returned. Raises FieldIsWrong, NameIsTaken, NotFound.
    """
    with hotline_transaction(actor.hotline_id):
        portal = _portal(portal_id, actor)
        row = _named(portal, name) if name else Helpline(portal=portal)
        before = _values(row) if name else dict(EMPTY)
        wanted = _checked({**before, **values}, portal)
        if wanted["name"] != name and _is_taken(portal, wanted["name"], own=name):
            raise NameIsTaken(name=wanted["name"])
        if not is_confirmed and wanted == before:
            return None
        before["is_shown"] = row.is_shown
        will_be_confirmed = is_in_use(portal) and is_one_of_two(actor)  # by the second person
        wanted["is_shown"] = is_confirmed or (row.is_shown and will_be_confirmed)
        if row.is_shown and wanted == before:
            _confirm(row, actor)
            return None
        return _change(portal, row, before, wanted, actor)


def remove_helpline(portal_id: int, name: str, *, actor: Actor) -> int | None:
    """Remove a helpline; for a portal in use one that visitors see stays until a second person confirms it, and the number
    of that change is returned. Raises NotFound."""
    with hotline_transaction(actor.hotline_id):
        portal = _portal(portal_id, actor)
        row = _named(portal, name)
        return _change(portal, row, {"is_shown": row.is_shown}, {"is_shown": False}, actor)


def confirm_emergency_number(portal_id: int, number: str, *, actor: Actor) -> None:
    """Confirm that this is the right emergency number of a portal. Visitors see it all the same, so one person can; once it
    is changed, nobody has confirmed it. Raises NotFound, and FieldIsWrong if the portal has another number by now.
    """
    with hotline_transaction(actor.hotline_id):
        portal = _portal(portal_id, actor)
        if not number or number != portal.emergency_number:
            raise FieldIsWrong(field=REACH_NAMES["emergency_number"], why=_("it was changed in the meantime."))
        portal.emergency_confirmed, portal.emergency_confirmed_by_id = number, actor.id
        portal.emergency_confirmed_at = datetime.now(UTC)
        portal.save(update_fields=["emergency_confirmed", "emergency_confirmed_by", "emergency_confirmed_at"])
        subject = f"portal:{portal.pk}"
        record(
            "portal.emergency_number_confirmed", actor=actor, hotline_id=portal.hotline_id, subject=subject, facts={}
        )


def _change(portal: Portal, row: Helpline, before: dict[str, Any], wanted: dict[str, Any], actor: Actor) -> int | None:
    """Make a change at once, or ask a second person where visitors of a portal in use would see it."""
    about = str(before.get("name") or wanted.get("name") or row.name)
    is_seen = (row.is_shown or wanted["is_shown"]) and is_in_use(portal)
    if is_seen and is_one_of_two(actor):
        return ask_change(
            portal.pk, HELPLINE, hotline_id=portal.hotline_id, before=before, wanted=wanted, actor=actor, about=about
        )
    _carry_out(portal, about, wanted, actor)
    if is_seen and row.is_shown:  # a first one leads nobody elsewhere
        note_change(portal.pk, HELPLINE, hotline_id=portal.hotline_id, before=before, wanted=wanted, about=about)
    return None


def _carry_out(portal: Portal, name: str, wanted: Mapping[str, Any], actor: Actor) -> None:
    """Make a change, in the caller's transaction; whoever confirmed it last is the one who confirmed the helpline."""
    row = Helpline.objects.filter(portal=portal, name=name).first() or Helpline(portal=portal)
    fields = sorted(set(wanted) & set(FIELDS))
    if not fields:
        number = row.pk
        if number:
            row.delete()
            _record("helpline.removed", portal, number, actor)
        return
    for field in fields:
        setattr(row, field, wanted[field])
    row.is_shown = wanted["is_shown"]
    row.confirmed_at = datetime.now(UTC) if row.is_shown else None
    row.confirmed_by_id = actor.id if row.is_shown else None
    row.save()
    _record("helpline.saved", portal, row.pk, actor, fields=fields, is_shown=row.is_shown)


def _confirm(row: Helpline, actor: Actor) -> None:
    row.confirmed_at, row.confirmed_by_id = datetime.now(UTC), actor.id
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    _record("helpline.confirmed", row.portal, row.pk, actor)


@carries_out(HELPLINE)
def _as_agreed(portal: Portal, about: str, wanted: Mapping[str, Any], actor: Actor) -> None:
    # Two people agree to what visitors see, or to a removal, of which an earlier change may be part.
    _carry_out(portal, about, wanted if wanted["is_shown"] else {"is_shown": False}, actor)


def _record(event: str, portal: Portal, number: int, actor: Actor, **more: Any) -> None:
    facts = {"helpline": number, **more}
    record(event, actor=actor, hotline_id=portal.hotline_id, subject=f"portal:{portal.pk}", facts=facts)


def _portal(portal_id: int, actor: Actor) -> Portal:
    rows = Portal.objects.select_for_update().filter(pk=portal_id)
    portal = (rows if not is_one_of_two(actor) else rows.filter(hotline_id=actor.hotline_id or 0)).first()
    if portal is None:
        raise NotFound(what=_("portal"))
    authorize(actor, "portal.edit", portal.hotline_id)
    demand_no_record(portal)
    return portal


def _named(portal: Portal, name: str) -> Helpline:
    row = Helpline.objects.filter(portal=portal, name=name).first()
    if row is None:
        raise NotFound(what=_("helpline"))
    return row


def _is_taken(portal: Portal, name: str, *, own: str) -> bool:
    waiting = names_waiting(portal.pk, but_not=own)
    return name in waiting or Helpline.objects.filter(portal=portal, name=name).exists()


def _values(row: Helpline) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _checked(values: Mapping[str, Any], portal: Portal) -> dict[str, Any]:
    """Return the values as they are stored; raises FieldIsWrong for the first that can't be."""
    found: dict[str, Any] = {name: str(values[name]).strip() for name in _TEXTS}
    found["name"] = tidy_name(found["name"])
    found["names"] = {
        str(tag): tidy_name(str(name)) for tag, name in dict(values["names"]).items() if str(name).strip()
    }
    found["access"] = [one for one in ACCESS if one in values["access"]]
    found["zone"] = found["zone"] or (portal.time_zone if found["hours"] not in ("", ALWAYS) else "")
    for name in ("number", "text_number", "whatsapp"):
        if found[name] and not can_be_dialled(found[name]):
            raise FieldIsWrong(field=HELPLINE_NAMES[name], why=_("enter digits, as people dial them."))
    if not any(found[name] for name in ("number", "text_number", "whatsapp", "chat_url")):
        raise FieldIsWrong(field=HELPLINE_NAMES["number"], why=_("enter a number, or the address of a chat."))
    try:
        read_hours(found["hours"])
    except ValueError as error:
        raise FieldIsWrong(
            field=HELPLINE_NAMES["hours"], why=_("write them like 1-5 08:30-16:30; 6 09:00-12:00.")
        ) from error
    if found["zone"]:
        check_zone(found["zone"])
    try:
        Helpline(portal=portal, **found).clean_fields(exclude=("portal", "confirmed_by", "confirmed_at"))
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise FieldIsWrong(field=HELPLINE_NAMES.get(field, field), why=" ".join(messages)) from error
    return found
