"""OpenPGP certificates of contacts: a contact with one gets every message encrypted, or not at all."""

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.crypto import openpgp
from leeward.foundation.errors import NotFound
from leeward.notices.channels import registry
from leeward.notices.errors import KeyUnusable
from leeward.notices.models import Contact
from leeward.notices.queries.labels import KEY_FAULTS
from leeward.notices.services.two_people import ask_if_it_leads_elsewhere
from leeward.people.services import authorize


def set_key(contact_id: int, certificate: str, *, actor: Actor) -> int | None:
    """Encrypt to this certificate from now on. For recipients of letters to police or child protection this waits for a
    second person, and the number of that change is returned."""
    try:
        read = openpgp.read_certificate(certificate.strip())
    except openpgp.CertificateUnusable as error:
        raise KeyUnusable(why=KEY_FAULTS[error.why]) from error
    with hotline_transaction():
        contact = _contact(contact_id, actor)
        if registry.of_contact(contact).form == "json":
            raise KeyUnusable(why=KEY_FAULTS["has_webhook"])
        contact.certificate, contact.fingerprint, contact.key_expires_at = (
            certificate.strip(),
            read.fingerprint,
            read.expires_at,
        )
        return _save(contact, "contact.key_set", actor)


def remove_key(contact_id: int, *, actor: Actor) -> int | None:
    """Send to this contact without encryption from now on. For recipients of letters to police or child protection this
    waits for a second person, and the number of that change is returned."""
    with hotline_transaction():
        contact = _contact(contact_id, actor)
        contact.certificate, contact.fingerprint, contact.key_expires_at = "", "", None
        return _save(contact, "contact.key_removed", actor)


def _contact(contact_id: int, actor: Actor) -> Contact:
    contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
    if contact is None:
        raise NotFound(what=_("contact"))
    authorize(actor, "contact.edit", contact.hotline_id)
    return contact


def _save(contact: Contact, event: str, actor: Actor) -> int | None:
    if waits := ask_if_it_leads_elsewhere(contact, actor):
        return waits
    contact.save(update_fields=["certificate", "fingerprint", "key_expires_at"])
    facts = {"fingerprint": contact.fingerprint}
    record(event, actor=actor, hotline_id=contact.hotline_id, subject=f"contact:{contact.pk}", facts=facts)
    return None
