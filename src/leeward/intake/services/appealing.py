"""Owners of sites, hosts and people who are shown ask to look again at what was decided about an address."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError

from leeward.audit.services import record, turn
from leeward.duties.services import announce, erased
from leeward.gate.keys import is_form_key, key_digest
from leeward.ground.actor import Actor
from leeward.intake.errors import FormKeyMissing, TakenBack
from leeward.intake.models import OutsideAppeal, Report
from leeward.intake.receipts import TURNS, kept_of, make_receipt
from leeward.intake.rules.draft import Told
from leeward.intake.rules.where import Thing
from leeward.intake.services.following import withdraw_report
from leeward.intake.services.receiving import REPORTER, Arrival, announce_received, write_report

SOURCE = "appeal"
RELATIONS = ("owner", "host", "shown", "provider", "visitor", "other")


@dataclass(frozen=True, slots=True)
class Asked:
    """An outside appeal that arrived: its row's number, the 16 digits to follow it, and whether it is a new one."""

    appeal_id: int
    receipt: str
    is_new: bool = True


def ask_from_outside(
    thing: Thing,
    *,
    relation: str,
    text: str,
    contact: str,
    hotline_id: int,
    portal_id: int,
    language: str,
    form_key: str,
    now: datetime | None = None,
) -> Asked:
    """Keep an outside appeal, in the hotline's scope; the same form again is the same appeal and the same digits."""
    if not is_form_key(form_key):
        raise FormKeyMissing
    now = now or datetime.now(UTC)
    once = key_digest(form_key, "intake.appeal")
    actor = Actor(kind="host" if relation == "host" else "owner")
    for number in range(TURNS):
        receipt = make_receipt(form_key, kind="appeal", turn=number)
        kept = kept_of(receipt)
        try:
            with turn():
                arrival = Arrival(hotline_id, portal_id, SOURCE, language, now)
                report = (
                    _report_of_the_person(thing, arrival, words=text, contact=contact) if relation == "shown" else None
                )
                appeal = OutsideAppeal.objects.create(
                    report=report, hotline_id=hotline_id, portal_id=portal_id, kind=thing.kind, typed=thing.typed, display=thing.display,
                    comparable=thing.comparable, service=thing.service, relation=relation, text=text, contact=contact,
                    language=language, state_changed_at=now, received_at=now, receipt_hash=kept, receipt_turn=number, once_digest=once,
                )  # fmt: skip
                facts = {"portal": portal_id, "relation": relation, "kind": thing.kind}
                subject = f"appeal:{appeal.pk}"
                record("appeal.asked", actor=actor, hotline_id=hotline_id, subject=subject, facts=facts)
                announce("appeal.asked", subject_id=appeal.pk, hotline_id=hotline_id)
        except IntegrityError:
            before = OutsideAppeal.objects.filter(once_digest=once).first()
            if before is None:
                continue  # the number is taken by another appeal: the next one
            if before.withdrawn_at:
                raise TakenBack from None
            return Asked(before.pk, make_receipt(form_key, kind="appeal", turn=before.receipt_turn), is_new=False)
        return Asked(appeal.pk, receipt)
    raise RuntimeError("no free receipt number was found")


def _report_of_the_person(thing: Thing, arrival: Arrival, *, words: str, contact: str) -> Report:
    """What somebody tells us who is the person in it: a report like any other, urgent, in the caller's transaction. It is followed
    and taken back by the digits of their request."""
    told = Told("me", (thing,), where=thing.typed, words=words, contact=contact, is_marked=True)
    report = write_report(told, arrival)
    facts = {
        "kind": told.kind,
        "items": 1,
        "source": arrival.source,
        "urgency": told.urgency,
        "portal": arrival.portal_id,
    }
    record("report.received", actor=REPORTER, hotline_id=arrival.hotline_id, subject=f"report:{report.pk}", facts=facts)
    announce_received(report)
    return report


def withdraw_appeal(appeal_id: int, *, now: datetime | None = None) -> None:
    """Take an outside appeal back: its words and contact are deleted and its number opens nothing more."""
    now = now or datetime.now(UTC)
    with turn():
        appeal = OutsideAppeal.objects.select_for_update().get(pk=appeal_id)
        if appeal.withdrawn_at:
            return
        OutsideAppeal.objects.filter(pk=appeal_id).update(
            text="", statement="", contact="", typed="", receipt_hash=None, withdrawn_at=now
        )
        erased(OutsideAppeal)
        actor = Actor(kind="host" if appeal.relation == "host" else "owner")
        record("appeal.withdrawn", actor=actor, hotline_id=appeal.hotline_id, subject=f"appeal:{appeal_id}")
        announce("appeal.withdrawn", subject_id=appeal_id, hotline_id=appeal.hotline_id)
        if appeal.report_id is not None:
            withdraw_report(appeal.report_id, now=now)
