"""The lists of the desk: outbox, directory, referrals, unmatched mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet

from leeward.notices.channels import registry
from leeward.notices.going_on import in_doubt
from leeward.notices.models import Contact, InboundMail, Message, Referral, Reply
from leeward.notices.queries.labels import ENTERED, MESSAGE_KINDS, problem_word
from leeward.notices.queries.sent_since import HELD
from leeward.notices.rules.delivery import seen_of
from leeward.notices.rules.overviews import WITH_PAGE
from leeward.notices.rules.quality import Measure, Standing, standing

VIEWS = {
    "stuck": ("unsure", "dead"),
    "waiting": ("waiting", "sending", "failed"),
    "sent": ("sent",),
    "stopped": ("stopped",),
}


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message of the outbox as the desk shows it."""

    id: int
    kind: str
    to: str
    subject: str
    state: str
    code_kind: str
    attempts: int
    seen: str
    code: int | None
    problem: str
    problem_sentence: str
    is_held: bool
    created_at: datetime
    sent_at: datetime | None
    next_at: datetime


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One entry of the directory."""

    id: int
    kind: str
    country: str
    name: str
    email: str
    languages: tuple[str, ...]
    source: str
    checked_at: datetime | None
    bounced_at: datetime | None
    retired: bool
    bounces_hard: int
    bounces_soft: int
    measured: Measure
    standing: Standing
    fingerprint: str
    key_expires_at: datetime | None
    may_have_page: bool
    page_is_open: bool
    page_is_told: bool
    page_serial: int
    wants_xarf: bool
    may_have_key: bool
    channel: str
    webhook_url: str
    webhook_renewed_at: datetime | None
    channel_answers: Mapping[str, str]
    webhook_serial: int
    unconfirmed: bool
    origin: str
    service: str


def messages(view: str) -> QuerySet[Message]:
    """Return the messages of one view of the outbox, newest first; an unknown view falls back to stuck messages."""
    found: QuerySet[Message] = Message.objects.filter(state__in=VIEWS.get(view, VIEWS["stuck"])).order_by("-id")
    return found


def stuck_message(message_id: int) -> Message | None:
    """Return a message that needs a decision, or None if there is none of this number. In the hotline's scope."""
    found: Message | None = Message.objects.filter(pk=message_id, state__in=VIEWS["stuck"]).first()
    return found


def kind_labels(rows: Sequence[Message]) -> dict[int, str]:
    """Return, by message, what it is, for people. One query, where any follows what somebody answered."""
    follow = {one.subject_id for one in rows if one.kind == "reply"}
    found = Reply.objects.filter(pk__in=follow, what="recorded") if follow else ()
    recorded = {one.pk for one in found}
    entered = {one.pk for one in rows if one.kind == "reply" and one.subject_id in recorded}
    return {one.pk: str(ENTERED if one.pk in entered else MESSAGE_KINDS.get(one.kind, one.kind)) for one in rows}


def outbox_row(message: Message) -> OutboxRow:
    """Return the row of a message."""
    return OutboxRow(
        id=message.pk,
        kind=message.kind,
        to=message.to,
        subject=message.subject,
        state=message.state,
        code_kind=registry.of_message(message.channel).code_kind,
        attempts=message.attempts,
        seen=seen_of(message.state, message.attempts),
        code=message.code,
        problem=message.problem,
        problem_sentence=problem_word(message.problem) if message.problem else "",
        is_held=message.state == "unsure" and message.problem in HELD,
        created_at=message.created_at,
        sent_at=message.sent_at,
        next_at=message.next_at,
    )


def dead_letters(most: int = 200) -> list[OutboxRow]:
    """Return messages that need a person's decision, newest first: it is unknown whether they arrived, or they failed
    permanently."""
    return [outbox_row(message) for message in messages("stuck")[:most]]


