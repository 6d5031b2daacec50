"""The rota of a portal: rotations, overrides, hand-over notes, calendars."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.foundation.whole_text import whole
from leeward.oncall.errors import CantTakePages, RotaUnusable
from leeward.oncall.labels import FAULTS
from leeward.oncall.models import CalendarFeed, HandOverNote, OnCallPerson, PortalRota
from leeward.oncall.queries.lists import can_be_paged
from leeward.oncall.rules import kept
from leeward.oncall.rules.kept import MOST_OVERRIDES, MOST_ROTATIONS
from leeward.oncall.rules.rota import Override, Rotation
from leeward.oncall.services.rota import demand_others
from leeward.people.queries import portal, staff_of
from leeward.people.services import authorize, demand_read, staff_id

MOST_NUMBER, MOST_NOTE = 40, 1000


def add_rotation(portal_id: int, rotation: Rotation, *, actor: Actor) -> int:
    """Let people take turns on call for a portal; return the rotation's number. Raises RotaUnusable."""
    _demand_paged(portal_id, rotation.people)
    fault = kept.rotation_fault(rotation)
    if fault:
        raise RotaUnusable(why=FAULTS[fault])

    def add(row: PortalRota) -> int:
        if len(row.rotations) >= MOST_ROTATIONS:
            raise RotaUnusable(why=FAULTS["many"])
        number = kept.next_number(row.rotations)
        row.rotations = [*row.rotations, kept.rotation_as_kept(number, rotation)]
        return number

    return change_rota(portal_id, add, "rota.rotation_added", actor)


def remove_rotation(portal_id: int, number: int, *, seen: str, actor: Actor) -> None:
    """End a rotation; not the last one while the portal takes reports, unless somebody always is on call or pages are
    posted to a webhook. `seen` is the mark of the rotation that was read: raises EnteredSince if it is another one now.
    Nothing happens if it is not there.
    """

    def remove(row: PortalRota) -> int:
        _demand_seen(row.rotations, number, seen)
        left = [one for one in row.rotations if one["number"] != number]
        if left != row.rotations:
            listed = OnCallPerson.objects.filter(portal_id=portal_id)
            demand_others(portal_id, others=bool(left) or listed.exists())
        row.rotations = left
        return number

    change_rota(portal_id, remove, "rota.rotation_removed", actor)


def change_people(portal_id: int, number: int, person_id: int, *, joins: bool, seen: str, actor: Actor) -> None:
    """Let somebody join a rotation, last in the order, or leave it. `seen` is the mark of the rotation that was read: raises
    EnteredSince if it is another one now. The last person can't leave: raises RotaUnusable.
    """
    if joins:
        _demand_paged(portal_id, (person_id,))
    act = kept.with_person if joins else kept.without_person

    def change(row: PortalRota) -> int:
        _demand_seen(row.rotations, number, seen)
        row.rotations = [_changed(one, number, lambda it: act(it, person_id)) for one in row.rotations]
        return number

    change_rota(portal_id, change, "rota.person_joined" if joins else "rota.person_left", actor, person=person_id)


def _demand_seen(entries: Iterable[Mapping[str, object]], number: int, seen: str) -> None:
    """Raise EnteredSince if the entry of this number is not the one that was read; one that is gone can't be hit."""
    for one in entries:
        if one["number"] == number:
            demand_read(kept.mark_of_kept(one), seen=seen)


def _changed(stored: dict[str, object], number: int, change: Callable[[Rotation], Rotation]) -> dict[str, object]:
    if stored["number"] != number:
        return stored
    after = change(kept.read_rotation(stored).it)
    fault = kept.rotation_fault(after)
    if fault:
        raise RotaUnusable(why=FAULTS[fault])
    return kept.rotation_as_kept(number, after)


def add_override(portal_id: int, override: Override, *, actor: Actor) -> int:
    """Put somebody on call for a while, in place of somebody or besides the others; return its number. Those that are over
    are dropped. Raises RotaUnusable.
    """
    if override.person is not None:
        _demand_paged(portal_id, (override.person,))
    fault = kept.override_fault(override)
    if fault:
        raise RotaUnusable(why=FAULTS[fault])

    def add(row: PortalRota) -> int:
        number, now = kept.next_number(row.overrides), datetime.now(UTC)
        row.overrides = [one for one in row.overrides if kept.read_override(one).it.ends > now]
        if len(row.overrides) >= MOST_OVERRIDES:
            raise RotaUnusable(why=FAULTS["many"])
        row.overrides = [*row.overrides, kept.override_as_kept(number, override)]
        return number

    return change_rota(portal_id, add, "rota.override_added", actor)


