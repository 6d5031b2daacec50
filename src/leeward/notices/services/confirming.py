"""Shipped directory entries: imported unconfirmed, tested with a letter, and confirmed by a person."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import override

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.installation.services import demand_few_tests
from leeward.notices.models import Contact
from leeward.notices.rules.known import KnownContact
from leeward.notices.rules.plain_text import one_line
from leeward.notices.services.letters import Letter, Posted, post
from leeward.notices.services.two_people import ask_if_it_leads_elsewhere
from leeward.notices.writing.texts import language_for
from leeward.people import queries as people_queries
from leeward.people.services import authorize

How = Literal["answered", "spoken", "official"]
HOWS: tuple[How, ...] = ("answered", "spoken", "official")


def take_known(rows: Sequence[KnownContact], *, hotline_id: int, actor: Actor) -> int:
    """Import known contacts into the directory, unconfirmed; existing entries stay as they are. Return how many are new."""
    authorize(actor, "contact.edit", hotline_id)
    added = 0
    with hotline_transaction():
        for row in rows:
            source = one_line(f"{row.trust.source}, {row.trust.as_of}", 200)
            _entry, is_new = Contact.objects.get_or_create(
                hotline_id=hotline_id,
                kind=row.kind,
                country=row.country,
                email=row.email,
                defaults={
                    "name": one_line(row.name, 120),
                    "source": "shipped",
                    "origin": source,
                    "unconfirmed": True,
                    "checked_at": datetime.now(UTC),
                },
            )
            added += is_new
        facts = {"rows": len(rows), "added": added, "shipped": True}
        record("contacts.imported", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
    return added


def send_test_letter(contact_id: int, *, actor: Actor) -> Posted:
    """Ask an unconfirmed contact whether it takes our reports; the letter mentions no case. An answer comes by mail.
    Raises TriedTooOften."""
    contact = _contact(contact_id, actor)
    demand_few_tests("test letters", contact.email)
    hotline = people_queries.hotline(contact.hotline_id)
    with override(language_for(contact.languages)):
        body = _(
            "This is a test message from %(hotline)s, a hotline against child sexual abuse material. We "
            "would like to write to you when such material concerns you. Please reply and tell us "
            "whether this is the right address. This message contains no report, and nothing else "
            "follows from it."
        ) % {"hotline": hotline.name}
        letter = Letter(contact.email, _("Is this the right address for our reports?"), f"{body}\n", hotline.name)
    posted = post(letter)
    assert posted is not None  # nothing holds such a letter back
    with hotline_transaction():
        facts = {"fate": posted.fate, "code": posted.code}
        subject = f"contact:{contact.pk}"
        record("contact.test_sent", actor=actor, hotline_id=contact.hotline_id, subject=subject, facts=facts)
    return posted


def confirm_contact(contact_id: int, how: str, *, actor: Actor) -> int | None:
    """Confirm that an address is right, with a note on how that is known: from now on cases go there. If letters to
    police or child protection went elsewhere before, this waits for a second person, and the number of that change is
    returned."""
    if how not in HOWS:
        raise BadInput(what=_("How you know"), why=_("choose one from the list"))
    contact = _contact(contact_id, actor)
    with hotline_transaction():
        contact.unconfirmed, contact.checked_at = False, datetime.now(UTC)
        if waits := ask_if_it_leads_elsewhere(contact, actor):
            return waits
        contact.save(update_fields=["unconfirmed", "checked_at"])
        subject = f"contact:{contact.pk}"
        record("contact.confirmed", actor=actor, hotline_id=contact.hotline_id, subject=subject, facts={"how": how})
    return None


def _contact(contact_id: int, actor: Actor) -> Contact:
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound(what=_("contact"))
    authorize(actor, "contact.edit", contact.hotline_id)
    return contact
