"""Alerts to payment firms: how their cases stand with the police, what one would say, what came of each."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from leeward.notices.models import Contact, Message, PaymentAlert
from leeward.notices.queries.labels import PAYMENT_ANSWERS, PAYMENT_STATES
from leeward.notices.rules.payments import PaymentBrief, read
from leeward.notices.timing import time_to_answer
from leeward.notices.writing.own_words import wording_for
from leeward.notices.writing.texts import Mail, payment_mail
from leeward.payments import queries as payments_queries
from leeward.people import queries as people_queries

FIRM = "payment"
MOST_FIRMS = 200
VIEWS = ("open", "late", "answered", "all")


@dataclass(frozen=True, slots=True)
class FirmRow:
    """A payment firm or exchange to which alerts can go."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class PaymentAlertRow:
    """An alert as the desk shows it. `is_late`: no answer came by the time that it asked for."""

    id: int
    payee_id: int
    brief: PaymentBrief
    firm: str
    state: str
    state_word: str
    answer: str
    answer_word: str
    note: str
    created_at: datetime
    sent_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    is_late: bool
    is_withdrawal: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """An alert as its firm sees it."""

    id: int
    hotline: people_queries.HotlineRow
    brief: PaymentBrief
    answer: str
    answer_word: str
    note: str
    due_at: datetime | None
    is_withdrawn: bool


def payment_firms() -> list[FirmRow]:
    """Return the firms that can be written to, by name."""
    found = Contact.objects.filter(kind=FIRM, retired=False, unconfirmed=False, bounced_at=None)
    return [FirmRow(row.pk, row.name, row.email) for row in found.order_by("name", "email")[:MOST_FIRMS]]


def fius() -> list[FirmRow]:
    """Return the financial intelligence units in the directory."""
    found = Contact.objects.filter(kind="fiu", retired=False, unconfirmed=False)
    return [FirmRow(row.pk, row.name, row.email) for row in found.order_by("country", "name", "email")[:MOST_FIRMS]]


def preview_of_alert(brief: PaymentBrief, contact_id: int, *, hotline_id: int) -> tuple[str, Mail] | None:
    """Return the address and the text of an alert that isn't written yet; None if there is no such firm."""
    contact = Contact.objects.filter(pk=contact_id, kind=FIRM, retired=False, unconfirmed=False).first()
    if contact is None:
        return None
    own, language = wording_for(FIRM, country=contact.country, languages=contact.languages)
    mail = payment_mail(
        brief,
        hotline=people_queries.hotline(hotline_id),
        link=f"{settings.LEEWARD.base_url}/payment/…",
        mark="…",
        due_at=datetime.now(UTC) + time_to_answer(FIRM),
        language=language,
        own=own,
    )
    return contact.email, mail


def alerts_of(payee_ids: Collection[int]) -> dict[int, list[PaymentAlertRow]]:
    """Return the alerts about each of these payees, newest first; two queries."""
    found: dict[int, list[PaymentAlertRow]] = defaultdict(list)
    rows = PaymentAlert.objects.select_related("contact").filter(payee_id__in=list(payee_ids)).order_by("-pk")
    for row in alert_rows(rows):
        found[row.payee_id].append(row)
    return found


def payment_alerts(view: str, *, only_pages: bool = False) -> QuerySet[PaymentAlert]:
    """Return the alerts of one view, newest first: those without an answer, those whose time is over, the answered, all.
    `only_pages`: none about a payee that only reports name."""
    found: QuerySet[PaymentAlert] = PaymentAlert.objects.select_related("contact").order_by("-id")
    if only_pages:
        found = found.filter(Exists(payments_queries.on_pages().filter(pk=OuterRef("payee_id"))))
    if view == "all":
        return found
    found = found.filter(withdraws=None)
    if view == "answered":
        return found.exclude(answer="none")
    found = found.filter(answer="none").exclude(state="stopped")
    return found.filter(due_at__lte=datetime.now(UTC)) if view == "late" else found


def alert_rows(rows: Iterable[PaymentAlert]) -> list[PaymentAlertRow]:
    """Return alerts as rows; expects their contacts to be loaded. One more query."""
    alerts, now = list(rows), datetime.now(UTC)
    back = set(PaymentAlert.objects.filter(withdraws__in=alerts).values_list("withdraws_id", flat=True))
    return [
        PaymentAlertRow(
            id=row.pk,
            payee_id=row.payee_id,
            brief=read(row.brief),
            firm=row.contact.name or row.contact.email,
            state=row.state,
            state_word=str(PAYMENT_STATES[row.state]),
            answer=row.answer,
            answer_word=str(PAYMENT_ANSWERS[row.answer]),
            note=row.note,
            created_at=row.created_at,
            sent_at=row.sent_at,
            due_at=row.due_at,
            answered_at=row.answered_at,
            is_late=row.answer == "none" and row.due_at is not None and row.due_at <= now and row.withdraws_id is None,
            is_withdrawal=row.withdraws_id is not None,
            is_withdrawn=row.pk in back,
        )
        for row in alerts
    ]


def payment_page(number: int) -> PaymentPage:
    """Return an alert as its firm sees it."""
    row = PaymentAlert.objects.get(pk=number)
    return PaymentPage(
        id=row.pk,
        hotline=people_queries.hotline(row.hotline_id),
        brief=read(row.brief),
        answer=row.answer,
        answer_word=str(PAYMENT_ANSWERS[row.answer]),
        note=row.note,
        due_at=row.due_at,
        is_withdrawn=row.withdraws_id is not None or row.withdrawn_by.exists(),
    )


def cases_of_alert(number: int) -> list[int]:
    """Return the cases that an alert rests on."""
    return list(PaymentAlert.objects.filter(pk=number).values_list("cases__case_id", flat=True).exclude(cases=None))


def message_states(alert_ids: Collection[int]) -> dict[int, str]:
    """Return the state of each alert's message in the outbox."""
    return dict(Message.objects.filter(Q(kind=FIRM), subject_id__in=list(alert_ids)).values_list("subject_id", "state"))
