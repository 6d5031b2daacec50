"""Incoming mail: stored once, shortened, and matched to the notice or referral that it answers; delivery reports mark
their message."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.installation.queries import config_now
from leeward.jobs.services import erased, publish_event, schedule
from leeward.notices.channels import mailbox
from leeward.notices.errors import MailboxUnreadable
from leeward.notices.models import (
    MOST_SUBJECT,
    SET_ASIDE,
    TO_POLICE,
    Contact,
    InboundMail,
    Message,
    Notice,
    PaymentAlert,
    Referral,
    Reply,
)
from leeward.notices.rules.bounces import grade_of
from leeward.notices.rules.incoming import Incoming, guessed_bounce, may_have_failed, read_mail
from leeward.notices.rules.name_acts import TO_OUR_POLICE
from leeward.notices.rules.plain_text import without_our_links
from leeward.notices.rules.reference import Letter, marks_in
from leeward.notices.services import delivery, measuring
from leeward.notices.services.sent_since import KEPT
from leeward.payments.rules.masking import without_card_numbers
from leeward.people import queries as people_queries
from leeward.people.services import authorize

READ_AGAIN = "notices.read_again"
# Mail may be read so much later than it was put into the mailbox: then it was there before the backup, and in none.
_READ_LATE = timedelta(days=7)
_MOST_HEAD = 16_384  # bytes
# Somebody must have these (`_is_letter`), so what a program answers to them may not pass for nothing.
LETTERS = (*TO_POLICE, "protect")


def take_in(raw: bytes) -> int | None:
    """Store one mail; return its number, or None if it was stored before or there is no hotline yet."""
    mail = read_mail(raw)
    if _is_known(mail):
        return None
    message, is_returned = _answered_message(mail)
    is_letter = message is not None and _is_letter(message)
    is_unclear = message is not None and is_letter and may_have_failed(mail, message.to)
    if is_returned and (is_unclear or not is_letter):
        bounce = guessed_bounce(mail, is_for_good=is_letter)
        mail = replace(mail, bounce=bounce, is_bounce=mail.is_bounce or bounce is not None)
    hotline_id = message.hotline_id if message else _hotline_for(mail)
    if hotline_id is None:
        return None
    try:
        with scope(hotline=hotline_id), hotline_transaction():
            return _keep(mail, message, hotline_id, is_returned=is_returned, is_unclear=is_unclear)
    except IntegrityError:
        if _is_known(mail):
            return None  # another worker stored it at the same moment
        raise


def _is_letter(message: Message) -> bool:
    """Return whether a message is to police or child protection: also about a name, or about what they answered."""
    if message.kind == "notice":
        return bool(Notice.of_every_hotline.filter(pk=message.subject_id, kind__in=TO_OUR_POLICE).exists())
    if message.kind == "reply":
        with scope(hotline=message.hotline_id):
            return bool(Reply.objects.filter(pk=message.subject_id, referral__isnull=False).exists())
    return message.kind in LETTERS


def set_aside(raw: bytes) -> None:
    """Let a person know of a mail that could not be taken in: that there is one, and what names it in the mailbox. Nothing else of
    it is read again, which may be what failed."""
    rows = sorted(people_queries.hotlines(), key=lambda row: row.id)
    if not rows:
        return
    named = {
        "sender": without_card_numbers(_plain(raw, b"from:")),
        "subject": without_card_numbers(_plain(raw, b"subject:")),
    }
    with scope(hotline=rows[0].id), hotline_transaction():
        kept, is_new = InboundMail.objects.update_or_create(
            message_id=f"<{hashlib.sha256(raw).hexdigest()}{SET_ASIDE}",
            defaults={"read_at": None},
            create_defaults={"hotline_id": rows[0].id, "received_at": datetime.now(UTC), **named},
        )
        facts = {"about": "", "bounce": False, "dropped": 0}
        if is_new:
            record("mail.received", actor=SYSTEM, hotline_id=kept.hotline_id, subject=f"mail:{kept.pk}", facts=facts)


def _plain(raw: bytes, name: bytes) -> str:
    """Return the first line of a mail's head that begins with a name, without it, and without what isn't printable ASCII."""
    lines = raw[:_MOST_HEAD].splitlines()
    found = next((line for line in lines if line.lower().startswith(name)), b"")[len(name) :]
    return "".join(chr(byte) for byte in found if 32 <= byte < 127).strip()[:MOST_SUBJECT]


def _is_known(mail: Incoming) -> bool:
    """Return whether this very mail was stored; of one from before contents were compared only its Message-ID is known."""
    return bool(InboundMail.of_every_hotline.filter(message_id__in=[mail.identity, mail.message_id]).exists())


def read_again_since(backup_at: datetime, now: datetime) -> None:
    """Let the mail since a backup that was restored be read once more, also what was read before; in the caller's transaction."""
    since = min(backup_at, now) - _READ_LATE
    schedule(READ_AGAIN, subject_id=int(since.timestamp()), hotline_id=0)


