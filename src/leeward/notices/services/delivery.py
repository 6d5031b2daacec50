"""Sends one message of the outbox: at most once automatically, at whatever moment the machine stops.

The row says `sending`, and since when, from just before DATA until the reply is recorded. Before that nothing can have been
delivered, so an interrupted attempt is repeated. A row found `sending` after its worker is gone is `unsure`: it is never sent
again automatically; a person decides. Where it doesn't say since when, it is only claimed, so that nothing outdates it any more.

A channel whose receivers recognise duplicates is the exception (`can_go_again`): what may have arrived is sent again,
and is not changed after the first byte (`outbox.open_messages`).
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.backup.queries import is_held
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.crypto.openpgp import CertificateUnusable
from leeward.foundation.errors import NotFound
from leeward.jobs.clockwatch import is_in_doubt, is_sure
from leeward.notices.channels import registry
from leeward.notices.channels.protocol import Channel, Parcel
from leeward.notices.envelopes import as_bytes, certificate_for
from leeward.notices.errors import ArrivalTakesTwo, MessageNotStuck
from leeward.notices.going_on import is_held_beside, is_held_itself
from leeward.notices.models import TO_POLICE, Contact, Message, Notice, NoticeCase, NoticeItem, Reply
from leeward.notices.queries.entered import takes_two
from leeward.notices.queries.sent_since import has_left
from leeward.notices.rules.bounces import Grade
from leeward.notices.rules.delivery import (
    PROGRAM_ANSWERED,
    SENDING_MOST,
    URGENT_DELAY,
    Fate,
    Outcome,
    fate_with,
    next_try,
)
from leeward.notices.rules.ladder import LADDER_KINDS
from leeward.notices.rules.name_acts import NAME_KINDS, TO_OUR_POLICE
from leeward.notices.rules.police_first import WAITS
from leeward.notices.services import away, ladder, outbox, payments
from leeward.notices.timing import NO_SERVER, short
from leeward.notices.writing import compose
from leeward.notices.writing.kept_brief import withdrawn_of
from leeward.notices.writing.texts import Mail
from leeward.people import queries as people_queries
from leeward.people.services import authorize

EDITIONS_A_RUN = 5


def deliver(message_id: int) -> datetime | None:
    """Send the message if it is due; return when to try again (None: there is nothing more to do)."""
    now = datetime.now(UTC)
    message = Message.objects.filter(pk=message_id).first()
    if message is not None and message.state == "sending":
        if message.sending_since is not None:
            return _settle_abandoned(message, now)
        _let_go(message_id)  # whoever claimed it is gone, or finds that it is theirs no more
        message.state = "waiting"
    if message is None or message.state not in outbox.UNSENT:
        return None
    if is_held() or _waits_for_police(message) or not registry.of_contact(_contact_of(message)).is_ready():
        return now + short(URGENT_DELAY if message.urgent else NO_SERVER)
    if _waits(message, now):
        return message.next_at
    for edition in range(1, EDITIONS_A_RUN + 1):
        settled, again_at = _try(message_id, at_once=edition == EDITIONS_A_RUN)
        if settled:
            return again_at
    return datetime.now(UTC)


def _waits(message: Message, now: datetime) -> bool:
    """Return whether it isn't due yet. An urgent message never waits for more than a minute: a longer delay means that
    the clock was set back."""
    wait = message.next_at - now
    return timedelta(0) < wait and not (message.urgent and wait > max(short(URGENT_DELAY), outbox.URGENT_LEAST))


def _waits_for_police(message: Message) -> bool:
    """Return whether it asks a host again, after a review, for what the police don't let hosts be told of now, or is a notice about an
    address of which they hold a case, and whose gate hasn't followed yet (`police_first.follow_holds`), or one that a person wanted sent
    and that goes once they let hosts be told."""
    if message.kind == "notice":
        gated = Notice.objects.filter(pk=message.subject_id, kind__in=(*LADDER_KINDS, *NAME_KINDS))
        gated = gated.exclude(kind__in=TO_OUR_POLICE)
        about = NoticeCase.objects.filter(items__notice__in=gated, state="open")
        if not about.exists():
            if not outbox.is_open(message):  # a text that may have arrived isn't for later
                return False
            # A person wanted it sent: it waits for that.
            by_name = Q(items__notice__kind__in=NAME_KINDS, state="person")
            waiting = NoticeCase.objects.filter(by_name | Q(state__in=WAITS), items__notice__in=gated)
            return bool(waiting.exists())
        return bool(about.filter(is_held_itself() | is_held_beside()).exists())
    if message.kind != "reply":
        return False
    asks_again = Reply.objects.filter(pk=message.subject_id, what="kept")
    asked = NoticeCase.objects.filter(items__replies__in=asks_again)
    return bool(asked.filter(Q(state__in=WAITS) | is_held_itself() | is_held_beside()).exists())


def _contact_of(message: Message) -> Contact | None:
    """Return the contact of a notice; None for every other message, which uses the default channel."""
    return Contact.objects.get(notices=message.subject_id) if message.kind == "notice" else None


def _try(message_id: int, *, at_once: bool) -> tuple[bool, datetime | None]:
    """Make one attempt; returns without settling if the text became outdated before it was sent. `at_once`: what comes in while the
    server is asked outdates it no more, so that nobody keeps a letter back by adding something again and again."""
    message = Message.objects.filter(pk=message_id, state__in=outbox.UNSENT).first()
    if message is None:
        return True, None
    if message.kind == "notice":
        notice = Notice.objects.get(pk=message.subject_id)
        if not ladder.recheck(notice):
            return True, datetime.now(UTC)
        ladder.leave_out(notice)
    message = Message.objects.filter(pk=message_id, state__in=outbox.UNSENT).first()
    if message is None:
        return True, None
    message = outbox.readdress(message)
    now = datetime.now(UTC)
    if at_once and message.kind in TO_POLICE:
        return _try_claimed(message, now)
    mail = compose.mail_of(message, now)
    if mail is None:
        with hotline_transaction():
            if message.kind == "notice":
                Notice.objects.filter(pk=message.subject_id, state="waiting").update(state="stopped")
            elif message.kind == "payment":
                payments.stop(message.subject_id)
            outbox.stop(message)
        return True, None
    channel, contact = _channel_for(message, mail)
    outcome = _handed_over(message, mail, channel, contact, now, at_once=at_once)
    return (False, None) if outcome is None else (True, settle(message_id, channel, outcome))


def _channel_for(message: Message, mail: Mail) -> tuple[Channel, Contact | None]:
    """Return the channel to use now. A text made before the contact chose a channel for programs goes by mail."""
    contact = _contact_of(message)
    channel = registry.of_contact(contact)
    if channel.form == "json" and not mail.payload:
        return registry.for_everybody(), contact
    return channel, contact


def _handed_over(
    message: Message, mail: Mail, channel: Channel, contact: Contact | None, worded_at: datetime, *, at_once: bool
) -> Outcome | None:
    """Return the outcome of the delivery; None if the message was outdated by then."""
    parcel = _parcel(message, mail, channel, contact)
    if isinstance(parcel, Outcome):
        return parcel

    def may_go() -> bool:
        """Words that were taken back since the text was made are not handed over either."""
        return not withdrawn_of(mail.words_of) and _may_go(message, mail.subject, channel, worded_at)

    if not at_once or channel.can_go_again:
        return channel.hand_over(parcel, may_go)
    if withdrawn_of(mail.words_of) or not _claim(message):
        return None
    return _handed_over_claimed(message, mail, parcel, channel)


def _try_claimed(message: Message, now: datetime) -> tuple[bool, datetime | None]:
    """Make an attempt with a letter to the police that is claimed before it is worded, which can take seconds: what comes in during
    these goes by another letter, so that nobody keeps this one back."""
    channel = registry.for_everybody()
    if not _claim(message):
        return False, None
    try:
        mail = compose.mail_of(message, now)
        parcel = _parcel(message, mail, channel, None) if mail is not None else None
    except BaseException:
        _let_go(message.pk)
        raise
    if mail is None or parcel is None or withdrawn_of(mail.words_of):
        _let_go(message.pk)
        return False, None
    if isinstance(parcel, Outcome):
        _let_go(message.pk)
        return True, settle(message.pk, channel, parcel)
    outcome = _handed_over_claimed(message, mail, parcel, channel)
    return (False, None) if outcome is None else (True, settle(message.pk, channel, outcome))


def _claim(message: Message) -> bool:
    """Claim the message before anything of it is handed over; False if another worker has it or its text is outdated."""
    return bool(_unchanged(message).update(state="sending", sending_since=None))


def _handed_over_claimed(message: Message, mail: Mail, parcel: Parcel, channel: Channel) -> Outcome | None:
    ours = _claimed(message.pk)

    def may_go() -> bool:
        """It is another worker's, or stopped, where this one had it for too long; and the police may hold it by now."""
        return not _waits_for_police(message) and bool(ours.update(**_sending(mail.subject, channel), worded_at=None))

    outcome = channel.hand_over(parcel, may_go)
    _let_go(message.pk)
    return outcome


