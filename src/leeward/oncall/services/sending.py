"""Sending one message of a page: mail is sent automatically at most once, whenever the machine stops.

As with notices, the row says `sending` from just before the point of no return. If that is found after a crash, mail
becomes `unsure` and is not sent again: the next round comes anyway. A webhook's receiver recognises duplicates by the
identifier, so a post is repeated.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM
from leeward.foundation.clock import next_delay
from leeward.notices.services import Posted, post, post_signed
from leeward.oncall.letters import letter_of, payload_of
from leeward.oncall.models import PageMessage
from leeward.oncall.rules.links import delivery_id, secret_of
from leeward.oncall.services.calling import note

FIRST_DELAY, MOST_DELAY = timedelta(seconds=5), timedelta(seconds=30)
# Longer than the time-outs at the end of an SMTP conversation allow.
SENDING_MOST = timedelta(minutes=5)


def send(message_id: int) -> datetime | None:
    """Send a message if it is still wanted; return when to try again, or None if there is nothing more to do."""
    now = datetime.now(UTC)
    message = PageMessage.objects.select_related("page", "person", "webhook").filter(pk=message_id).first()
    if message is None or message.state not in ("waiting", "sending"):
        return None
    if message.state == "sending":
        since = message.sending_since or now
        if since <= now < since + SENDING_MOST:
            return since + SENDING_MOST
        return _settle(message, Posted("unsure", "message", 0, "worker_gone"))
    if message.page.closed_at is not None:
        PageMessage.objects.filter(pk=message_id, state="waiting").update(state="stopped")
        return None
    posted = _posted(message, now) if message.way == "webhook" else _mailed(message)
    return _settle(message, posted) if posted is not None else None


def _mailed(message: PageMessage) -> Posted | None:
    return post(letter_of(message), may_go=lambda: _take(message.pk))


def _posted(message: PageMessage, now: datetime) -> Posted | None:
    hook = message.webhook
    if hook is None or not hook.url:
        return Posted("dead", "connect", 0, "hook_gone")
    secret = secret_of(settings.LEEWARD.secret_bytes, hook.pk, hook.serial)
    return post_signed(
        message.to,
        delivery_id=delivery_id(message.pk, message.page_id),
        signing=(secret,),
        body=payload_of(message, now),
        now=now,
        may_go=lambda: _take(message.pk),
    )


def _take(message_id: int) -> bool:
    """Claim the message for sending; return False if another worker has it, or nobody need be called any more."""
    wanted = PageMessage.objects.filter(pk=message_id, state="waiting", page__closed_at__isnull=True)
    return bool(wanted.update(state="sending", sending_since=datetime.now(UTC)))


def _settle(message: PageMessage, posted: Posted) -> datetime | None:
    """Record the result of a try; return when the next one is."""
    now = datetime.now(UTC)
    with hotline_transaction():
        row = PageMessage.objects.select_for_update().select_related("page").get(pk=message.pk)
        if row.state not in ("waiting", "sending"):
            return None
        row.attempts += 1
        row.code, row.problem = posted.code, posted.problem
        fate = "later" if row.way == "webhook" and posted.fate == "unsure" else posted.fate
        if fate == "later":
            row.state, row.sending_since = "waiting", None
            row.save()
            return now + next_delay(row.attempts, first=FIRST_DELAY, most=MOST_DELAY)
        row.state = fate
        row.sent_at = now if fate == "sent" else None
        row.save()
        event = {"sent": "page.sent", "dead": "page.died", "unsure": "page.left_unsure"}[fate]
        facts = {"message": row.pk, "round": row.round, "way": row.way, "person": row.person_id, "code": row.code}
        note(event, row.page, actor=SYSTEM, facts=facts)
    return None