def remove_override(portal_id: int, number: int, *, seen: str, actor: Actor) -> None:
    """Take an override back. `seen` is the mark of the one that was read: raises EnteredSince if another has its number now.
    Nothing happens if it is not there.
    """

    def remove(row: PortalRota) -> int:
        _demand_seen(row.overrides, number, seen)
        row.overrides = [one for one in row.overrides if one["number"] != number]
        return number

    change_rota(portal_id, remove, "rota.override_removed", actor)


def write_hand_over(portal_id: int, text: str, *, actor: Actor) -> None:
    """Leave a note for whoever is on call next."""
    hotline_id = portal(portal_id).hotline_id
    authorize(actor, "page.acknowledge", hotline_id)
    text = whole(text, MOST_NOTE)
    if not text:
        raise BadInput(what=_("note"), why=_("it is empty"))
    with hotline_transaction():
        made = HandOverNote.objects.create(
            hotline_id=hotline_id, portal_id=portal_id, by_id=staff_id(actor), text=text, at=datetime.now(UTC)
        )
        _record("rota.note_written", hotline_id, portal_id, actor, note=made.pk)


def make_calendar(*, actor: Actor) -> None:
    """Give somebody the address of a calendar with their own shifts; an address that they had before stops working."""
    with hotline_transaction():
        hotline_id = _own_hotline(actor)
        CalendarFeed.objects.filter(person_id=actor.id).delete()
        CalendarFeed.objects.create(hotline_id=hotline_id, person_id=staff_id(actor), made_at=datetime.now(UTC))
        record("rota.calendar_made", actor=actor, hotline_id=hotline_id, subject=f"account:{actor.id}")


def revoke_calendar(*, actor: Actor) -> None:
    """Let the address of somebody's own calendar work no more."""
    with hotline_transaction():
        hotline_id = _own_hotline(actor)
        if CalendarFeed.objects.filter(person_id=actor.id).delete()[0]:
            record("rota.calendar_revoked", actor=actor, hotline_id=hotline_id, subject=f"account:{actor.id}")


def share_rota(portal_id: int, *, like: int | None, police_number: str, now: datetime) -> None:
    """Let a new portal have the people on call of another one of its hotline, in the caller's transaction and the scope of
    that hotline; without one, only the police's number is entered.
    """
    hotline_id = portal(portal_id).hotline_id
    for one in OnCallPerson.objects.filter(portal_id=like, is_on=True) if like is not None else ():
        OnCallPerson.objects.create(hotline_id=hotline_id, portal_id=portal_id, person_id=one.person_id, changed_at=now)
    row = PortalRota.objects.filter(portal_id=like).first() if like is not None else None
    PortalRota.objects.create(
        hotline_id=hotline_id,
        portal_id=portal_id,
        rotations=row.rotations if row is not None else [],
        police_number=police_number,
    )


def _own_hotline(actor: Actor) -> int:
    hotline_id = actor.hotline_id
    if hotline_id is None:
        raise NotAllowed(reason=_("it belongs to somebody else"))
    authorize(actor, "oncall.read", hotline_id)
    return hotline_id


def _demand_paged(portal_id: int, people: tuple[int, ...]) -> None:
    """Refuse people of another hotline, who have left, or who can't acknowledge pages."""
    rows = {row.id: row for row in staff_of(portal(portal_id).hotline_id) if row.is_active}
    for person in people:
        if person not in rows:
            raise NotFound(what=_("account"))
        if not can_be_paged(rows[person]):
            raise CantTakePages


def change_rota(portal_id: int, change: Callable[[PortalRota], int], event: str, actor: Actor, **facts: object) -> int:
    """Change the rota of a portal, made if there is none yet, and log it; return what `change` does."""
    hotline_id = portal(portal_id).hotline_id
    authorize(actor, "oncall.edit", hotline_id)
    with hotline_transaction():
        PortalRota.objects.get_or_create(portal_id=portal_id, defaults={"hotline_id": hotline_id})
        row = PortalRota.objects.select_for_update().get(portal_id=portal_id)
        number = change(row)
        row.save()
        _record(event, hotline_id, portal_id, actor, number=number, **facts)
    return number


def _record(event: str, hotline_id: int, portal_id: int, actor: Actor, **facts: object) -> None:
    record(event, actor=actor, hotline_id=hotline_id, subject=f"portal:{portal_id}", facts=facts)
