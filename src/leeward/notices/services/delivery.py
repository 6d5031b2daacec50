"""Sending one message of the outbox: at most once by itself, whatever moment the machine stops at.

The row says `sending` from just before DATA until the reply is written down. Before that nothing can have been delivered,
so a try that was cut off is repeated. A row that is found `sending` after its worker is gone is `unsure`: it is never sent
again by itself; a person decides.

A webhook is the exception: its receiver knows by the identifier what it has, so what may have arrived is posted again under
the same one, and stays as it was from the first byte on (`outbox.open_messages`).
"""

from datetime import UTC, datetime

from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.crypto.openpgp import CertificateUnusable
from leeward.foundation.errors import NotFound
from leeward.notices.channels import webhook
from leeward.notices.channels.smtp import Envelope, MailServer, hand_over
from leeward.notices.envelopes import as_bytes, certificate_for
from leeward.notices.errors import MessageNotStuck
from leeward.notices.machine import webhook_of
from leeward.notices.models import Contact, Message, Notice
from leeward.notices.rules.bounces import Grade, grade_of_post, grade_of_refusal
from leeward.notices.rules.delivery import (
    SENDING_MOST,
    URGENT_DELAY,
    Channel,
    Fate,
    Outcome,
    fate_of,
    is_recipients_fault,
    is_refusal,
    next_try,
)
from leeward.notices.rules.webhooks import delivery_id
from leeward.notices.services import away, ladder, outbox
from leeward.notices.services.webhooks import delivery_to
from leeward.notices.timing import NO_SERVER, mail_server, return_path_of, short, webhook_line
from leeward.notices.writing import compose
from leeward.notices.writing.texts import Mail
from leeward.people import queries as people
from leeward.people.services import authorize

EDITIONS_A_RUN = 5


def deliver(message_id: int) -> datetime | None:
    """Send the message if it is time; return when to try again (None: there is nothing more to do)."""
    now = datetime.now(UTC)
    message = Message.objects.filter(pk=message_id).first()
    if message is not None and message.state == "sending":
        return _look_after(message, now)
    if message is None or message.state not in outbox.UNSENT:
        return None
    server = mail_server()
    if server is None and not _hook_of(message):
        return now + short(URGENT_DELAY if message.urgent else NO_SERVER)
    if message.next_at > now:
        return message.next_at
    for _edition in range(EDITIONS_A_RUN):
        settled, again_at = _try(message_id, server)
        if settled:
            return again_at
    return datetime.now(UTC)


def _hook_of(message: Message) -> Contact | None:
    """The contact to whose own server the message goes, or None where it goes by mail."""
    if message.kind != "notice":
        return None
    contact = Contact.objects.get(notices=message.subject_id)
    return contact if webhook_of(contact) else None


def _try(message_id: int, server: MailServer | None) -> tuple[bool, datetime | None]:
    """One try; not settled where the text was out of date before it went."""
    message = Message.objects.filter(pk=message_id, state__in=outbox.UNSENT).first()
    if message is None:
        return True, None
    if message.kind == "notice" and not ladder.recheck(Notice.objects.get(pk=message.subject_id)):
        return True, datetime.now(UTC)
    message = Message.objects.filter(pk=message_id, state__in=outbox.UNSENT).first()
    if message is None:
        return True, None
    message = outbox.readdress(message)
    mail = compose.mail_of(message)
    if mail is None:
        with hotline_transaction():
            if message.kind == "notice":
                Notice.objects.filter(pk=message.subject_id, state="waiting").update(state="stopped")
            outbox.stop(message)
        return True, None
    outcome = _handed_over(message, mail, server)
    return (False, None) if outcome is None else (True, settle(message_id, outcome))


def _handed_over(message: Message, mail: Mail, server: MailServer | None) -> Outcome | None:
    """How handing the message over ended; None where it was out of date by then."""
    contact = _hook_of(message)
    if contact is not None and mail.payload:
        return _posted(message, mail, contact)
    return _mailed(message, mail, server) if server else Outcome("connect", 0, "no_server")


def _posted(message: Message, mail: Mail, contact: Contact) -> Outcome | None:
    now = datetime.now(UTC)
    delivery = delivery_to(contact, delivery_id(message.message_id), mail.payload.encode(), now)
    return webhook.hand_over(
        webhook_line(), delivery, now, lambda: _may_go(message.pk, message.edition, mail.subject, "webhook")
    )