def _claimed(message_id: int) -> QuerySet[Message]:
    found: QuerySet[Message] = Message.objects.filter(pk=message_id, state="sending", sending_since=None)
    return found


def _let_go(message_id: int) -> None:
    """Let a message that was only claimed wait again."""
    _claimed(message_id).update(state="waiting")


def _parcel(message: Message, mail: Mail, channel: Channel, contact: Contact | None) -> Parcel | Outcome:
    """Return what to hand over, or the outcome where it can't be sealed."""
    try:
        content = mail.payload.encode() if channel.form == "json" else _as_mime(message, mail)
    except CertificateUnusable:  # never in plain text instead: a person sets a new key, or removes the key
        return Outcome("seal", 0, "key_unusable")
    return Parcel(message.pk, message.message_id, message.to, contact, content)


def _as_mime(message: Message, mail: Mail) -> bytes:
    certificate = certificate_for(message)
    return as_bytes(message, mail, sender_name=people_queries.hotline(message.hotline_id).name, certificate=certificate)


def _may_go(message: Message, subject: str, channel: Channel, worded_at: datetime) -> bool:
    """Claim the message for sending; False if another worker has it or its text is outdated. A text that is sent again keeps
    the moment that it counts from."""
    counts_from = (message.worded_at or worded_at) if channel.can_go_again else None
    return bool(_unchanged(message).update(**_sending(subject, channel), state="sending", worded_at=counts_from))


