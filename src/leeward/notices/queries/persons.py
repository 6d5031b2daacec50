"""Entries of the directory, for whoever asks for their own data."""

from typing import Any

from leeward.notices.models import Contact, InboundMail, Message, Notice, PaymentAlert, Referral, Reply


def contacts_with(email: str, most: int) -> list[tuple[int, str, str]]:
    """Return entries with this address: number, name, kind."""
    found = Contact.objects.filter(email__iexact=email).order_by("id") if email else Contact.objects.none()
    return [(row.pk, row.name or row.email, row.kind) for row in found[:most]]


def is_in_use(number: int) -> bool:
    """Return whether letters may still go to an entry, new ones or one that has not left yet; True where there is none."""
    return not Contact.objects.filter(pk=number, retired=True).exists() or _is_written_to(number)


def _is_written_to(number: int) -> bool:
    """Return whether a letter to an entry has not left yet: it is encrypted by the entry's key when it does."""
    waiting = Message.objects.filter(state__in=("waiting", "sending", "unsure", "failed", "dead")).values("subject_id")
    others = waiting.exclude(kind__in=("notice", "payment", "reply", "staff", "alert"))
    return bool(
        Notice.objects.filter(contact_id=number, pk__in=waiting.filter(kind="notice")).exists()
        or PaymentAlert.objects.filter(contact_id=number, pk__in=waiting.filter(kind="payment")).exists()
        or Reply.objects.filter(contact_id=number, pk__in=waiting.filter(kind="reply")).exists()
        or Referral.objects.filter(contact_id=number, pk__in=others).exists()
    )


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
