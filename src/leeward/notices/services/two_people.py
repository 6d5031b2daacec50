"""How our police and child protection are written to: changed by two people once a portal of the hotline is in use."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.notices.errors import ContactExists
from leeward.notices.models import Contact
from leeward.notices.recipients import routes_of
from leeward.notices.rules.routes import led_elsewhere, of_kinds
from leeward.people.queries import is_overtaken, portal_change, portals_in_use
from leeward.people.rules.reach import POLICE_CONTACT
from leeward.people.services import ask_change, hotline_takes_two, note_change
from leeward.people.services.persons import erase_from_changes

# The fields of an entry that can lead a letter elsewhere, as stored in a change.
PLAIN = (
    "kind", "service", "country", "name", "email", "languages", "retired", "unconfirmed", "fingerprint", "certificate",
)  # fmt: skip


def name_of(contact: Contact) -> str:
    """Return the name of a directory entry in a change."""
    return f"{contact.kind}/{contact.country}/{contact.email}"


def ask_if_it_leads_elsewhere(contact: Contact, actor: Actor) -> int | None:
    """Ask for a second person if saving this changed entry would lead letters to police or child protection elsewhere;
    return the number of the pending change, or None if the caller may save it. In the caller's transaction."""
    old = Contact.objects.filter(pk=contact.pk).first() if contact.pk else None
    if not of_kinds({contact.kind, *([old.kind] if old else [])}) or not _leads_elsewhere(contact):
        return None
    before = _plain(old) if old else {}
    wanted = {name: value for name, value in _plain(contact).items() if before.get(name) != value}
    about = name_of(old or contact)
    if hotline_takes_two(contact.hotline_id, actor):
        _refuse_twin(contact)
        return ask_change(
            None,
            POLICE_CONTACT,
            hotline_id=contact.hotline_id,
            about=about,
            before=before,
            wanted=wanted,
            actor=actor,
        )
    if actor.kind == "command":
        note_change(None, POLICE_CONTACT, hotline_id=contact.hotline_id, about=about, before=before, wanted=wanted)
    return None


def take_confirmed_contact(change_id: int) -> None:
    """Apply a confirmed change of a directory entry. Repeating it changes nothing. In the hotline's scope."""
    change = portal_change(change_id)
    if change is None or change.what != POLICE_CONTACT or change.asked_by_id is None or is_overtaken(change):
        return
    with hotline_transaction():
        kind, country, email = change.about.split("/", 2)
        contact = _entry(kind, country, email) or _entry(
            change.wanted.get("kind", kind), change.wanted.get("country", country), change.wanted.get("email", email)
        )
        if contact is None and change.before:
            raise NotFound(what=_("contact"))
        contact = contact or Contact(hotline_id=change.hotline_id, source="staff")
        _take(contact, change.wanted)
        _refuse_twin(contact)
        contact.save()
        facts = {"change": change_id, "fields": sorted(change.wanted), "fingerprint": contact.fingerprint}
        system = Actor("system", hotline_id=change.hotline_id)
        subject = f"contact:{contact.pk}"
        record("contact.edited", actor=system, hotline_id=change.hotline_id, subject=subject, facts=facts)


def forget_in_changes(contact: Contact, name: str) -> int:
    """Take what an erased entry, once of this name, said out of its changes, in the caller's transaction; return how many."""
    gone = {one: getattr(contact, one) for one in ("name", "email", "fingerprint", "certificate")}
    others = [name_of(one) for one in Contact.objects.exclude(pk=contact.pk)]
    return erase_from_changes(
        contact.hotline_id, POLICE_CONTACT, [name], but_not=others, name=name_of(contact), erased_fields=gone
    )


def begin_afresh(contact: Contact) -> None:
    """Clear the entry's bounces; the caller saves it."""
    contact.bounced_at, contact.bounces_hard, contact.bounces_soft = None, 0, 0


def begin_elsewhere(contact: Contact) -> None:
    """Give the entry a new address: the old address keeps its mails, with the links in them. The caller saves it."""
    begin_afresh(contact)
    contact.page_is_open = contact.page_is_told = False


def _leads_elsewhere(contact: Contact) -> bool:
    portals = portals_in_use(contact.hotline_id)
    if not portals:
        return False
    listed = list(Contact.objects.filter(kind__in=("police", "protection", "hotline")))
    others = [row for row in listed if row.pk != contact.pk]
    return bool(led_elsewhere(routes_of(portals, listed), routes_of(portals, [*others, contact])))


def _plain(contact: Contact) -> dict[str, Any]:
    plain = {name: getattr(contact, name) for name in PLAIN}
    expires_at = contact.key_expires_at.isoformat() if contact.key_expires_at else ""
    return plain | {"key_expires_at": expires_at, "bounces": contact.bounced_at is not None}


def _take(contact: Contact, wanted: Mapping[str, Any]) -> None:
    if "email" in wanted and contact.pk:
        begin_elsewhere(contact)
    for name in PLAIN:
        if name in wanted:
            setattr(contact, name, wanted[name])
    if "key_expires_at" in wanted:
        expires_at = wanted["key_expires_at"]
        contact.key_expires_at = datetime.fromisoformat(expires_at) if expires_at else None
    if not wanted.get("bounces", True):
        begin_afresh(contact)
    contact.checked_at = datetime.now(UTC)


def _entry(kind: str, country: str, email: str) -> Contact | None:
    found: Contact | None = Contact.objects.select_for_update().filter(kind=kind, country=country, email=email).first()
    return found


def _refuse_twin(contact: Contact) -> None:
    same = Contact.objects.filter(kind=contact.kind, country=contact.country, email=contact.email)
    if same.exclude(pk=contact.pk).exists():
        raise ContactExists(address=contact.email)
