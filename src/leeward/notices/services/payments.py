"""Alerts to payment firms: written, sent, answered, withdrawn. The police come first."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound, require
from leeward.jobs.services import publish_event, schedule
from leeward.notices.errors import NoRoomForWords
from leeward.notices.models import WITHDRAWN_AFTER_REVIEW, Contact, NoticeCase, PaymentAlert, PaymentAlertCase
from leeward.notices.queries.others import gates_of
from leeward.notices.rules.payments import (
    MOST_NOTE,
    MOST_WORDS,
    PAYMENT_ANSWERS,
    PaymentBrief,
    may_alert,
    supporting,
    with_text,
    written,
)
from leeward.notices.rules.plain_text import clean
from leeward.notices.services import measuring, outbox
from leeward.notices.services.staff import tell_staff
from leeward.notices.timing import time_to_answer
from leeward.payments.rules.masking import without_card_numbers
from leeward.people.services import authorize

PAYMENT_TIME = "notices.payment_time"
PAYMENT, FIRM = "payment", "payment"  # the kind of a message, and of a contact
MOST_CASES = 200


def alert_payment_firm(
    brief: PaymentBrief,
    contact_id: int,
    *,
    cases: Collection[int],
    decided: Collection[int],
    hotline_id: int,
    actor: Actor,
) -> int:
    """Tell a payment firm about a payee; return the alert's number. `cases` are all that name it, `decided` those that
    were decided as illegal. Where the same is waiting to be sent, by whomever, that is the alert. Raises NotAllowed where the
    police come first, or hold one of its cases.
    """
    authorize(actor, "case.act", hotline_id)
    now = datetime.now(UTC)
    with hotline_transaction():
        contact = Contact.objects.select_for_update().filter(pk=contact_id, kind=FIRM, retired=False).first()
        if contact is None or contact.unconfirmed:
            raise NotFound(what=_("contact"))
        gates = gates_of(cases)
        require(may_alert(cases, decided, gates))
        waits = PaymentAlert.objects.filter(contact=contact, payee_id=brief.payee_id, withdraws=None, state="waiting")
        if (same := waits.order_by("-pk").first()) is not None:
            return same.pk
        rests_on = supporting(decided, gates)[-MOST_CASES:]
        alert = PaymentAlert.objects.create(
            hotline_id=hotline_id,
            contact=contact,
            payee_id=brief.payee_id,
            brief=written(brief),
            by_id=actor.id if actor.kind == "staff" else None,
            created_at=now,
        )
        _keep_cases(alert, rests_on)
        outbox.put(PAYMENT, alert.pk, to=contact.email, hotline_id=hotline_id, due_at=now, urgent=False)
        facts = {"contact": contact.pk, "payee": brief.payee_id, "kind": brief.kind, "cases": rests_on}
        _record("payment_alert.written", alert, actor, facts)
    return alert.pk


def answer_payment_alert(number: int, answer: str, *, note: str, actor: Actor) -> None:
    """Keep what a firm answers: the newest answer counts, and all its words stay, each with its time. Raises NoRoomForWords."""
    with hotline_transaction():
        alert = PaymentAlert.objects.select_for_update().filter(pk=number).first()
        if alert is None:
            raise NotFound(what=_("alert"))
        if answer not in PAYMENT_ANSWERS or answer == "none":
            raise BadInput(what=_("answer"), why=_("it is not one of the list"))
        comment = without_card_numbers(clean(note))[:MOST_NOTE]
        if alert.answer == answer and not comment:
            return
        now = datetime.now(UTC)
        text = with_text(alert.note, comment, now)
        if len(text) > MOST_WORDS:
            raise NoRoomForWords
        alert.answer, alert.note, alert.answered_at = answer, text, now
        alert.save(update_fields=["answer", "note", "answered_at"])
        measuring.seen_alive(alert.contact_id)
        _record("payment_alert.answered", alert, actor, {"answer": answer, "note": bool(comment)})
        if comment:
            publish_event("payment_alert.answered", subject_id=alert.pk, hotline_id=alert.hotline_id)


def follow(alert_id: int, fate: str, now: datetime) -> int:
    """Do what follows from the fate of an alert's message, in the caller's transaction; return its contact. One that went while
    what it rests on was withdrawn is taken back at once. Repeating it changes nothing."""
    alert = PaymentAlert.objects.select_for_update().get(pk=alert_id)
    is_first, was_stopped = alert.sent_at is None, alert.state == "stopped"
    alert.state = "dead" if fate == "dead" else "sent"
    if fate == "sent" and is_first:
        alert.sent_at, alert.due_at = now, now + time_to_answer(FIRM)
        _record("payment_alert.sent", alert, SYSTEM, {"kind": PAYMENT, "cases": _rests_on(alert)})
        if alert.withdraws_id is None:
            schedule(PAYMENT_TIME, subject_id=alert.pk, hotline_id=alert.hotline_id, due_at=alert.due_at)
    elif was_stopped:
        alert.state = "stopped"
    alert.save(update_fields=["state", "sent_at", "due_at"])
    if fate == "sent" and is_first and alert.withdraws_id is None:
        _withdraw_if_baseless(alert)
    return alert.contact_id


def stop(alert_id: int) -> None:
    """Mark an alert as not to be sent, because there is nothing left to say, also one of which nobody knows whether it went, and
    which a person could send again; in the caller's transaction."""
    PaymentAlert.objects.filter(pk=alert_id, sent_at=None).update(state="stopped")


