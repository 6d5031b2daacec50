"""The outbox: rows that must go out, and what people decide about the ones that got stuck."""

import secrets
from datetime import UTC, datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import cancel, schedule
from leeward.notices.channels import registry
from leeward.notices.errors import MessageNotStuck, PoliceNotTold
from leeward.notices.models import TO_POLICE, Contact, Message, Notice, Referral, Reply, StaffNote
from leeward.notices.recipients import police_of
from leeward.notices.rules.delivery import URGENT_DELAY
from leeward.notices.timing import sender, short
from leeward.people import queries as people
from leeward.people.services import authorize

DELIVER = "notices.deliver"
# However fast a demonstration runs: what is urgent and comes together goes together.
URGENT_LEAST = timedelta(seconds=1)
UNSENT = ("waiting", "failed")
STUCK = ("unsure", "dead")


def open_messages() -> QuerySet[Message]:
    """Messages that have not begun to go: what they say may still change. What went once by a channel
    that sends it again may have arrived, so that it must stay as it was."""
    found: QuerySet[Message] = Message.objects.filter(state__in=UNSENT)
    repeating = [name for name, channel in registry.channels().items() if channel.can_go_again]
    return found.exclude(channel__in=repeating, sending_since__isnull=False)


def is_open(message: Message) -> bool:
    """The same of one message."""
    may_have_it = registry.of_message(message.channel).can_go_again and message.sending_since is not None
    return message.state in UNSENT and not may_have_it


def put(kind: str, subject_id: int, *, to: str, hotline_id: int, due_at: datetime, urgent: bool) -> Message:
    """Put a message into the outbox; its Message-ID is made here and never changes. An urgent one goes before all others."""
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


def change(message: Message) -> None:
    """What the message is made from has changed: a text that was made before must not go."""
    Message.objects.filter(pk=message.pk).update(edition=F("edition") + 1)


def renew(message: Message, *, due_at: datetime | None = None, urgent: bool = False) -> None:
    """What an open message is made from has changed: it says so when it goes, at `due_at` if given; where it is urgent, before
    all others and within a minute, however long it would have waited after a failure."""
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
    """There is nothing left to say: the message is not sent. One that is under way is not touched."""
    stopped = Message.objects.filter(pk=message.pk, state__in=UNSENT).update(state="stopped", edition=F("edition") + 1)
    if stopped:
        cancel(DELIVER, subject_id=message.pk, hotline_id=message.hotline_id)
        _record("message.stopped", message, SYSTEM)


def referrals_in(message: Message) -> list[Referral]:
    """Every referral that a message carries, the one that it is about first; in the caller's transaction."""
    rows = Referral.objects.select_for_update(of=("self",)).select_related("notice_case")
    lead = rows.get(pk=message.subject_id)
    return [lead, *rows.filter(mail_of=lead).order_by("pk")]


def call_proved(message: Message, now: datetime) -> None:
    """Whoever was written to has answered by the link in the message: it needs no decision any more."""
    message.state, message.sent_at, message.problem = "sent", message.sending_since or now, ""
    message.save()
    _record("message.proved_arrived", message, SYSTEM)


def readdress(message: Message) -> Message:
    """A message to the police goes to them as the portal has them now, also where that changed while it waited."""
    if message.kind not in TO_POLICE:
        return message
    portal_id, *others = set(
        Referral.objects.filter(Q(pk=message.subject_id) | Q(mail_of=message.subject_id)).values_list(
            "portal_id", flat=True
        )
    )
    portal = people.portal(portal_id)
    found = police_of(portal)
    if others or found is None or found[1] == message.to:
        return message
    name, email = found
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


def retry(message_id: int, *, actor: Actor) -> None:
    """Send again a message that failed for good, or of which we don't know whether it arrived; same text, same Message-ID."""
    now = datetime.now(UTC)
    with hotline_transaction():
        message = _stuck(message_id, actor, (*STUCK, "failed"))
        send_again(message, actor=actor, now=now)


def send_again(message: Message, *, actor: Actor, now: datetime) -> None:
    """The same, in the turn of a caller who has seen to it that the actor may and the message is stuck."""
    if message.kind in TO_POLICE:
        message = readdress(message)
    else:
        message.to = _address_now(message)
    message.state, message.next_at, message.first_try_at, message.problem = "waiting", now, None, ""
    message.edition += 1
    message.save()
    _deliver(message, now)
    _record("message.retried", message, actor)


def drop(message_id: int, *, actor: Actor) -> None:
    """Give up a message that is stuck; it leaves the list of those that need a decision."""
    with hotline_transaction():
        message = _stuck(message_id, actor, (*STUCK, "failed"))
        if message.kind in TO_POLICE and _is_waited_for(message):
            raise PoliceNotTold
        give_up(message, actor)


def give_up(message: Message, actor: Actor) -> None:
    """The same, in the turn of a caller who has seen to it that the actor may."""
    cancel(DELIVER, subject_id=message.pk, hotline_id=message.hotline_id)
    message.state = "stopped"
    message.save(update_fields=["state"])
    _record("message.dropped", message, actor)


def _stuck(message_id: int, actor: Actor, states: tuple[str, ...]) -> Message:
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise NotFound(what=_("message"))
    authorize(actor, "outbox.retry", message.hotline_id)
    if message.state not in states:
        raise MessageNotStuck
    return message


def _is_waited_for(message: Message) -> bool:
    """Whether the police don't have what this message says, and something still depends on it."""
    its = Referral.objects.filter(Q(pk=message.subject_id) | Q(mail_of=message.subject_id), told_how="")
    return bool(its.exclude(notice_case__state="stopped").exists())


def _address_now(message: Message) -> str:
    """The contact's address as it is in the directory now: it may have been corrected since."""
    if message.kind == "staff":
        note = StaffNote.objects.filter(pk=message.subject_id).select_related("person").first()
        return note.person.email if note else message.to
    found: Notice | Referral | Reply | None
    if message.kind == "alert":
        return message.to
    if message.kind == "notice":
        found = Notice.objects.select_related("contact").filter(pk=message.subject_id).first()
    elif message.kind == "reply":
        found = Reply.objects.select_related("contact").filter(pk=message.subject_id).first()
    else:
        found = Referral.objects.select_related("contact").filter(pk=message.subject_id).first()
    return found.contact.email if found and found.contact else message.to


def _record(event: str, message: Message, actor: Actor) -> None:
    facts = {"kind": message.kind, "about": message.subject_id, "attempts": message.attempts}
    record(event, actor=actor, hotline_id=message.hotline_id, subject=f"message:{message.pk}", facts=facts)
