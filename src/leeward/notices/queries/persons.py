"""Entries of the directory, for whoever asks for their own data."""

from typing import Any

from leeward.notices.models import Contact, InboundMail, Message


def contacts_with(email: str, most: int) -> list[tuple[int, str, str]]:
    """Return entries with this address: number, name, kind."""
    found = Contact.objects.filter(email__iexact=email).order_by("id") if email else Contact.objects.none()
    return [(row.pk, row.name or row.email, row.kind) for row in found[:most]]


def is_in_use(number: int) -> bool:
    """Return whether letters may still go to an entry; True where there is none."""
    return not Contact.objects.filter(pk=number, retired=True).exists()


def data_of_contact(number: int, most: int) -> dict[str, list[dict[str, Any]]]:
    """Return an entry, the newest letters to its address and the newest mails from it."""
    email = Contact.objects.filter(pk=number).values_list("email", flat=True).first() or "nobody"
    fields = (
        "kind",
        "country",
        "name",
        "email",
        "languages",
        "source",
        "origin",
        "fingerprint",
        "webhook_url",
        "retired",
    )
    letters = Message.objects.filter(to=email).order_by("-id")[:most]
    mails = InboundMail.objects.filter(sender=email).order_by("-id")[:most]
    return {
        "directory": list(Contact.objects.filter(pk=number).values(*fields)),
        "letters": list(letters.values("kind", "subject", "created_at", "sent_at")),
        "mails": list(mails.values("subject", "received_at")),
    }
