"""The directory of contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import erased
from leeward.notices.channels import registry
from leeward.notices.errors import AddressNotMail, ContactExists
from leeward.notices.models import Contact
from leeward.notices.recipients import is_mail_address
from leeward.notices.rules.at_risk import SERVICES
from leeward.notices.rules.plain_text import one_line
from leeward.notices.rules.xarf import WITH_XARF
from leeward.notices.services.channels import leave_channel
from leeward.notices.services.two_people import (
    ask_if_it_leads_elsewhere,
    begin_afresh,
    begin_elsewhere,
    forget_in_changes,
    name_of,
)
from leeward.people.services import authorize

# What an entry says once it is erased, but for its address.
_GOES = {
    "name": "",
    "source": "",
    "origin": "",
    "certificate": "",
    "fingerprint": "",
    "channel": "",
    "channel_answers": {},
    "webhook_url": "",
    "page_is_open": False,
}


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """The editable fields of a contact."""

    kind: str
    country: str
    name: str
    email: str
    languages: tuple[str, ...] = ()
    retired: bool = False
    # None leaves it unchanged.
    wants_xarf: bool | None = None
    # What a child-protection contact is; None leaves it unchanged.
    service: str | None = None


def add_contact(details: ContactDetails, *, hotline_id: int, actor: Actor) -> int:
    """Add a contact to the directory; return its number, or 0 if letters to police or child protection would go there
    from now on, which waits for a second person."""
    authorize(actor, "contact.edit", hotline_id)
    contact = Contact(hotline_id=hotline_id, source="staff")
    _take(contact, details)
    return 0 if _save(contact, "contact.added", actor) else contact.pk


def change_contact(contact_id: int, details: ContactDetails, *, actor: Actor) -> int | None:
    """Change a contact. A new address starts without the bounced mark. If the change leads letters to police or child
    protection elsewhere, all of it waits for a second person, and the number of that change is returned."""
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound(what=_("contact"))
    authorize(actor, "contact.edit", contact.hotline_id)
    before = contact.email
    _take(contact, details)
    if contact.email != before:
        begin_elsewhere(contact)
    if (
        contact.channel and registry.of_contact(contact).name != contact.channel
    ):  # its page could not be used to take it away
        leave_channel(contact)
    return _save(contact, "contact.edited", actor)


def import_contacts(rows: Sequence[ContactDetails], *, hotline_id: int, actor: Actor) -> tuple[int, int]:
    """Import a table of contacts into the directory, all or none; existing entries are updated. Return how many were
    added and how many changed; unchanged rows cost nothing. Rows that lead letters to police or child protection
    elsewhere count as neither: each waits for a second person."""
    authorize(actor, "contact.edit", hotline_id)
    added = changed = 0
    with hotline_transaction():
        known: dict[tuple[str, str, str], Contact] = {}
        addresses = [row.email for row in rows]
        for start in range(0, len(addresses), 1000):
            for entry in Contact.objects.filter(email__in=addresses[start : start + 1000]):
                known[entry.kind, entry.country, entry.email] = entry
        for row in rows:
            key = (row.kind, row.country.upper(), row.email.strip().lower())
            contact = known.get(key)
            is_new = contact is None
            contact = contact or Contact(hotline_id=hotline_id, source="import")
            before = _compared(contact)
            _take(contact, row)
            if is_new or before != _compared(contact):
                if ask_if_it_leads_elsewhere(contact, actor):
                    continue
                contact.save()
                known[key] = contact
                added, changed = added + is_new, changed + (not is_new)
        facts = {"rows": len(rows), "added": added, "changed": changed}
        record("contacts.imported", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
    return added, changed


def note_export(count: int, *, hotline_id: int, actor: Actor) -> None:
    """Record in the log that the directory was exported as a file."""
    authorize(actor, "contact.edit", hotline_id)
    with hotline_transaction():
        facts = {"rows": count}
        record("contacts.exported", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)


def note_league_export(count: int, *, hotline_id: int, actor: Actor) -> None:
    """Record in the log that the league of contacts was exported as a file."""
    authorize(actor, "outbox.read", hotline_id)
    with hotline_transaction():
        facts = {"rows": count}
        record("league.exported", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)


def clear_bounce(contact_id: int, *, actor: Actor) -> int | None:
    """Mark that mail to this contact works again. Returns the number of the change if that waits for a second person,
    because letters to the police would go there instead of elsewhere."""
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound(what=_("contact"))
    authorize(actor, "contact.edit", contact.hotline_id)
    begin_afresh(contact)
    return _save(contact, "contact.cleared", actor)


def erase_contact(contact_id: int) -> int:
    """Take the name, address, key and webhook out of an entry that is no longer in use, and out of the changes of it that two people
    settled, in the caller's transaction, which logs it; return how many rows that was."""
    contact = Contact.objects.select_for_update().filter(pk=contact_id, retired=True).first()
    if contact is None:
        return 0
    name = name_of(contact)
    for field, value in (_GOES | {"email": f"erased-{contact_id}@erased.invalid"}).items():
        setattr(contact, field, value)
    contact.save()
    erased(Contact)
    return 1 + forget_in_changes(contact, name)


def _compared(contact: Contact) -> tuple[object, ...]:
    return contact.name, list(contact.languages), contact.retired, contact.wants_xarf, contact.service


def _take(contact: Contact, details: ContactDetails) -> None:
    email = details.email.strip().lower()
    if not is_mail_address(email):
        raise AddressNotMail(address=details.email[:100] or "—")
    contact.kind, contact.country = details.kind, details.country.upper()
    contact.name, contact.email = one_line(details.name, 120), email
    contact.languages, contact.retired = list(details.languages), details.retired
    if details.wants_xarf is not None:
        contact.wants_xarf = details.wants_xarf and contact.kind in WITH_XARF
    if details.service is not None or contact.kind != "protection":
        is_office = contact.kind == "protection" and details.service in SERVICES
        contact.service = str(details.service) if is_office else ""
    contact.checked_at = datetime.now(UTC)


def _save(contact: Contact, event: str, actor: Actor) -> int | None:
    """Save it, or ask for a second person and return the number of that change."""
    try:
        with hotline_transaction():
            if waits := ask_if_it_leads_elsewhere(contact, actor):
                return waits
            contact.save()
            facts = {
                "kind": contact.kind,
                "country": contact.country,
                "retired": contact.retired,
                "xarf": contact.wants_xarf,
            }
            subject = f"contact:{contact.pk}"
            record(event, actor=actor, hotline_id=contact.hotline_id, subject=subject, facts=facts)
    except IntegrityError as error:
        raise ContactExists(address=contact.email) from error
    return None