def let_mail_be_new(since: datetime, now: datetime) -> bool:
    """Let all mail since then count as new; what is stored is left out as it is read. Return whether that is done: not where the
    mailbox can't be read now, or none is set yet."""
    setting = config_now().mailbox
    if not setting:
        return now - since > KEPT
    try:
        return mailbox.let_be_new(setting, since)
    except MailboxUnreadable:
        return False


def mark_read(mail_id: int, *, actor: Actor) -> None:
    """Mark a mail that matches nothing as handled; it leaves the list. Only people who work on cases read such mail."""
    with hotline_transaction():
        mail = InboundMail.objects.select_for_update().filter(pk=mail_id).first()
        if mail is None:
            raise NotFound(what=_("mail"))
        authorize(actor, "outbox.retry", mail.hotline_id)
        authorize(actor, "case.read", mail.hotline_id)
        if mail.read_at is None:
            mail.read_at = datetime.now(UTC)
            mail.save(update_fields=["read_at"])
            record("mail.read", actor=actor, hotline_id=mail.hotline_id, subject=f"mail:{mail.pk}")


def _keep(mail: Incoming, message: Message | None, hotline_id: int, *, is_returned: bool, is_unclear: bool) -> int:
    now = datetime.now(UTC)
    kept = InboundMail.objects.create(
        hotline_id=hotline_id,
        message_id=mail.identity,
        in_reply_to=mail.in_reply_to,
        **_about(message),
        sender=_sender_kept(mail.sender),
        subject=without_card_numbers(mail.subject)[:MOST_SUBJECT],
        text=without_card_numbers(without_our_links(mail.text)),
        was_cut=mail.was_cut,
        dropped=mail.dropped,
        is_bounce=mail.is_bounce,
        received_at=now,
        documents=_documents_kept(mail),
    )
    facts = {
        "about": f"{message.kind}:{message.subject_id}" if message else "",
        "bounce": mail.is_bounce,
        "dropped": mail.dropped,
    }
    record("mail.received", actor=SYSTEM, hotline_id=hotline_id, subject=f"mail:{kept.pk}", facts=facts)
    publish_event("mail.received", subject_id=kept.pk, hotline_id=hotline_id)
    if message is None and not (mail.is_bounce or mail.is_automatic or mail.is_from_a_server):
        publish_event("mail.by_person", subject_id=kept.pk, hotline_id=hotline_id, urgent=True)
    if message is not None:
        _follow(mail, message, now, is_returned=is_returned, is_unclear=is_unclear)
    return kept.pk


def _follow(mail: Incoming, message: Message, now: datetime, *, is_returned: bool, is_unclear: bool) -> None:
    """Do what follows for the message that a mail answers: it came back, nobody knows whether it did, or a person answered it."""
    bounce = mail.bounce
    current = Message.objects.select_for_update().get(pk=message.pk)
    if bounce and (is_returned or not bounce.recipients or message.to.lower() in bounce.recipients):
        delivery.came_back(current, grade_of(bounce.status), now=now)
    elif is_unclear:
        delivery.may_have_come_back(current, now=now)
    elif not (mail.is_bounce or mail.is_automatic or mail.is_from_a_server):
        measuring.note_reply(message)


