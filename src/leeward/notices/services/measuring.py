"""How well contacts answer, stored with each of them so that long lists need not count."""

from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction
from leeward.jobs.services import schedule
from leeward.notices.models import Contact, Message, Notice, NoticeItem, PaymentAlert, Referral
from leeward.notices.rules.payments import COUNTS_AS
from leeward.notices.rules.quality import SentNotice, measure, next_due
from leeward.notices.timing import time_to_answer

MEASURE = "notices.measure"
NEWEST_MESSAGES = 200
NEWEST_ADDRESSES = 1000


def measure_contact(contact_id: int) -> None:
    """Recount what this contact was told and answered in its most recent messages; in the caller's transaction."""
    ends = _count(contact_id)
    if ends is not None:
        hotline_id = Contact.objects.values_list("hotline_id", flat=True).get(pk=contact_id)
        schedule(MEASURE, subject_id=contact_id, hotline_id=hotline_id, due_at=ends)


def measure_in_time(contact_id: int) -> datetime | None:
    """Recount because a deadline has passed; return when the next one does."""
    with hotline_transaction():
        return _count(contact_id)


def _count(contact_id: int) -> datetime | None:
    """Count, and return when the next unanswered message's deadline passes; in the caller's transaction."""
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        return None
    rows, now, time = _sent_messages(contact_id), datetime.now(UTC), time_to_answer(contact.kind)
    measured = measure(rows, time_to_answer=time, now=now)
    Contact.objects.filter(pk=contact_id).update(
        asked=measured.asked,
        due=measured.due,
        answered=measured.answered,
        removed=measured.removed,
        wrong=measured.wrong,
        median_minutes=measured.median_minutes,
    )
    return next_due(rows, time_to_answer=time, now=now)


def seen_alive(contact_id: int) -> None:
    """Reset a contact's bounce counts because it answered; in the caller's transaction."""
    Contact.objects.filter(pk=contact_id, bounced_at=None).update(bounces_hard=0, bounces_soft=0)
    measure_contact(contact_id)


def note_reply(message: Message) -> None:
    """Record that a person answered this message by mail; in the caller's transaction."""
    if message.kind == "notice":
        found = Notice.objects.filter(pk=message.subject_id)
    elif message.kind == "payment":
        found = PaymentAlert.objects.filter(pk=message.subject_id)
    elif message.kind in ("referral", "forward", "protect"):
        found = Referral.objects.filter(pk=message.subject_id)
    else:
        return
    contact_id = found.values_list("contact_id", flat=True).first()
    if contact_id is not None:
        Contact.objects.filter(pk=contact_id, bounced_at=None).update(bounces_hard=0, bounces_soft=0)


def _sent_messages(contact_id: int) -> list[SentNotice]:
    newest = Notice.objects.filter(contact_id=contact_id, sent_at__isnull=False).order_by("-pk").values("pk")
    items = NoticeItem.objects.filter(notice__in=newest[:NEWEST_MESSAGES]).order_by("-pk")
    rows = list(items.values_list("notice__sent_at", "answer", "answered_at")[:NEWEST_ADDRESSES])
    referrals = Referral.objects.filter(contact_id=contact_id, sent_at__isnull=False).order_by("-pk")
    rows += list(referrals.values_list("sent_at", "state", "answered_at")[:NEWEST_MESSAGES])
    alerts = PaymentAlert.objects.filter(contact_id=contact_id, sent_at__isnull=False, withdraws=None).order_by("-pk")
    newest_alerts = alerts.values_list("sent_at", "answer", "answered_at")[:NEWEST_MESSAGES]
    rows += [(sent_at, COUNTS_AS.get(answer, answer), answered_at) for sent_at, answer, answered_at in newest_alerts]
    return [SentNotice(sent_at, answer, answered_at) for sent_at, answer, answered_at in rows if sent_at]
