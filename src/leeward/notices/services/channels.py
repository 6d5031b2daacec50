"""A contact's channel: set with the answers from its part of the contact's page, or removed."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.notices.channels import registry
from leeward.notices.errors import ChannelUnusable
from leeward.notices.models import Contact
from leeward.people.services import authorize

CHANNEL_FIELDS = ("channel", "channel_answers", "webhook_url", "webhook_renewed_at")
MOST_ANSWER = 500


def set_channel(contact_id: int, name: str, answers: Mapping[str, str], *, actor: Actor) -> None:
    """Use a channel for notices to a contact from now on. A channel with its own page is set there instead."""
    with hotline_transaction():
        contact = _contact(contact_id, actor)
        channel = registry.channels().get(name)
        if channel is None or not channel.asks or not registry.can_have(contact.kind, channel):
            raise BadInput(what=_("act"), why=_("this contact can’t have this channel"))
        if contact.channel not in ("", name):
            raise BadInput(what=_("act"), why=_("its notices go by another channel; remove that first"))
        typed = {ask.name: answers.get(ask.name, "").strip()[: MOST_ANSWER + 1] for ask in channel.asks}
        faults = [fault for ask in channel.asks if (fault := str(ask.fault(typed[ask.name])))]
        if any(len(one) > MOST_ANSWER for one in typed.values()):
            faults.insert(0, _("an answer is too long"))
        if channel.form == "json" and contact.certificate:
            faults.insert(0, _("this contact has an OpenPGP key, to which everything is encrypted; remove that first"))
        if faults:
            raise ChannelUnusable(why=faults[0])
        contact.channel, contact.channel_answers = name, typed
        _save(contact, "contact.channel_set", actor, name)


def remove_channel(contact_id: int, *, actor: Actor) -> None:
    """Send notices to this contact by mail again."""
    with hotline_transaction():
        contact = _contact(contact_id, actor)
        channel = registry.channels().get(contact.channel)
        if not contact.channel or (channel is not None and not channel.asks):
            raise BadInput(what=_("act"), why=_("this contact has no such channel"))
        name = contact.channel
        leave_channel(contact)
        _save(contact, "contact.channel_removed", actor, name)


def leave_channel(contact: Contact) -> None:
    """Reset the contact's channel to mail; the caller saves CHANNEL_FIELDS."""
    contact.channel, contact.channel_answers = "", {}
    contact.webhook_url, contact.webhook_renewed_at = "", None


def _contact(contact_id: int, actor: Actor) -> Contact:
    contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
    if contact is None:
        raise NotFound(what=_("contact"))
    authorize(actor, "contact.edit", contact.hotline_id)
    return contact


def _save(contact: Contact, event: str, actor: Actor, name: str) -> None:
    contact.save(update_fields=[*CHANNEL_FIELDS])
    facts = {"channel": name}
    record(event, actor=actor, hotline_id=contact.hotline_id, subject=f"contact:{contact.pk}", facts=facts)
