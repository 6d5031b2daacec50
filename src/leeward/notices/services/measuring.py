"""How well contacts answer, stored with each of them so that long lists need not count."""

from collections.abc import Iterable
from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction
from leeward.hosting import queries as hosting_queries
from leeward.jobs.services import schedule
from leeward.monitoring.queries import watches_of
from leeward.notices.models import Contact, Message, Notice, NoticeItem, PaymentAlert, Referral
from leeward.notices.queries.league import KINDS, MOST_ROWS
from leeward.notices.rules.league import LEAST
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
        verified=measured.verified,
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
    rows_of_items = list(
        items.values_list("notice__sent_at", "answer", "answered_at", "location_id")[:NEWEST_ADDRESSES]
    )
    gone = _gone(place for _sent_at, answer, _at, place in rows_of_items if answer == "removed")
    held = hosting_queries.places_held_since(
        {place: at for _sent_at, answer, at, place in rows_of_items if answer == "suspended" and at}
    )
    # That a name is held doesn't say that the content is gone.
    verified = {"removed": gone, "suspended": held}
    of_items = [
        SentNotice(sent_at, answer, at, place in verified.get(answer, ()))
        for sent_at, answer, at, place in rows_of_items
        if sent_at
    ]
    referrals = Referral.objects.filter(contact_id=contact_id, sent_at__isnull=False).order_by("-pk")
    rows = list(referrals.values_list("sent_at", "state", "answered_at")[:NEWEST_MESSAGES])
    alerts = PaymentAlert.objects.filter(contact_id=contact_id, sent_at__isnull=False, withdraws=None).order_by("-pk")
    newest_alerts = alerts.values_list("sent_at", "answer", "answered_at")[:NEWEST_MESSAGES]
    rows += [(sent_at, COUNTS_AS.get(answer, answer), answered_at) for sent_at, answer, answered_at in newest_alerts]
    return of_items + [SentNotice(sent_at, answer, answered_at) for sent_at, answer, answered_at in rows if sent_at]


def _gone(places: Iterable[int]) -> set[int]:
    """Return at which of these places a check found the content gone."""
    wanted = set(places)
    return {place for place, watch in watches_of(wanted).items() if watch.state == "removed"} if wanted else set()


def measure_claims() -> int:
    """Recount those contacts of the league that say that something is gone, since that can turn out later; return how many. In the
    hotline's scope."""
    found = 0
    for kind in KINDS:
        claiming = Contact.objects.filter(kind=kind, due__gte=LEAST, removed__gte=1).order_by("-due", "pk")
        for contact_id in list(claiming.values_list("pk", flat=True)[:MOST_ROWS]):
            measure_in_time(contact_id)
            found += 1
    return found
