"""Entries of the directory, for whoever asks for their own data."""

from typing import Any

from django.db.models import Q, QuerySet

from leeward.audit.queries import log_of
from leeward.notices.models import (
    Alert,
    Contact,
    InboundMail,
    Message,
    Notice,
    PaymentAlert,
    Referral,
    Reply,
    SentSince,
    StaffNote,
)
from leeward.people.queries.persons import data_of_changes_of_entry
from leeward.people.rules.reach import POLICE_CONTACT


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


def letters_to_staff(account_id: int, email: str, hotline_id: int) -> QuerySet[Message]:
    """Return the letters of a hotline to one of its staff: notes to them, wherever they went, and alerts to their address."""
    notes = StaffNote.objects.filter(hotline_id=hotline_id, person_id=account_id).values("pk")
    alerts = Alert.objects.filter(hotline_id=hotline_id, to=email).values("pk")
    mine = Q(kind="staff", subject_id__in=notes) | Q(kind="alert", subject_id__in=alerts)
    found: QuerySet[Message] = Message.objects.filter(mine, hotline_id=hotline_id).order_by("pk")
    return found


def mails_from_staff(email: str, hotline_id: int) -> QuerySet[InboundMail]:
    """Return the mails that came from a member of staff, such as answers to a page."""
    found: QuerySet[InboundMail] = InboundMail.objects.filter(hotline_id=hotline_id, sender__iexact=email).order_by(
        "pk"
    )
    return found


def data_of_mails_from_staff(email: str, hotline_id: int) -> list[dict[str, Any]]:
    """Return the mails from a member of staff, for whoever asks for their own data."""
    fields = ("sender", "subject", "received_at")
    return list(mails_from_staff(email, hotline_id).values(*fields))


def data_of_letters_to_staff(account_id: int, email: str, hotline_id: int) -> list[dict[str, Any]]:
    """Return the letters to a member of staff, for whoever asks for their own data."""
    fields = ("kind", "to", "subject", "created_at", "sent_at")
    return list(letters_to_staff(account_id, email, hotline_id).values(*fields))


def data_of_letters_since_backup(email: str) -> list[dict[str, Any]]:
    """Return what the mail server sent to an address after the backup from which this installation was restored."""
    fields = ("to", "at")
    return list(SentSince.objects.filter(to__iexact=email).order_by("pk").values(*fields))


def data_of_contact(number: int, most: int) -> dict[str, list[dict[str, Any]]]:
    """Return an entry, what two people changed of it, what the log says was done with it, the newest letters to its address and the
    newest mails from it."""
    entry = Contact.objects.filter(pk=number).first()
    if entry is None:
        return {"directory": []}
    fields = (
        "kind",
        "service",
        "country",
        "name",
        "email",
        "languages",
        "source",
        "origin",
        "checked_at",
        "unconfirmed",
        "certificate",
        "fingerprint",
        "channel",
        "channel_answers",
        "webhook_url",
        "retired",
    )
    others = [_name_of(one) for one in Contact.objects.exclude(pk=number).only("kind", "country", "email")]
    changes = data_of_changes_of_entry(entry.hotline_id, POLICE_CONTACT, _name_of(entry), but_not=others)
    acts = log_of(entry.hotline_id, f"contact:{number}", most)
    letters = Message.objects.filter(to=entry.email).order_by("-id")[:most]
    mails = InboundMail.objects.filter(sender=entry.email).order_by("-id")[:most]
    return {
        "directory": list(Contact.objects.filter(pk=number).values(*fields)),
        "changes": changes,
        "acts": [{"event": act.event, "at": act.at} for act in reversed(acts)],
        "letters": list(letters.values("kind", "subject", "created_at", "sent_at")),
        "letters_since_backup": data_of_letters_since_backup(entry.email),
        "mails": list(mails.values("subject", "received_at")),
    }


def _name_of(entry: Contact) -> str:
    """Return the name of an entry in a change."""
    return f"{entry.kind}/{entry.country}/{entry.email}"
