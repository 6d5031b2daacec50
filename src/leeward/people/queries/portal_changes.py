"""Changes of whom a portal tells or calls: those that wait, and one of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from leeward.people.models import PortalChange


@dataclass(frozen=True, slots=True)
class PortalChangeRow:
    """A change that somebody asked for; `asked_by` is "" where whoever runs the server made it."""

    id: int
    hotline_id: int
    portal_id: int
    portal_name: str
    what: str
    before: Mapping[str, str]
    wanted: Mapping[str, str]
    asked_by_id: int | None
    asked_by: str
    asked_at: datetime
    outcome: str
    settled_by: str
    settled_at: datetime | None


def portal_change(change_id: int) -> PortalChangeRow | None:
    """The change of this number, or None."""
    found = _rows().filter(pk=change_id).first()
    return _row(found) if found else None


def portal_changes_waiting(hotline_id: int) -> list[PortalChangeRow]:
    """The changes of a hotline's portals that wait for a second person, the oldest first."""
    return [_row(row) for row in _rows().filter(hotline_id=hotline_id, outcome="").order_by("pk")]


def slugs_waiting(hotline_id: int, what: str, slugs: Iterable[str]) -> list[str]:
    """Those of a hotline's portals, by their names in addresses, that have a change of this kind waiting."""
    found = PortalChange.objects.filter(hotline_id=hotline_id, what=what, outcome="", portal__slug__in=list(slugs))
    return sorted(found.values_list("portal__slug", flat=True))


def _rows() -> QuerySet[PortalChange]:
    return PortalChange.objects.select_related("portal", "asked_by", "settled_by")


def _row(row: PortalChange) -> PortalChangeRow:
    return PortalChangeRow(
        id=row.pk,
        hotline_id=row.hotline_id,
        portal_id=row.portal_id,
        portal_name=row.portal.name,
        what=row.what,
        before=row.before,
        wanted=row.wanted,
        asked_by_id=row.asked_by_id,
        asked_by=row.asked_by.name if row.asked_by else "",
        asked_at=row.asked_at,
        outcome=row.outcome,
        settled_by=row.settled_by.name if row.settled_by else "",
        settled_at=row.settled_at,
    )
