"""The outbox: messages that must be sent, and people's decisions about the ones that got stuck."""

import secrets
from datetime import UTC, datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import cancel, schedule
from leeward.notices.channels import registry
from leeward.notices.errors import MessageNotStuck, TriedSince
from leeward.notices.models import TO_POLICE, Contact, Message, Referral
from leeward.notices.queries.about import address_now, police_now
from leeward.notices.rules.delivery import URGENT_DELAY, seen_of
from leeward.notices.timing import sender, short
from leeward.people.services import authorize

DELIVER = "notices.deliver"
# However fast a demonstration runs, urgent messages that come together are sent together.
URGENT_LEAST = timedelta(seconds=1)
UNSENT = ("waiting", "failed")
STUCK = ("unsure", "dead")


def open_messages() -> QuerySet[Message]:
    """Return messages whose content may still change because sending hasn't begun. What was sent once through a channel
    that sends it again may have arrived, so it must not change."""
    found: QuerySet[Message] = Message.objects.filter(state__in=UNSENT)
    repeating = [name for name, channel in registry.channels().items() if channel.can_go_again]
    return found.exclude(channel__in=repeating, sending_since__isnull=False)


def is_open(message: Message) -> bool:
    """Return the same for one message."""
    may_have_it = registry.of_message(message.channel).can_go_again and message.sending_since is not None
    return message.state in UNSENT and not may_have_it


def put(kind: str, subject_id: int, *, to: str, hotline_id: int, due_at: datetime, urgent: bool) -> Message:
    """Add a message to the outbox; its Message-ID is made here and never changes. An urgent one is sent before all others."""
    domain = sender().rpartition("@")[2] or "localhost"
    message = Message.objects.create(
        hotline_id=hotline_id,
        kind=kind,
        subject_id=subject_id,
        to=to,
        urgent=urgent,
        message_id=f"<{kind[0]}{subject_id}.{secrets.token_hex(10)}@{domain}>",
        next_at=due_at,
        created_at=datetime.now(UTC),
    )
    _deliver(message, due_at)
    return message


def _deliver(message: Message, due_at: datetime) -> None:
    schedule(DELIVER, subject_id=message.pk, hotline_id=message.hotline_id, due_at=due_at, urgent=message.urgent)


def move_tries(messages: list[int], after: datetime, by: timedelta) -> None:
    """Move the next try of these messages by `by` if it is later than `after`: the clock that it was set by was ahead."""
    Message.objects.filter(pk__in=messages, next_at__gt=after).update(next_at=F("next_at") + by)


def begin_patience_anew(now: datetime, since: datetime | None) -> None:
    """Let no message be given up sooner for a clock that was wrong when it was first tried, since `since`, whatever that said then, or at any
    time. In the hotline's scope and in the caller's transaction."""
    tried = Message.objects.filter(state__in=UNSENT, first_try_at__isnull=False)
    (tried if since is None else tried.filter(first_try_at__gte=since)).update(first_try_at=now)


def change(message: Message) -> None:
    """Mark that the data of the message has changed, so that a text generated before isn't sent."""
    Message.objects.filter(pk=message.pk).update(edition=F("edition") + 1)


def renew(message: Message, *, due_at: datetime | None = None, urgent: bool = False) -> None:
    """Mark that the data of an open message has changed, and reschedule it for `due_at` if given; an urgent one is sent
    before all others and within a minute, however long it would have waited after a failure."""
    change(message)
    if urgent:
        latest = datetime.now(UTC) + max(short(URGENT_DELAY), URGENT_LEAST)
        due_at = min(due_at, latest) if due_at is not None else latest
    is_sooner = due_at is not None and message.next_at > due_at
    if is_sooner or (urgent and not message.urgent):
        message.next_at = due_at if due_at is not None and is_sooner else message.next_at
        message.urgent = message.urgent or urgent
        Message.objects.filter(pk=message.pk).update(next_at=message.next_at, urgent=message.urgent)
        _deliver(message, message.next_at)


