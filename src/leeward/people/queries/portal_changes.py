"""Changes that take two people: those that wait, and one of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from leeward.people.labels import WAITING
from leeward.people.models import PortalChange


@dataclass(frozen=True, slots=True)
class PortalChangeRow:
    """A change that somebody asked for; `asked_by` is "" where whoever runs the server made it.

    Without a portal it is about what all portals of the hotline share, `name` is the hotline's, and `about` says which contact or
    text it is.
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

    @property
    def waits(self) -> str:
        """That it waits for a second person, in a sentence."""
        return str(WAITING[self.what]).format(name=self.name, about=self.about)


def portal_change(change_id: int) -> PortalChangeRow | None:
    """The change of this number, or None."""
    found = _rows().filter(pk=change_id).first()
    return _row(found) if found else None


def portal_changes_waiting(hotline_id: int) -> list[PortalChangeRow]:
    """The changes of a hotline's portals that wait for a second person, the oldest first."""
    return [_row(row) for row in _rows().filter(hotline_id=hotline_id, outcome="").order_by("pk")]


def changes_about(hotline_id: int, what: str, about: str) -> list[PortalChangeRow]:
    """The changes of one contact or text of a hotline that wait for a second person, the oldest first."""
    return [
        _row(row) for row in _rows().filter(hotline_id=hotline_id, what=what, about=about, outcome="").order_by("pk")
    ]


def about_same(hotline_id: int, portal_id: int | None, what: str, about: str) -> QuerySet[PortalChange]:
    """Every change of one thing, whatever became of it: of a portal, or of what all portals of a hotline share."""
    found = PortalChange.objects.filter(hotline_id=hotline_id, what=what, about=about)
    return found.filter(portal__isnull=True) if portal_id is None else found.filter(portal_id=portal_id)


def is_overtaken(change: PortalChangeRow) -> bool:
    """Whether a change of the same that was asked for later has been confirmed, so that this one must not be carried out any more."""
    same = about_same(change.hotline_id, change.portal_id, change.what, change.about)
    newer = same.filter(outcome="confirmed", pk__gt=change.id)
    return any(row.wanted.keys() & change.wanted.keys() for row in newer)


def slugs_waiting(hotline_id: int, what: str, slugs: Iterable[str]) -> list[str]:
    """Those of a hotline's portals, by their names in addresses, that have a change of this kind waiting."""
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
    )
