"""Webhooks of contacts: set, given a new secret, removed, tested; and what is posted to one."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.backup.queries import require_free
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.notices.channels.webhook import hand_over
from leeward.notices.channels.webhook.channel import CHANNEL, delivery_to
from leeward.notices.errors import WebhookUnusable
from leeward.notices.machine import test_payload
from leeward.notices.models import Contact
from leeward.notices.queries.labels import HOOK_FAULTS
from leeward.notices.queries.lists import seen_by
from leeward.notices.rules.delivery import Outcome
from leeward.notices.rules.webhooks import WITH_WEBHOOK, address_fault, as_text, canonical, secret_of
from leeward.notices.services.channels import CHANNEL_FIELDS, leave_channel
from leeward.notices.timing import webhook_line
from leeward.people import queries as people_queries
from leeward.people.services import authorize


@dataclass(frozen=True, slots=True)
class Tried:
    """The result of a test: whether the receiver accepted it, its status (0 if there was no answer), and a name for the
    problem."""

    is_good: bool
    code: int
    problem: str


def set_webhook(contact_id: int, url: str, *, actor: Actor) -> str:
    """Post notices to this address from now on, with a secret of its own; return the secret, which is revealed only now."""
    typed = url.strip()
    with hotline_transaction():
        contact = _contact(contact_id, actor)
        fault = address_fault(typed, allow_http=settings.LEEWARD.webhook_allow_http)
        fault = "has_a_key" if contact.certificate else fault
        if fault:
            raise WebhookUnusable(why=HOOK_FAULTS[fault])
        contact.channel, contact.channel_answers = CHANNEL.name, {}
        contact.webhook_url, contact.webhook_serial = canonical(typed), contact.webhook_serial + 1
        contact.webhook_by_id = actor.id if actor.kind == "staff" else None
        # Somebody else may run the old address: its secret is worth nothing here.
        contact.webhook_renewed_at = None
        _save(contact, "contact.webhook_set", actor)
    return _secret(contact)


def renew_webhook(contact_id: int, *, actor: Actor) -> str:
    """Make a new secret and return it, which is revealed only now; the previous one signs beside it for a day."""
    with hotline_transaction():
        contact = _with_webhook(contact_id, actor)
        contact.webhook_serial, contact.webhook_renewed_at = contact.webhook_serial + 1, datetime.now(UTC)
        contact.webhook_by_id = actor.id if actor.kind == "staff" else None
        _save(contact, "contact.webhook_renewed", actor)
    return _secret(contact)


def replace_secrets_of(person_id: int, *, hotline_id: int, actor: Actor) -> list[tuple[str, str]]:
    """Replace the secrets that somebody who leaves has seen; the old ones stop working at once. Returns their contacts
    and the new secrets, which are revealed only now. Recently renewed secrets lose their predecessors at once, in the
    whole hotline."""
    with hotline_transaction():
        Contact.objects.filter(hotline_id=hotline_id, webhook_renewed_at__isnull=False).update(webhook_renewed_at=None)
        made = []
        for contact in seen_by(person_id):
            authorize(actor, "contact.edit", contact.hotline_id)
            contact.webhook_serial, contact.webhook_by_id = contact.webhook_serial + 1, actor.id
            _save(contact, "contact.webhook_renewed", actor)
            made.append((contact.name or contact.email, _secret(contact)))
    return made


def remove_webhook(contact_id: int, *, actor: Actor) -> None:
    """Send notices to this contact by mail again. A secret that was revealed is never used again."""
    with hotline_transaction():
        contact = _with_webhook(contact_id, actor)
        leave_channel(contact)
        _save(contact, "contact.webhook_removed", actor)


def try_webhook(contact_id: int, *, actor: Actor) -> Tried:
    """Post a test that names nothing but us, once and now, and return the result."""
    contact = _with_webhook(contact_id, actor)
    now = datetime.now(UTC)
    body = test_payload(people_queries.hotline(contact.hotline_id), now).encode()
    delivery = delivery_to(contact, f"msg_test_{secrets.token_hex(10)}", body, now)
    require_free()
    outcome = hand_over(webhook_line(), delivery, now, lambda: True) or Outcome("connect", 0, "hook_not_reached")
    tried = Tried(200 <= outcome.code <= 299, outcome.code, outcome.problem)
    with hotline_transaction():
        facts = {"code": tried.code, "problem": tried.problem}
        subject = f"contact:{contact.pk}"
        record("contact.webhook_tried", actor=actor, hotline_id=contact.hotline_id, subject=subject, facts=facts)
    return tried


def _secret(contact: Contact) -> str:
    return as_text(secret_of(settings.LEEWARD.secret_bytes, contact.pk, contact.webhook_serial))


def _with_webhook(contact_id: int, actor: Actor) -> Contact:
    contact = _contact(contact_id, actor)
    if not contact.webhook_url:
        raise BadInput(what=_("act"), why=_("this contact has no webhook"))
    return contact


def _contact(contact_id: int, actor: Actor) -> Contact:
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound(what=_("contact"))
    authorize(actor, "contact.edit", contact.hotline_id)
    if contact.kind not in WITH_WEBHOOK:
        raise BadInput(what=_("act"), why=_("this contact can't have a webhook"))
    return contact


def _save(contact: Contact, event: str, actor: Actor) -> None:
    contact.save(update_fields=[*CHANNEL_FIELDS, "webhook_serial", "webhook_by"])
    facts = {"serial": contact.webhook_serial}
    record(event, actor=actor, hotline_id=contact.hotline_id, subject=f"contact:{contact.pk}", facts=facts)
