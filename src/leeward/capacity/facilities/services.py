"""All writes about facilities, equipment and contacts."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.capacity.facilities.errors import FacilityExists, TooManyEntries
from leeward.capacity.facilities.models import DirectoryEntry, Equipment, Facility
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.people.rules.reading import mark_of
from leeward.people.services import authorize, demand_read

ACT = "training.edit"
MOST_FACILITIES, MOST_EQUIPMENT, MOST_ENTRIES = 500, 1000, 500


@dataclass(frozen=True, slots=True)
class FacilityDetails:
    """What a facility says of itself."""

    name: str
    kind: str
    country: str
    place: str = ""
    per_month: int | None = None
    waiting: int | None = None
    counted_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """What the directory says of a contact."""

    name: str
    region: str = ""
    purpose: str = ""
    address: str = ""
    telephone: str = ""
    email: str = ""


def add_facility(details: FacilityDetails, *, hotline_id: int, actor: Actor) -> int:
    """Add a facility; return its number. Raises FacilityExists, TooManyEntries."""
    authorize(actor, ACT, hotline_id)
    with hotline_transaction():
        if Facility.objects.count() >= MOST_FACILITIES:
            raise TooManyEntries(most=MOST_FACILITIES)
        row = Facility(hotline_id=hotline_id)
        _save(row, details)
        _record("facility.added", f"facility:{row.pk}", hotline_id, actor)
    return row.pk


def change_facility(number: int, details: FacilityDetails, *, seen: str, actor: Actor) -> None:
    """Change a facility. `seen` is the mark of what was read of it. Raises NotFound, FacilityExists, and EnteredSince if
    somebody else has changed it since.
    """
    with hotline_transaction():
        row = _facility(number, actor)
        demand_read(mark_of_facility(row), seen=seen)
        _save(row, details)
        facts = {"waiting": row.waiting, "per_month": row.per_month}
        _record("facility.changed", f"facility:{row.pk}", row.hotline_id, actor, facts)


def remove_facility(number: int, *, seen: str, actor: Actor) -> None:
    """Remove a facility with its equipment. `seen` is the mark of what was read of it. Raises NotFound, EnteredSince."""
    with hotline_transaction():
        row = _facility(number, actor)
        demand_read(mark_of_facility(row), seen=seen)
        Equipment.objects.filter(facility=row).delete()
        _record("facility.removed", f"facility:{row.pk}", row.hotline_id, actor)
        row.delete()


def add_equipment(number: int, kind: str, name: str, count: int, ends_on: date | None, *, actor: Actor) -> int:
    """Add equipment to a facility; return its number. Raises NotFound, TooManyEntries."""
    with hotline_transaction():
        facility = _facility(number, actor)
        if Equipment.objects.filter(facility=facility).count() >= MOST_EQUIPMENT:
            raise TooManyEntries(most=MOST_EQUIPMENT)
        row = Equipment.objects.create(
            hotline_id=facility.hotline_id, facility=facility, kind=kind, name=name, count=count, ends_on=ends_on
        )
        _record("equipment.added", f"equipment:{row.pk}", row.hotline_id, actor)
    return row.pk


def remove_equipment(number: int, *, actor: Actor) -> int:
    """Remove equipment; return its facility. Raises NotFound."""
    with hotline_transaction():
        row = Equipment.objects.select_for_update().filter(pk=number).first()
        if row is None:
            raise NotFound(what=_("equipment"))
        authorize(actor, ACT, row.hotline_id)
        _record("equipment.removed", f"equipment:{row.pk}", row.hotline_id, actor)
        facility_id: int = row.facility_id
        row.delete()
    return facility_id


def write_entry(
    code: str, details: ContactDetails, *, seen: str, is_checked: bool, hotline_id: int, actor: Actor
) -> str:
    """Write what is known of a contact; return its code. Without a code it is a new one; otherwise `seen` is the mark of what
    was read of it. Checked today, or not at all: what was changed without a check is unchecked again. Raises
    TooManyEntries, and EnteredSince if somebody else has written something since.
    """
    authorize(actor, ACT, hotline_id)
    with hotline_transaction():
        row = DirectoryEntry.objects.select_for_update().filter(code=code).first() if code else None
        if code:
            demand_read(mark_of_entry(code, row), seen=seen)
        if row is None:
            if DirectoryEntry.objects.count() >= MOST_ENTRIES:
                raise TooManyEntries(most=MOST_ENTRIES)
            row = DirectoryEntry(hotline_id=hotline_id, code=code or f"own-{secrets.token_hex(6)}")
        was = contact_details(row)
        for name, value in asdict(details).items():
            setattr(row, name, value)
        if is_checked:
            row.checked_on, row.checked_by_id = datetime.now(UTC).date(), actor.id
        elif details != was:
            row.checked_on = row.checked_by_id = None
        row.save()
        subject, facts = f"directory_entry:{row.pk}", {"is_checked": is_checked}
        _record("directory_entry.written", subject, hotline_id, actor, facts)
        found: str = row.code
    return found


def remove_entry(code: str, *, seen: str, actor: Actor) -> None:
    """Remove what was written here about a contact; a shipped one is then as it was shipped. `seen` is the mark of what was
    read of it. Raises NotFound, EnteredSince.
    """
    with hotline_transaction():
        row = DirectoryEntry.objects.select_for_update().filter(code=code).first()
        if row is None:
            raise NotFound(what=_("contact"))
        authorize(actor, ACT, row.hotline_id)
        demand_read(mark_of_entry(code, row), seen=seen)
        _record("directory_entry.removed", f"directory_entry:{row.pk}", row.hotline_id, actor)
        row.delete()


def facility_details(row: Facility) -> FacilityDetails:
    """Return what a facility says of itself."""
    return FacilityDetails(row.name, row.kind, row.country, row.place, row.per_month, row.waiting, row.counted_on)


def contact_details(row: DirectoryEntry) -> ContactDetails:
    """Return what was written here about a contact."""
    return ContactDetails(row.name, row.region, row.purpose, row.address, row.telephone, row.email)


def mark_of_facility(row: Facility) -> str:
    """Return a mark of what is known of a facility."""
    return mark_of(row.pk, facility_details(row))


def mark_of_entry(code: str, row: DirectoryEntry | None) -> str:
    """Return a mark of what was written here about a contact; another one for a shipped one about which nothing was."""
    return mark_of(code, contact_details(row) if row else None)


def _facility(number: int, actor: Actor) -> Facility:
    row: Facility | None = Facility.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotFound(what=_("facility"))
    authorize(actor, ACT, row.hotline_id)
    return row


def _save(row: Facility, details: FacilityDetails) -> None:
    for name, value in asdict(details).items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise FacilityExists from error


def _record(event: str, subject: str, hotline_id: int, actor: Actor, facts: Mapping[str, object] | None = None) -> None:
    record(event, actor=actor, hotline_id=hotline_id, subject=subject, facts=facts or {})
