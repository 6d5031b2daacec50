"""Reads about facilities, equipment and contacts. All within the hotline's scope."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from leeward.capacity.facilities.models import DirectoryEntry, Equipment, Facility
from leeward.capacity.facilities.rules.standing import (
    WARN_DAYS,
    Checked,
    Licence,
    backlog_days,
    checked_on,
    is_old,
    licence_on,
)
from leeward.capacity.facilities.services import (
    MOST_ENTRIES,
    MOST_EQUIPMENT,
    ContactDetails,
    FacilityDetails,
    contact_details,
    facility_details,
    mark_of_entry,
    mark_of_facility,
)
from leeward.web_security.paging import Page, page_of

PER_PAGE = 50
_SHIPPED = Path(__file__).parent / "data" / "directory.csv"


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """A facility, and how many days what waits there will take."""

    id: int
    details: FacilityDetails
    backlog: int | None
    is_old: bool
    mark: str


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    """What a facility has."""

    id: int
    facility_id: int
    facility: str
    kind: str
    name: str
    count: int
    ends_on: date | None
    licence: Licence


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Whom to ask; `source` and `as_of` are of a shipped one that nobody here has written about."""

    code: str
    details: ContactDetails
    source: str
    as_of: str
    checked_on: date | None
    checked_by: str
    standing: Checked
    is_own: bool
    mark: str


def facilities(today: date, number: str | None = None) -> Page[FacilityRow]:
    """Return a page of the facilities, by name."""
    page = page_of(Facility.objects.order_by("name", "country"), number, per_page=PER_PAGE)
    rows = [_facility(row, today) for row in page.rows]
    return Page(rows, page.number, page.per_page, page.total, page.total_is_exact)


def facility(number: int, today: date) -> FacilityRow | None:
    """Return one facility, or None."""
    row = Facility.objects.filter(pk=number).first()
    return _facility(row, today) if row else None


def equipment_of(number: int, today: date) -> list[EquipmentRow]:
    """Return what a facility has, by name."""
    rows = Equipment.objects.filter(facility_id=number).select_related("facility").order_by("name", "id")
    return [_equipment(row, today) for row in rows[:MOST_EQUIPMENT]]


def ending(today: date, most: int = 100) -> list[EquipmentRow]:
    """Return what has ended or ends within 90 days, the first to end first; of very many, what ended long ago is left out."""
    found = Equipment.objects.filter(ends_on__lte=today + timedelta(days=WARN_DAYS)).select_related("facility")
    return [_equipment(row, today) for row in reversed(found.order_by("-ends_on", "-id")[:most])]


def directory(today: date) -> list[ContactRow]:
    """Return the contacts: what was written here, and the shipped ones that nobody here has written about, by name."""
    own = [
        _own(row, today) for row in DirectoryEntry.objects.select_related("checked_by").order_by("code")[:MOST_ENTRIES]
    ]
    known = {row.code for row in own}
    rows = [*own, *(row for row in shipped() if row.code not in known)]
    return sorted(rows, key=lambda row: (row.details.name.casefold(), row.code))


def contact(code: str, today: date) -> ContactRow | None:
    """Return one contact, or None."""
    row = DirectoryEntry.objects.select_related("checked_by").filter(code=code).first()
    return _own(row, today) if row else next((one for one in shipped() if one.code == code), None)


@cache
def shipped() -> tuple[ContactRow, ...]:
    """Return the contacts that our references name, as they name them; nobody has checked one."""
    with _SHIPPED.open(encoding="utf-8", newline="") as lines:
        return tuple(
            ContactRow(
                row["code"],
                ContactDetails(row["name"], row["region"], row["purpose"], row["address"]),
                row["source"],
                row["as_of"],
                None,
                "",
                "unchecked",
                is_own=False,
                mark=mark_of_entry(row["code"], None),
            )
            for row in csv.DictReader(lines)
        )


def _facility(row: Facility, today: date) -> FacilityRow:
    backlog = backlog_days(row.waiting, row.per_month)
    return FacilityRow(row.pk, facility_details(row), backlog, is_old(row.counted_on, today), mark_of_facility(row))


def _equipment(row: Equipment, today: date) -> EquipmentRow:
    return EquipmentRow(
        row.pk, row.facility_id, row.facility.name, row.kind, row.name, row.count, row.ends_on,
        licence_on(row.ends_on, today),
    )  # fmt: skip


def _own(row: DirectoryEntry, today: date) -> ContactRow:
    by = row.checked_by.name if row.checked_by else ""
    return ContactRow(
        row.code, contact_details(row), "", "", row.checked_on, by, checked_on(row.checked_on, today), is_own=True,
        mark=mark_of_entry(row.code, row),
    )  # fmt: skip
