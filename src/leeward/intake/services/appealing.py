"""Requests by site owners, hosts and people depicted to review what was decided about an address."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.installation.queries import config_now
from leeward.intake.errors import AlreadyWithdrawn, AppealAnswered, FormKeyMissing
from leeward.intake.models import OutsideAppeal, Report
from leeward.intake.receipts import TURNS, Kept, kept_of, make_receipt
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.typed import MOST_CHARACTERS
from leeward.intake.rules.where import ItemDraft, item_without_cards
from leeward.intake.services.following import withdraw_report
from leeward.intake.services.marking import appeal_changed
from leeward.intake.services.receiving import (
    REPORTER,
    Arrival,
    add_what_is_new,
    home_of,
    write_report,
)
from leeward.intake.services.settling import drop_with, kept_back_with
from leeward.intake.services.storing import announce_received
from leeward.jobs.services import erased, publish_event
from leeward.payments.rules.masking import without_card_numbers
from leeward.sealing.fields import with_more
from leeward.sealing.rules.traces import Traces, traces_of
from leeward.sealing.services import forget
from leeward.web_security.keys import is_form_key, key_digest, trace_key

SOURCE = "appeal"
PURPOSE = "intake.appeal"  # of a form's key
SHOWN = "shown"  # the person depicted
RELATIONS = ("owner", "host", SHOWN, "provider", "visitor", "other")


@dataclass(frozen=True, slots=True)
class KeptAppeal:
    """A received outside appeal: its row's number, the 16 digits to follow it, whether it is new, and the hotline that has it."""

    appeal_id: int
    receipt: str
    is_new: bool = True
    hotline_id: int = 0


@dataclass(frozen=True, slots=True)
class AppealDraft:
    """The content of an outside appeal's form."""

    item: ItemDraft
    relation: str
    text: str
    contact: str
    traces: bytes

    @property
    def draft(self) -> ReportDraft:
        """Return the report that it also is if the requester is the person depicted."""
        items, where = (self.item,), self.item.typed
        return ReportDraft("me", items, where=where, text=self.text, contact=self.contact, is_shown=True)


def ask_from_outside(
    item: ItemDraft,
    *,
    relation: str,
    text: str,
    contact: str,
    hotline_id: int,
    portal_id: int,
    language: str,
    form_key: str,
    now: datetime | None = None,
    known: Kept | None = None,
) -> KeptAppeal:
    """Store an outside appeal, in the hotline's scope; the same form again returns the same appeal and digits, and
    anything new in it is added. Raises FormKeyMissing; AlreadyWithdrawn and AppealAnswered if the appeal accepts nothing more.
    """
    if not is_form_key(form_key):
        raise FormKeyMissing
    now, item, text = now or datetime.now(UTC), item_without_cards(item), without_card_numbers(text)
    once = key_digest(form_key, PURPOSE)
    actor = _actor(relation)
    arrival = Arrival(hotline_id, portal_id, SOURCE, language, now)
    submitted = AppealDraft(item, relation, text, contact, trace_key(form_key))
    traces = Traces(submitted.traces)
    traces.add("text", text)
    traces.add("contact", contact)
    for number in range(TURNS):
        receipt = make_receipt(form_key, kind="appeal", turn=number)
        kept = known.of(number, receipt) if known else kept_of(receipt)
        try:
            with hotline_transaction():
                report = _report_of_the_person(submitted, arrival) if relation == SHOWN else None
                appeal = OutsideAppeal.objects.create(
                    report=report, hotline_id=hotline_id, portal_id=portal_id, kind=item.kind, typed=item.typed, display=item.display,
                    comparable=item.comparable, service=item.service, relation=relation, text=text, contact=contact,
                    contact_days=config_now().contact_days, language=language, state_changed_at=now, received_at=now,
                    receipt_hash=kept, receipt_turn=number, once_digest=once, traces=traces.as_stored(),
                )  # fmt: skip
                appeal_changed(appeal.pk, hotline_id)
                facts = {"portal": portal_id, "relation": relation, "kind": item.kind}
                subject = f"appeal:{appeal.pk}"
                record("appeal.asked", actor=actor, hotline_id=hotline_id, subject=subject, facts=facts)
                publish_event("appeal.asked", subject_id=appeal.pk, hotline_id=hotline_id)
        except IntegrityError:
            home = home_of(once, OutsideAppeal, hotline_id=hotline_id, portal_id=portal_id)
            if home is None:
                continue  # the number is taken by another appeal: try the next one
            with scope(hotline=home):
                before = OutsideAppeal.objects.get(once_digest=once)
                _add_to_appeal(before.pk, submitted, replace(arrival, hotline_id=home, portal_id=before.portal_id))
            receipt = make_receipt(form_key, kind="appeal", turn=before.receipt_turn)
            return KeptAppeal(before.pk, receipt, is_new=False, hotline_id=home)
        return KeptAppeal(appeal.pk, receipt, hotline_id=hotline_id)
    raise RuntimeError("no free receipt number was found")


def _actor(relation: str) -> Actor:
    return Actor(kind="host" if relation == "host" else "owner")