def _unchanged(message: Message) -> QuerySet[Message]:
    found: QuerySet[Message] = Message.objects.filter(
        pk=message.pk, state__in=outbox.UNSENT, edition=message.edition, worded_at=message.worded_at
    )
    return found


def _sending(subject: str, channel: Channel) -> dict[str, Any]:
    now = datetime.now(UTC)
    first_try_at = Coalesce(F("first_try_at"), Value(now))
    return {"channel": channel.name, "sending_since": now, "subject": subject, "first_try_at": first_try_at}


def _settle_abandoned(message: Message, now: datetime) -> datetime | None:
    """Check a message that is being sent: leave it to its worker while that may be alive, then mark it unsure or send
    it again."""
    until = (message.sending_since or now) + short(SENDING_MOST)
    if now < until <= now + short(SENDING_MOST):  # it can be later than that only after a clock was set back
        return until
    return settle(message.pk, registry.of_message(message.channel), Outcome("message", 0, "worker_gone"))


def settle(message_id: int, channel: Channel, outcome: Outcome) -> datetime | None:
    """Record the outcome of an attempt and do what follows; return when to try again."""
    now = datetime.now(UTC)
    with hotline_transaction():
        message = Message.objects.select_for_update().get(pk=message_id)
        # An attempt that ended before DATA says nothing about another worker's attempt in progress, and the other way
        # round.
        expected = ("sending", "unsure") if outcome.stage == "message" else outbox.UNSENT
        if message.state not in expected or (message.state == "unsure" and message.problem == PROGRAM_ANSWERED):
            return None
        fate = _fate_of(channel, outcome)
        message.first_try_at = message.first_try_at or now
        message.attempts += 1
        message.channel, message.code, message.problem = channel.name, outcome.code or None, outcome.problem
        again_in = None
        if fate == "later":
            patience = channel.patience(outcome, urgent=message.urgent)
            # By a clock that jumped, nothing was tried for days.
            tried_since = now if is_in_doubt() else message.first_try_at
            again_in = next_try(outcome, patience, message.attempts, tried_since, now)
        if fate == "later" and again_in is None:
            fate = "dead"
        if again_in is not None:
            message.state, message.next_at = "failed", now + short(again_in)
            message.save()
            if _is_unknown(channel, outcome):
                away.may_have_arrived(message)
            away.still_fails(message, now)
            return message.next_at
        end(message, fate, now)
        away.follow(message, fate, now, grade=channel.grade_of(outcome))
    return None