def note_silence(alert_id: int) -> None:
    """Tell our own people, once, that a firm has not answered in time. Idempotent."""
    with hotline_transaction():
        alert = PaymentAlert.objects.filter(pk=alert_id, answer="none", sent_at__isnull=False).first()
        if alert is None or alert.withdrawn_by.exists():
            return
        tell_staff(
            alert.hotline_id,
            what="payment_silent",
            key=f"payment_alert:{alert.pk}",
            path=f"/desk/money/{alert.payee_id}",
            roles=("supervisor",),
        )


def withdraw_of(case_id: int) -> None:
    """Take back the alerts that rest on nothing any more, since the decisions about their cases were withdrawn; in the
    caller's transaction."""
    mine = PaymentAlertCase.objects.filter(case_id=case_id, alert__withdraws=None).values_list("alert_id", flat=True)
    for alert in PaymentAlert.objects.select_for_update().filter(pk__in=list(mine)).order_by("pk"):
        _withdraw_if_baseless(alert)


def _withdraw_if_baseless(alert: PaymentAlert) -> None:
    """Withdraw an alert if it rests on nothing any more; one that hasn't gone is stopped."""
    if _rests_on(alert) or alert.withdrawn_by.exists():
        return
    if alert.sent_at is None:
        stop(alert.pk)
        return
    now = datetime.now(UTC)
    back = PaymentAlert.objects.create(
        hotline_id=alert.hotline_id,
        contact_id=alert.contact_id,
        payee_id=alert.payee_id,
        brief=alert.brief,
        withdraws=alert,
        created_at=now,
    )
    contact = Contact.objects.get(pk=alert.contact_id)
    outbox.put(PAYMENT, back.pk, to=contact.email, hotline_id=alert.hotline_id, due_at=now, urgent=False)
    _record("payment_alert.withdrawn", alert, SYSTEM, {"by": back.pk})


def _rests_on(alert: PaymentAlert) -> list[int]:
    """Return the cases that an alert rests on, without those whose decision was withdrawn since."""
    cases = list(alert.cases.order_by("case_id").values_list("case_id", flat=True))
    gone = NoticeCase.objects.filter(case_id__in=cases, stopped_why=WITHDRAWN_AFTER_REVIEW)
    withdrawn = set(gone.values_list("case_id", flat=True))
    return [case for case in cases if case not in withdrawn]


def _keep_cases(alert: PaymentAlert, cases: Collection[int]) -> None:
    PaymentAlertCase.objects.bulk_create(
        PaymentAlertCase(hotline_id=alert.hotline_id, alert=alert, case_id=number) for number in cases
    )


def _record(event: str, alert: PaymentAlert, actor: Actor, facts: dict[str, object]) -> None:
    record(event, actor=actor, hotline_id=alert.hotline_id, subject=f"payment_alert:{alert.pk}", facts=facts)
