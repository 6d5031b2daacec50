"""How rotations and overrides are kept, and what is wrong with one that somebody enters. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leeward.oncall.rules.rota import DAYS, LAYERS, Override, Rotation
from leeward.people.rules.reading import mark_of

MOST_ROTATIONS, MOST_PEOPLE, MOST_OVERRIDES, MOST_DAYS = 12, 50, 60, 28
LONGEST_OVERRIDE = timedelta(days=92)
Fault = Literal["", "layer", "people", "zone", "days", "on", "last_on", "order", "length", "person"]


@dataclass(frozen=True, slots=True)
class Kept[T]:
    """A rotation or an override with the number by which it is changed, and the mark of what it is. Numbers come again: what
    an older page showed under one is known by the mark only.
    """

    number: int
    it: T
    mark: str


def rotation_fault(one: Rotation) -> Fault:
    """Return what is wrong with a rotation, or ""."""
    if one.layer not in LAYERS:
        return "layer"
    if not 1 <= len(one.people) <= MOST_PEOPLE:
        return "people"
    if not is_zone(one.zone):
        return "zone"
    if not 1 <= one.days <= MOST_DAYS:
        return "days"
    if not one.on or not one.on <= frozenset(DAYS):
        return "on"
    return "last_on" if one.last_on is not None and one.last_on < one.starts_on else ""


def override_fault(one: Override) -> Fault:
    """Return what is wrong with an override, or ""."""
    if one.person is None and one.instead_of is None:
        return "person"
    if one.ends <= one.starts:
        return "order"
    return "length" if one.ends - one.starts > LONGEST_OVERRIDE else ""


def is_zone(name: str) -> bool:
    """Return whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def rotation_as_kept(number: int, one: Rotation) -> dict[str, Any]:
    """Return a rotation as it is stored."""
    return {
        "number": number,
        "layer": one.layer,
        "people": list(one.people),
        "zone": one.zone,
        "starts_on": one.starts_on.isoformat(),
        "last_on": one.last_on.isoformat() if one.last_on else "",
        "begins": one.begins.isoformat("minutes"),
        "ends": one.ends.isoformat("minutes"),
        "days": one.days,
        "on": sorted(one.on),
    }


def read_rotation(kept: Mapping[str, Any]) -> Kept[Rotation]:
    """Return a stored rotation."""
    it = Rotation(
        layer=kept["layer"],
        people=tuple(kept["people"]),
        zone=kept["zone"],
        starts_on=date.fromisoformat(kept["starts_on"]),
        last_on=date.fromisoformat(kept["last_on"]) if kept["last_on"] else None,
        begins=time.fromisoformat(kept["begins"]),
        ends=time.fromisoformat(kept["ends"]),
        days=kept["days"],
        on=frozenset(kept["on"]),
    )
    return Kept(kept["number"], it, mark_of_kept(kept))


def override_as_kept(number: int, one: Override) -> dict[str, Any]:
    """Return an override as it is stored."""
    return {
        "number": number,
        "starts": one.starts.isoformat(),
        "ends": one.ends.isoformat(),
        "person": one.person,
        "instead_of": one.instead_of,
    }


def read_override(kept: Mapping[str, Any]) -> Kept[Override]:
    """Return a stored override."""
    starts, ends = datetime.fromisoformat(kept["starts"]), datetime.fromisoformat(kept["ends"])
    return Kept(kept["number"], Override(starts, ends, kept["person"], kept["instead_of"]), mark_of_kept(kept))


def mark_of_kept(kept: Mapping[str, Any]) -> str:
    """Return a mark of a stored rotation or override: another one under the same number has another mark."""
    return mark_of(*sorted(kept.items()))


def next_number(kept: Iterable[Mapping[str, Any]]) -> int:
    """Return the number of the next rotation or override of a portal."""
    return max((one["number"] for one in kept), default=0) + 1


def with_person(one: Rotation, person: int) -> Rotation:
    """Return a rotation with somebody more, whose turn comes last."""
    return one if person in one.people else replace(one, people=(*one.people, person))


def without_person(one: Rotation, person: int) -> Rotation:
    """Return a rotation without somebody."""
    return replace(one, people=tuple(other for other in one.people if other != person))
