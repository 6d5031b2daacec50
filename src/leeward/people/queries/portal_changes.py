"""Changes that take two people: the pending ones, and single ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from leeward.people.labels import WAITING
from leeward.people.models import PortalChange
from leeward.people.queries.portals import PortalRow
from leeward.people.rules.reach import FORM, PORTAL


@dataclass(frozen=True, slots=True)
class PortalChangeRow:
    """A change that somebody asked for; `asked_by` is "" if whoever runs the server made it. `missing` names what
    whoever asked to open a portal knew to be open.

    Without a portal, the change is about something that all portals of the hotline share; `name` is then the hotline's
    name, and `about` says which contact or text.
    """

    id: int
    hotline_id: int
    portal_id: int | None
    name: str
    what: str
    about: str
    before: Mapping[str, Any]
    wanted: Mapping[str, Any]
    asked_by_id: int | None
    asked_by: str
    asked_at: datetime
    outcome: str
    settled_by: str
    settled_at: datetime | None
    missing: tuple[str, ...] = ()

    @property
    def waits(self) -> str:
        """Return a sentence saying that the change waits for a second person."""
        return str(WAITING[self.what]).format(name=self.name, about=self.about)


def portal_change(change_id: int) -> PortalChangeRow | None:
    """Return the change of this number, or None."""
    found = _rows().filter(pk=change_id).first()
    return _row(found) if found else None


def portal_changes_waiting(hotline_id: int) -> list[PortalChangeRow]:
    """Return the changes of a hotline's portals that wait for a second person, oldest first."""
    return [_row(row) for row in _rows().filter(hotline_id=hotline_id, outcome="").order_by("pk")]


def changes_about(hotline_id: int, what: str, about: str) -> list[PortalChangeRow]:
    """Return the changes of one contact or text of a hotline that wait for a second person, oldest first."""
    return [
        _row(row) for row in _rows().filter(hotline_id=hotline_id, what=what, about=about, outcome="").order_by("pk")
    ]


def about_same(hotline_id: int, portal_id: int | None, what: str, about: str) -> QuerySet[PortalChange]:
    """Return all changes of the same subject, whatever their state: of one portal, or of one thing that a hotline's
    portals share."""
    found = PortalChange.objects.filter(hotline_id=hotline_id, what=what, about=about)
    return found.filter(portal__isnull=True) if portal_id is None else found.filter(portal_id=portal_id)


def is_overtaken(change: PortalChangeRow) -> bool:
    """Return whether a later change of the same subject has been confirmed, so that this one must not be carried out
    any more."""
    same = about_same(change.hotline_id, change.portal_id, change.what, change.about)
    newer = same.filter(outcome="confirmed", pk__gt=change.id)
    return any(row.wanted.keys() & change.wanted.keys() for row in newer)


def were_shut_on_purpose(portals: Iterable[PortalRow]) -> bool:
    """Return whether it is on record for each of these portals that two people, or whoever runs the server, closed or
    hid it, and nobody has opened or shown it since."""
    shut = {(row.id, name) for row in portals for name in FORM if not getattr(row, name)}
    settled = PortalChange.objects.filter(what=PORTAL, outcome="confirmed", portal_id__in={one for one, _name in shut})
    last: dict[tuple[int | None, str], object] = {}
    for number, wanted in settled.order_by("settled_at", "pk").values_list("portal_id", "wanted"):
        last |= {(number, name): wanted[name] for name in FORM if name in wanted}
    return all(last.get(one) is False for one in shut)


def slugs_waiting(hotline_id: int, what: str, slugs: Iterable[str]) -> list[str]:
    """Return the slugs of those of a hotline's portals for which a change of this kind is pending."""
    found = PortalChange.objects.filter(hotline_id=hotline_id, what=what, outcome="", portal__slug__in=list(slugs))
    return sorted(found.values_list("portal__slug", flat=True))


def _rows() -> QuerySet[PortalChange]:
    return PortalChange.objects.select_related("hotline", "portal", "asked_by", "settled_by")


def _row(row: PortalChange) -> PortalChangeRow:
    return PortalChangeRow(
        id=row.pk,
        hotline_id=row.hotline_id,
        portal_id=row.portal_id,
        name=row.portal.name if row.portal else row.hotline.name,
        what=row.what,
        about=row.about,
        before=row.before,
        wanted=row.wanted,
        asked_by_id=row.asked_by_id,
        asked_by=row.asked_by.name if row.asked_by else "",
        asked_at=row.asked_at,
        outcome=row.outcome,
        settled_by=row.settled_by.name if row.settled_by else "",
        settled_at=row.settled_at,
        missing=tuple(row.missing),
    )