def _sender_kept(sender: str) -> str:
    """Return who a mail names as its sender, whose name may hold a card's number; the address stays as it is."""
    name, address = parseaddr(sender)
    masked = without_card_numbers(name)
    return sender if masked == name else f'"{masked.replace('"', "'")}" <{address}>'


def forget_documents(mail_id: int) -> None:
    """Delete what programs read in a mail, in the caller's transaction; the mail itself stays."""
    InboundMail.objects.filter(pk=mail_id).update(documents=[])
    erased(InboundMail)


def _documents_kept(mail: Incoming) -> list[str]:
    """Return what programs read in a mail of a hotline or the police, without what we attached to a letter ourselves: it has reporters'
    words, and is no tip."""
    others = [one for one in mail.documents if f"{settings.LEEWARD.base_url}/referral/" not in one]
    return others if others and _is_of_a_hotline(mail.sender) else []


def _is_of_a_hotline(sender: str) -> bool:
    """Return whether a mail names a hotline of the directory, or the police, as its sender. Anybody can write that, so it
    decides only whether its documents are kept for a person."""
    address = parseaddr(sender)[1].lower()
    known = Contact.objects.filter(email__iexact=address, kind__in=("hotline", "police"), retired=False)
    return bool(address) and known.filter(unconfirmed=False).exists()


def _about(message: Message | None) -> dict[str, int | None]:
    """Return the notice, referral or alert that a mail belongs to."""
    if message is None or message.kind not in ("notice", "referral", "forward", "protect", "reply", "payment"):
        return {}
    if message.kind == "payment":
        return {"payment_alert_id": message.subject_id}
    if message.kind == "reply":
        reply = Reply.objects.select_related("item").get(pk=message.subject_id)
        return {"notice_id": reply.item.notice_id if reply.item else None, "referral_id": reply.referral_id}
    return {"notice_id" if message.kind == "notice" else "referral_id": message.subject_id}


def _answered_message(mail: Incoming) -> tuple[Message | None, bool]:
    """Return which of our messages a mail answers, by the Message-IDs it names, else by the mark in its subject, else in what it
    returns, else in its text; and whether it came to the return address of that one message."""
    secret = settings.LEEWARD.secret_bytes
    for letter, number in marks_in(secret, " ".join(mail.recipients)):
        if letter == "M" and (returned := Message.of_every_hotline.filter(pk=number).first()):
            return returned, True
    return _named_message(mail), False


def _named_message(mail: Incoming) -> Message | None:
    found = Message.of_every_hotline.filter(message_id__in=mail.answers).order_by("-pk").first()
    if found:
        return found
    for text in mail.marks_from:
        marked = (_marked(letter, number) for letter, number in marks_in(settings.LEEWARD.secret_bytes, text))
        named = {message.pk: message for message in marked if message is not None}
        if named:  # where they disagree, a person reads which it answers
            return named.popitem()[1] if len(named) == 1 else None
    return None


def _marked(letter: Letter, number: int) -> Message | None:
    if letter == "M":
        return None
    if letter == "P":
        exists = PaymentAlert.of_every_hotline.filter(pk=number).exists()
        kinds: tuple[str, ...] = ("payment",)
    elif letter == "N":
        exists = Notice.of_every_hotline.filter(pk=number).exists()
        kinds = ("notice",)
    else:
        exists = Referral.of_every_hotline.filter(pk=number).exists()
        kinds = ("referral", "forward", "protect")
    if not exists:
        return None
    return Message.of_every_hotline.filter(kind__in=kinds, subject_id=number).first()


def _hotline_for(mail: Incoming) -> int | None:
    """Return the hotline that a mail is addressed to; the first of the installation if the address doesn't say."""
    rows = sorted(people_queries.hotlines(), key=lambda row: row.id)
    for row in rows:
        if row.email and row.email.lower() in mail.recipients:
            return row.id
    return rows[0].id if rows else None


def unread_mails() -> int:
    """Return how many mails wait in the mailbox for answers; asks its server and reads none. Raises MailboxUnreadable."""
    return mailbox.unread(config_now().mailbox)