def _fate_of(channel: Channel, outcome: Outcome) -> Fate:
    """Return the message's fate. A failed encryption and a lost worker are judged here, not by a channel."""
    if outcome.stage == "seal":
        return "dead"
    fate: Fate = "unsure" if _is_unknown(channel, outcome) else channel.fate_of(outcome)
    return fate_with(fate, can_go_again=channel.can_go_again)


def _is_unknown(channel: Channel, outcome: Outcome) -> bool:
    """Return whether the message may have arrived by this attempt."""
    return outcome.problem == "worker_gone" or channel.fate_of(outcome) == "unsure"


def end(message: Message, fate: Fate, now: datetime) -> None:
    """Store what became of a message, and record it; in the caller's transaction."""
    message.state = fate
    if fate == "sent":
        message.sent_at = now
    message.save()
    event = {"sent": "message.sent", "unsure": "message.left_unsure", "dead": "message.died"}[fate]
    facts = {"kind": message.kind, "about": message.subject_id, "code": message.code, "attempts": message.attempts}
    record(event, actor=SYSTEM, hotline_id=message.hotline_id, subject=f"message:{message.pk}", facts=facts)


def call_arrived(message_id: int, *, actor: Actor, seen: str | None = None) -> None:
    """Mark an unsure message as arrived, because a person knows it (the contact answered, or the mail server's log says
    so): when it went, or now if the clock was in doubt since. Raises ArrivalTakesTwo where one person's word would end that
    police or child protection still have to be told of a child, TriedSince if it stands otherwise than was `seen`."""
    with hotline_transaction():
        message = Message.objects.select_for_update().filter(pk=message_id).first()
        if message is None:
            raise NotFound(what=_("message"))
        authorize(actor, "outbox.retry", message.hotline_id)
        if message.state != "unsure":
            raise MessageNotStuck
        outbox.demand_seen(message, seen)
        if message.kind == "protect" or (
            message.kind in TO_POLICE and any(takes_two(one) for one in outbox.referrals_in(message))
        ):
            raise ArrivalTakesTwo
        now = datetime.now(UTC)
        went_at = has_left(message) or message.sending_since or now
        at = went_at if is_sure(went_at, now) else now  # by a clock that was behind, the police's time would be over
        message.state, message.sent_at, message.problem = "sent", at, ""
        message.save()
        facts = {"kind": message.kind, "about": message.subject_id}
        subject = f"message:{message.pk}"
        record("message.called_arrived", actor=actor, hotline_id=message.hotline_id, subject=subject, facts=facts)
        away.follow(message, "sent", at)


def came_back(message: Message, grade: Grade, *, now: datetime) -> None:
    """Mark a message as returned after a delivery report; in the caller's transaction."""
    if message.state not in ("sent", "unsure", "sending"):
        return
    message.problem = "bounced"
    end(message, "dead", now)
    away.follow(message, "dead", now, grade=grade)


def may_have_come_back(message: Message, *, now: datetime) -> None:
    """Leave a letter that counts as delivered to a person, since a program answered it in its own words, unless its receivers
    are known to have it; in the caller's transaction."""
    if message.state not in ("sent", "sending") or _is_known_there(message):
        return
    message.problem = PROGRAM_ANSWERED
    end(message, "unsure", now)
    away.follow(message, "unsure", now)


def _is_known_there(message: Message) -> bool:
    if message.kind == "notice":
        return bool(NoticeItem.objects.filter(notice=message.subject_id, answered_at__isnull=False).exists())
    if message.kind == "reply":
        return False
    known = {referral.told_how for referral in outbox.referrals_in(message)}
    return "answer" in known or known == {"person"}