def _add_to_appeal(appeal_id: int, submitted: AppealDraft, arrival: Arrival) -> None:
    """Handle the same form submitted again: nothing happens twice, but anything new is added, and somebody who says
    only now that they are the person depicted makes a report.
    """
    with hotline_transaction():
        appeal = OutsideAppeal.objects.select_for_update().get(pk=appeal_id)
        if appeal.withdrawn_at:
            raise AlreadyWithdrawn
        traces = traces_of(submitted.traces, appeal.traces or {})
        more, changed = _more_of(appeal, submitted, traces)
        report = appeal.report
        if more and (appeal.state == "closed" or traces.letters > MOST_CHARACTERS):
            if report is None and submitted.relation != SHOWN:
                raise AppealAnswered
            more = ""  # the report holds it
        if more:
            changed["text"] = with_more(appeal, "text", more)
        if report is not None:
            report = Report.objects.select_for_update().get(pk=report.pk)
            add_what_is_new(report, submitted.draft, actor=REPORTER, traces=submitted.traces)
        elif submitted.relation == SHOWN:
            report = _report_of_the_person(submitted, arrival)
        if not changed:
            return
        rows = OutsideAppeal.objects.filter(pk=appeal_id)
        forget(rows, *(name for name in ("contact",) if name in changed))
        rows.update(**changed, traces=traces.as_stored(), report=report)
        appeal_changed(appeal_id, appeal.hotline_id)
        facts = {"fields": sorted(changed)}
        subject = f"appeal:{appeal_id}"
        record(
            "appeal.added", actor=_actor(submitted.relation), hotline_id=appeal.hotline_id, subject=subject, facts=facts
        )
        publish_event("appeal.added", subject_id=appeal_id, hotline_id=appeal.hotline_id)


def _more_of(appeal: OutsideAppeal, submitted: AppealDraft, traces: Traces) -> tuple[str, dict[str, Any]]:
    """Return what the new form adds to the text of the appeal, and its other fields that change, with their new values. An address
    that the appeal is not about is kept as text, for a person to read. What is known is known by its traces: nothing is opened.
    """
    kept = ItemDraft(appeal.kind, appeal.typed, appeal.display, appeal.comparable)
    parts = [] if submitted.item.key == kept.key else [submitted.item.typed]
    new = [part for part in (*parts, submitted.text) if part and not traces.has("text", part)]
    changed: dict[str, Any] = {}
    if submitted.contact and not traces.ends_with("contact", submitted.contact):
        changed |= {"contact": submitted.contact, "contact_days": config_now().contact_days}
        traces.add("contact", submitted.contact)
    if submitted.relation == SHOWN != appeal.relation:
        changed["relation"] = SHOWN
    for part in new:
        traces.add("text", part)
    return "\n\n".join(new), changed


def _report_of_the_person(submitted: AppealDraft, arrival: Arrival) -> Report:
    """Create the report of the person depicted, in the caller's transaction: a report like any other, and urgent. It is
    followed and withdrawn with the digits of their request.
    """
    draft = submitted.draft
    report = write_report(draft, arrival, traces=submitted.traces)
    facts = {
        "kind": draft.kind,
        "items": 1,
        "source": arrival.source,
        "urgency": draft.urgency,
        "portal": arrival.portal_id,
    }
    record("report.received", actor=REPORTER, hotline_id=arrival.hotline_id, subject=f"report:{report.pk}", facts=facts)
    announce_received(report)
    return report


def withdraw_appeal(appeal_id: int, *, now: datetime | None = None, actor: Actor | None = None) -> None:
    """Withdraw an outside appeal: its text and contact are deleted and its number opens nothing any more. The `actor` is
    somebody else where its requester asked the hotline to do it.
    """
    now = now or datetime.now(UTC)
    kept_back = kept_back_with(OutsideAppeal.objects.filter(pk=appeal_id))
    with hotline_transaction():
        appeal = OutsideAppeal.objects.select_for_update().get(pk=appeal_id)
        if appeal.withdrawn_at:
            return
        drop_with(kept_back, now)
        erase_appeal(appeal_id, appeal.hotline_id, now=now)
        record(
            "appeal.withdrawn",
            actor=actor or _actor(appeal.relation),
            hotline_id=appeal.hotline_id,
            subject=f"appeal:{appeal_id}",
        )
        publish_event("appeal.withdrawn", subject_id=appeal_id, hotline_id=appeal.hotline_id)
        if appeal.report_id is not None:
            withdraw_report(appeal.report_id, now=now, actor=actor or REPORTER)


def erase_appeal(appeal_id: int, hotline_id: int, *, now: datetime) -> None:
    """Erase all that somebody wrote in an appeal and what opens it, in the caller's transaction."""
    forget(OutsideAppeal.objects.filter(pk=appeal_id), "text", "statement", "contact")
    OutsideAppeal.objects.filter(pk=appeal_id).update(
        text="", statement="", contact="", typed="", traces=None, receipt_hash=None, withdrawn_at=now
    )
    appeal_changed(appeal_id, hotline_id)
    erased(OutsideAppeal)
