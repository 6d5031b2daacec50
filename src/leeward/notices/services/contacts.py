"""The directory of contacts."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError

from leeward.audit.services import record, turn
from leeward.ground.actor import Actor
from leeward.ground.errors import NotAllowed, NotFound
from leeward.notices.errors import AddressNotMail, ContactExists
from leeward.notices.models import Contact
from leeward.notices.rules.plain_text import one_line
from leeward.notices.whom import is_mail_address
from leeward.people.rules.permissions import may


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """What a person writes about a contact."""

    kind: str
    country: str
    name: str
    email: str
    languages: tuple[str, ...] = ()
    retired: bool = False


def add_contact(details: ContactDetails, *, hotline_id: int, actor: Actor) -> int:
    """Put a contact into the directory; return its number."""
    _demand(actor, hotline_id)
    contact = Contact(hotline_id=hotline_id, source="staff")
    _take(contact, details)
    _save(contact, "contact.added", actor)
    return contact.pk


def change_contact(contact_id: int, details: ContactDetails, *, actor: Actor) -> None:
    """Change a contact. A new address begins without the mark that mail came back."""
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound(what="contact")
    _demand(actor, contact.hotline_id)
    before = contact.email
    _take(contact, details)
    if contact.email != before:
        contact.bounced_at = None
    _save(contact, "contact.edited", actor)


def clear_bounce(contact_id: int, *, actor: Actor) -> None:
    """Mail to this contact works again."""
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound(what="contact")
    _demand(actor, contact.hotline_id)
    contact.bounced_at = None
    _save(contact, "contact.cleared", actor)


def _take(contact: Contact, details: ContactDetails) -> None:
    email = details.email.strip().lower()
    if not is_mail_address(email):
        raise AddressNotMail(address=details.email[:100] or "—")
    contact.kind, contact.country = details.kind, details.country.upper()
    contact.name, contact.email = one_line(details.name, 120), email
    contact.languages, contact.retired = list(details.languages), details.retired
    contact.checked_at = datetime.now(UTC)


def _save(contact: Contact, event: str, actor: Actor) -> None:
    try:
        with turn():
            contact.save()
            facts = {"kind": contact.kind, "country": contact.country, "retired": contact.retired}
            subject = f"contact:{contact.pk}"
            record(event, actor=actor, hotline_id=contact.hotline_id, subject=subject, facts=facts)
    except IntegrityError as error:
        raise ContactExists(address=contact.email) from error


def _demand(actor: Actor, hotline_id: int) -> None:
    decision = may(actor, "contact.edit", hotline_id)
    if not decision:
        raise NotAllowed(reason=decision.reason)
