"""The rota of a portal: rotations, overrides, the agreement with a partner, and everybody's own calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from leeward.foundation.crypto.tokens import make_token, read_token
from leeward.oncall.models import CalendarFeed, HandOverNote, PortalRota
from leeward.oncall.rules.kept import Kept, read_override, read_rotation
from leeward.oncall.rules.rota import Override, Rota, Rotation
from leeward.people import queries as people_queries
from leeward.people.queries import PortalRow
from leeward.people.rules.reading import mark_of
from leeward.sealing.fields import opened_rows

PURPOSE = "rota calendar"
SHOWN_NOTES = 10


def rota_of(row: PortalRota | None, always: frozenset[int], holidays: Iterable[date]) -> Rota:
    """Return a portal's rota by its row."""
    return Rota(
        always,
        tuple(one.it for one in rotations_of(row)),
        tuple(one.it for one in overrides_of(row)),
        frozenset(holidays),
    )


def rotations_of(row: PortalRota | None) -> list[Kept[Rotation]]:
    """Return the rotations of a portal with their numbers."""
    return [read_rotation(one) for one in row.rotations] if row else []


def overrides_of(row: PortalRota | None) -> list[Kept[Override]]:
    """Return the overrides of a portal with their numbers, the earliest first."""
    found = [read_override(one) for one in row.overrides] if row else []
    return sorted(found, key=lambda one: one.it.starts.timestamp())


def police_number(portal_id: int) -> str:
    """Return whom people telephone about a portal's urgent reports if nobody answers; "" if nothing is entered."""
    return str(PortalRota.objects.filter(portal_id=portal_id).values_list("police_number", flat=True).first() or "")


@dataclass(frozen=True, slots=True)
class Cover:
    """The portal that pages go to as well, if its hotline has agreed to the same hours."""

    portal: PortalRow
    hours: str
    is_agreed: bool

    @property
    def mark(self) -> str:
        """Return a mark of what is agreed to, or ended."""
        return mark_of(self.portal.id, self.hours, self.is_agreed)

    def is_first(self, at: datetime, zone: str) -> bool:
        """Return whether an instant is among the hours in which the partner is paged first."""
        if not self.hours:
            return False
        begins, ends = (time.fromisoformat(part) for part in self.hours.split("-"))
        now = at.astimezone(ZoneInfo(zone)).time()
        return begins <= now < ends if begins < ends else now >= begins or now < ends


@dataclass(frozen=True, slots=True)
class Agreements:
    """The partner of a portal, and the portals that want it as theirs; each only in force if both sides agreed."""

    partner: Cover | None
    wishes: tuple[Cover, ...]


def agreements_of(portal_id: int) -> Agreements:
    """Return the agreements of a portal on both sides; two queries. Needs no scope of the other hotlines."""
    mine = Q(portal_id=portal_id) | Q(partner_id=portal_id)
    theirs = Q(portal_id__in=PortalRota.of_every_hotline.filter(portal_id=portal_id).values("partner_id"))
    rows = {row.portal_id: row for row in PortalRota.of_every_hotline.filter(mine | theirs)}
    own = rows.get(portal_id)
    if own is None and not rows:
        return Agreements(None, ())
    portals = people_queries.portals_by_id([*rows, own.partner_id if own and own.partner_id else portal_id])
    partner = None
    if own is not None and own.partner_id is not None:
        helps = rows[own.partner_id].helps if own.partner_id in rows else {}
        agreed = helps.get(str(portal_id)) == own.partner_hours
        partner = Cover(portals[own.partner_id], own.partner_hours, agreed)
    mine_helps = own.helps if own is not None else {}
    wishes = [
        Cover(portals[row.portal_id], row.partner_hours, mine_helps.get(str(row.portal_id)) == row.partner_hours)
        for row in rows.values()
        if row.partner_id == portal_id
    ]
    return Agreements(partner, tuple(wishes))


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A hand-over note."""

    text: str
    by: str
    at: datetime


def notes_of(portal_id: int) -> list[NoteRow]:
    """Return the newest hand-over notes of a portal; one query."""
    rows = HandOverNote.objects.select_related("by").filter(portal_id=portal_id).order_by("-pk")
    return [NoteRow(row.text, row.by.name, row.at) for row in opened_rows(rows[:SHOWN_NOTES])]


def calendar_address(person_id: int) -> str:
    """Return the address of somebody's calendar, or "" if they have none."""
    number = CalendarFeed.objects.filter(person_id=person_id).values_list("pk", flat=True).first()
    if number is None:
        return ""
    return f"{settings.LEEWARD.base_url}/rota/{make_token(settings.LEEWARD.secret_bytes, PURPOSE, number)}.ics"


def whose_calendar(token: str) -> tuple[int, int] | None:
    """Return the hotline and the person of a calendar's address, or None if it doesn't work (any more)."""
    number = read_token(settings.LEEWARD.secret_bytes, PURPOSE, token)
    row = CalendarFeed.of_every_hotline.select_related("person").filter(pk=number).first() if number else None
    return (row.hotline_id, row.person_id) if row is not None and row.person.is_active else None