def _mailed(message: Message, mail: Mail, server: MailServer) -> Outcome | None:
    try:
        certificate = certificate_for(message)
        sender_name = people.hotline(message.hotline_id).name
        raw = as_bytes(message, mail, sender_name=sender_name, certificate=certificate)
    except CertificateUnusable:  # never in plain instead: a person puts a new key, or takes the key away
        return Outcome("seal", 0, "key_unusable")
    envelope = Envelope(return_path_of(message.pk), message.to, raw)
    return hand_over(server, envelope, lambda: _may_go(message.pk, message.edition, mail.subject))


def _may_go(message_id: int, edition: int, subject: str, channel: Channel = "smtp") -> bool:
    """Take the message for sending; False where another worker has it or its text is out of date."""
    now = datetime.now(UTC)
    return bool(
        Message.objects.filter(pk=message_id, state__in=outbox.UNSENT, edition=edition).update(
            state="sending",
            channel=channel,
            sending_since=now,
            subject=subject,
            first_try_at=Coalesce(F("first_try_at"), Value(now)),
        )
    )


def _look_after(message: Message, now: datetime) -> datetime | None:
    """A message that is being sent: leave it to its worker while that can be alive, then call it unsure, or post it again."""
    until = (message.sending_since or now) + short(SENDING_MOST)
    if until > now:
        return until
    channel: Channel = "webhook" if message.channel == "webhook" else "smtp"
    return settle(message.pk, Outcome("message", 0, "worker_gone", channel=channel))


def settle(message_id: int, outcome: Outcome) -> datetime | None:
    """Write down how a try ended and what follows from it; return when to try again."""
    now = datetime.now(UTC)
    with hotline_transaction():
        message = Message.objects.select_for_update().get(pk=message_id)
        # A try that ended before DATA says nothing about one that another worker has under way, and the other way round.
        expected = ("sending", "unsure") if outcome.stage == "message" else outbox.UNSENT
        if message.state not in expected:
            return None
        fate = fate_of(outcome)
        message.first_try_at = message.first_try_at or now
        message.attempts += 1
        message.channel, message.code, message.problem = outcome.channel, outcome.code or None, outcome.problem
        again_in = None
        if fate == "later":
            again_in = next_try(outcome, message.attempts, message.first_try_at, now, urgent=message.urgent)
        if fate == "later" and again_in is None:
            fate = "dead"
        if again_in is not None:
            message.state, message.next_at = "failed", now + short(again_in)
            message.save()
            away.still_fails(message)
            return message.next_at
        _end(message, fate, now)
        away.follow(message, fate, now, grade=_grade_of(outcome))
    return None


def _grade_of(outcome: Outcome) -> Grade | None:
    """How grave it is for the contact, where it is about the contact."""
    if outcome.channel == "webhook":
        return grade_of_post(outcome.code, is_refusal=is_refusal(outcome))
    return grade_of_refusal(outcome.code, outcome.status) if is_recipients_fault(outcome) else None


def _end(message: Message, fate: Fate, now: datetime) -> None:
    message.state = fate
    if fate == "sent":
        message.sent_at = now
    message.save()
    event = {"sent": "message.sent", "unsure": "message.left_unsure", "dead": "message.died"}[fate]
    facts = {"kind": message.kind, "about": message.subject_id, "code": message.code, "attempts": message.attempts}
    record(event, actor=SYSTEM, hotline_id=message.hotline_id, subject=f"message:{message.pk}", facts=facts)


def call_arrived(message_id: int, *, actor: Actor) -> None:
    """A person knows that an unsure message arrived (the contact answered, or the mail server's log says so)."""
    with hotline_transaction():
        message = Message.objects.select_for_update().filter(pk=message_id).first()
        if message is None:
            raise NotFound(what=_("message"))
        authorize(actor, "outbox.retry", message.hotline_id)
        if message.state != "unsure":
            raise MessageNotStuck
        at = message.sending_since or datetime.now(UTC)
        message.state, message.sent_at, message.problem = "sent", at, ""
        message.save()
        facts = {"kind": message.kind, "about": message.subject_id}
        subject = f"message:{message.pk}"
        record("message.called_arrived", actor=actor, hotline_id=message.hotline_id, subject=subject, facts=facts)
        away.follow(message, "sent", at)


def came_back(message: Message, grade: Grade, *, now: datetime) -> None:
    """A delivery report says that the message did not arrive; in the caller's transaction."""
    if message.state not in ("sent", "unsure", "sending"):
        return
    message.problem = "bounced"
    _end(message, "dead", now)
    away.follow(message, "dead", now, grade=grade)