def stop(message: Message) -> None:
    """Cancel the message because there is nothing left to say. One that is being sent is not touched."""
    stopped = Message.objects.filter(pk=message.pk, state__in=UNSENT).update(state="stopped", edition=F("edition") + 1)
    if stopped:
        cancel(DELIVER, subject_id=message.pk, hotline_id=message.hotline_id)
        _record("message.stopped", message, SYSTEM)


def referrals_in(message: Message) -> list[Referral]:
    """Return every referral in a message, the one that it is about first; in the caller's transaction."""
    rows = Referral.objects.select_for_update(of=("self",)).select_related("notice_case")
    lead = rows.get(pk=message.subject_id)
    return [lead, *rows.filter(mail_of=lead).order_by("pk")]


def call_proved(message: Message, now: datetime) -> None:
    """Mark a message as arrived because its recipient answered through its link: it needs no decision any more, and no other try."""
    cancel(DELIVER, subject_id=message.pk, hotline_id=message.hotline_id)
    message.state, message.sent_at, message.problem = "sent", message.sending_since or now, ""
    message.save()
    _record("message.proved_arrived", message, SYSTEM)


def readdress(message: Message) -> Message:
    """Update a message to the police to their current address in the portal, which may have changed while it waited."""
    if message.kind not in TO_POLICE:
        return message
    found = police_now(message)
    if found is None or found[2] == message.to:
        return message
    portal, name, email = found
    with hotline_transaction():
        now = Message.objects.select_for_update().filter(pk=message.pk, state__in=(*UNSENT, *STUCK)).first()
        if now is None:
            return message
        contact, _made = Contact.objects.get_or_create(
            hotline_id=message.hotline_id,
            kind="police",
            country=portal.country,
            email=email,
            defaults={"source": "portal", "name": name, "checked_at": datetime.now(UTC)},
        )
        Referral.objects.filter(Q(pk=message.subject_id) | Q(mail_of=message.subject_id)).update(contact=contact)
        now.to, now.edition = email, now.edition + 1
        now.save(update_fields=["to", "edition"])
        _record("message.readdressed", now, SYSTEM)
    return now


def retry(message_id: int, *, actor: Actor, seen: str | None = None) -> None:
    """Resend a message that failed permanently or may not have arrived, under the same Message-ID. Raises TriedSince if it stands otherwise
    than was `seen`."""
    now = datetime.now(UTC)
    with hotline_transaction():
        message = stuck(message_id, actor)
        demand_seen(message, seen)
        send_again(message, actor=actor, now=now)


def send_again(message: Message, *, actor: Actor, now: datetime) -> None:
    """Do the same for a caller that holds the lock and has checked that the actor may and the message is stuck."""
    if message.kind in TO_POLICE:
        message = readdress(message)
    else:
        message.to = address_now(message)
    if message.code:  # it was refused, so what it says of time counts anew
        message.worded_at = None
    message.state, message.next_at, message.first_try_at, message.problem = "waiting", now, None, ""
    message.edition += 1
    message.save()
    _deliver(message, now)
    _record("message.retried", message, actor)


def give_up(message: Message, actor: Actor) -> None:
    """Give up a message, for a caller that holds the lock and has checked that the actor may."""
    cancel(DELIVER, subject_id=message.pk, hotline_id=message.hotline_id)
    message.state = "stopped"
    message.save(update_fields=["state", "problem"])
    _record("message.dropped", message, actor)


def stuck(message_id: int, actor: Actor) -> Message:
    """Return a message that a person may decide about, locked; raises MessageNotStuck if it is none. In the caller's transaction."""
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise NotFound(what=_("message"))
    authorize(actor, "outbox.retry", message.hotline_id)
    if message.state not in (*STUCK, "failed"):
        raise MessageNotStuck
    return message


def demand_seen(message: Message, seen: str | None) -> None:
    """Raise TriedSince unless the message stands as whoever decides about it has `seen` it (`seen_of`); None: they decide whatever it is."""
    if seen is not None and seen != seen_of(message.state, message.attempts):
        raise TriedSince


def _record(event: str, message: Message, actor: Actor) -> None:
    facts = {"kind": message.kind, "about": message.subject_id, "attempts": message.attempts}
    record(event, actor=actor, hotline_id=message.hotline_id, subject=f"message:{message.pk}", facts=facts)
