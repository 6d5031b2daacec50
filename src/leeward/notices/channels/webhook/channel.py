"""Webhooks as a channel: notices as JSON to a contact's own server, which recognises duplicates by their identifier."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings

from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _
from leeward.notices.channels import webhook
from leeward.notices.channels.protocol import Ask, Form, Parcel
from leeward.notices.channels.webhook import meaning
from leeward.notices.rules.bounces import Grade
from leeward.notices.rules.delivery import Fate, Outcome, Patience
from leeward.notices.rules.webhooks import MOST_ADDRESSES, WITH_WEBHOOK, delivery_id, secret_of, serials_in_force
from leeward.notices.timing import webhook_line

if TYPE_CHECKING:
    from leeward.notices.models import Contact


class Webhook:
    """Posts to the address on the contact's page."""

    name = "webhook"
    label = _("Webhook")
    form: Form = "json"
    kinds = WITH_WEBHOOK
    most_addresses = MOST_ADDRESSES
    can_go_again = True
    code_kind = "HTTP"
    panel = "notices/includes/webhook.html"
    asks: tuple[Ask, ...] = ()  # its panel asks on its own: a new address creates a secret, which is shown once
    problems: Mapping[str, LazyText] = {
        "hook_gone": _("The webhook says that it is permanently gone."),
        "hook_refused": _("The webhook did not accept it."),
        "hook_redirects": _("The webhook redirects to another address. Ask the contact for the right one."),
        "hook_no_answer": _(
            "The webhook gave no answer, so the message may have arrived. It will be posted again with the same identifier."
        ),
        "hook_not_reached": _("The webhook’s server can’t be reached."),
        "hook_no_name": _("The webhook’s name can’t be found."),
        "hook_not_trusted": _("The webhook’s certificate is not trusted."),
        "hook_not_allowed": _(
            "The webhook’s address is inside a private network, or not https: nothing is posted there."
        ),
    }

    def is_ready(self) -> bool:
        """Return True: it needs no settings."""
        return True

    def address_of(self, contact: "Contact") -> str:
        """Return the address to which notices are posted."""
        return contact.webhook_url

    def by_hand(self, name: str) -> LazyText:
        """Name the address, which may contain something secret; the webhook's own secret is valid on one installation
        only."""
        return _(
            "Set up the webhook of %(name)s on its page, and pass on its new secret; until then it gets mail.",
            name=name,
        )

    def hand_over(self, parcel: Parcel, may_go: Callable[[], bool]) -> Outcome | None:
        """Post the signed notice."""
        assert parcel.contact is not None
        now = datetime.now(UTC)
        delivery = delivery_to(parcel.contact, delivery_id(parcel.message_id), parcel.content, now)
        return webhook.hand_over(webhook_line(), delivery, now, may_go)

    def fate_of(self, outcome: Outcome) -> Fate:
        """Return what the receiver's answer means."""
        return meaning.fate_of(outcome)

    def patience(self, outcome: Outcome, *, urgent: bool) -> Patience:
        """Return how long a receiver is retried."""
        return meaning.patience(outcome)

    def grade_of(self, outcome: Outcome) -> Grade | None:
        """Return how serious a failure is for the contact."""
        return meaning.grade_of(outcome)


def delivery_to(contact: "Contact", delivery_id: str, body: bytes, now: datetime) -> webhook.Delivery:
    """Return what is posted to a contact's webhook, with the secrets that sign it now."""
    installation = settings.LEEWARD.secret_bytes
    serials = serials_in_force(contact.webhook_serial, contact.webhook_renewed_at, now)
    signing = tuple(secret_of(installation, contact.pk, serial) for serial in serials)
    return webhook.Delivery(contact.webhook_url, delivery_id, signing, body)


CHANNEL = Webhook()