def trouble_counts(hotline_id: int, most: int = 1000) -> tuple[int, int]:
    """Return how many messages need a decision and how many contacts in use have bouncing mail, in one query that
    counts neither further than `most`."""
    messages_, contacts_ = Message._meta.db_table, Contact._meta.db_table
    stuck = f"SELECT 1 FROM {messages_} WHERE hotline_id = %s AND state IN (%s, %s) LIMIT {most:d}"  # noqa: S608 - our own names only
    back = f"SELECT 1 FROM {contacts_} WHERE hotline_id = %s AND bounced_at IS NOT NULL AND NOT retired LIMIT {most:d}"  # noqa: S608 - the same
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT COUNT(*) FROM ({stuck}) AS found), (SELECT COUNT(*) FROM ({back}) AS found)",  # noqa: S608 - the lines above
            [hotline_id, *VIEWS["stuck"], hotline_id],
        )
        stuck_count_, back_count = cursor.fetchone()
    return stuck_count_, back_count


def unread_mails() -> QuerySet[InboundMail]:
    """Return unhandled mail that matches no notice and no referral, newest first."""
    found: QuerySet[InboundMail] = InboundMail.objects.filter(
        notice__isnull=True, referral__isnull=True, payment_alert__isnull=True, read_at__isnull=True
    ).order_by("-id")
    return found


def contacts(*, search: str = "", kind: str = "", bounced: bool = False) -> QuerySet[Contact]:
    """Return the directory by country and name; police and hotlines unless a kind or a search is given.

    With `bounced`, only contacts in use whose mail bounces.
    """
    found: QuerySet[Contact] = Contact.objects.order_by("country", "name", "email", "id")
    if bounced:
        return found.filter(bounced_at__isnull=False, retired=False)
    if kind:
        found = found.filter(kind=kind)
    elif not search:
        found = found.filter(kind__in=("police", "hotline"))
    if search:
        text = search.strip()[:100]
        found = found.filter(Q(email__icontains=text) | Q(name__icontains=text) | Q(country__iexact=text))
    return found


def contact_row(contact: Contact) -> ContactRow:
    """Return the row of a contact."""
    measured = Measure(
        asked=contact.asked,
        due=contact.due,
        answered=contact.answered,
        removed=contact.removed,
        verified=contact.verified,
        wrong=contact.wrong,
        median_minutes=contact.median_minutes,
    )
    return ContactRow(
        id=contact.pk,
        kind=contact.kind,
        country=contact.country,
        name=contact.name,
        email=contact.email,
        languages=tuple(contact.languages),
        source=contact.source,
        checked_at=contact.checked_at,
        bounced_at=contact.bounced_at,
        retired=contact.retired,
        bounces_hard=contact.bounces_hard,
        bounces_soft=contact.bounces_soft,
        fingerprint=contact.fingerprint,
        key_expires_at=contact.key_expires_at,
        may_have_page=contact.kind in WITH_PAGE,
        page_is_open=contact.page_is_open,
        page_is_told=contact.page_is_told,
        page_serial=contact.page_serial,
        wants_xarf=contact.wants_xarf,
        may_have_key=registry.of_contact(contact).form == "mime",
        channel=contact.channel,
        webhook_url=contact.webhook_url,
        webhook_renewed_at=contact.webhook_renewed_at,
        channel_answers=contact.channel_answers,
        webhook_serial=contact.webhook_serial,
        unconfirmed=contact.unconfirmed,
        origin=contact.origin,
        service=contact.service,
        measured=measured,
        standing=standing(measured, is_bad=contact.bounced_at is not None),
    )


def contact(contact_id: int) -> ContactRow | None:
    """Return the entry of this number, or None."""
    found = Contact.objects.filter(pk=contact_id).first()
    return contact_row(found) if found else None


def seen_by(person_id: int) -> QuerySet[Contact]:
    """Return the contacts with a webhook whose newest secret was shown to this person, by address."""
    found: QuerySet[Contact] = Contact.objects.filter(webhook_by=person_id).exclude(webhook_url="")
    return found.order_by("email", "id")


def referrals(view: str = "open") -> QuerySet[Referral]:
    """Return referrals, newest first: those without a final answer, all, or those by which the police may hold a case since a restoring
    ("doubtful")."""
    if view == "doubtful":
        config: Any = apps.get_app_config("notices")
        return in_doubt(config.others_waiting()).select_related("notice_case").order_by("-id")
    found: QuerySet[Referral] = Referral.objects.select_related("notice_case").order_by("-id")
    if view == "all":
        return found
    is_over = Q(kind="protection") & ~Q(outcome="")
    return found.filter(state__in=("waiting", "acknowledged", "held")).exclude(is_over)
