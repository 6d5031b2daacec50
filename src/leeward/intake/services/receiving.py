"""Receiving a report: from the public form, entered by staff, or from another hotline."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.installation.queries import config_now
from leeward.intake.errors import AlreadyWithdrawn, FormKeyMissing
from leeward.intake.models import Item, OutsideAppeal, Report, ReporterMessage
from leeward.intake.receipts import TURNS, Kept, kept_of, make_receipt
from leeward.intake.rules.draft import ReportDraft, without_cards
from leeward.intake.rules.own_picture import wish_again
from leeward.intake.rules.urgency import is_more_urgent
from leeward.intake.rules.where import ItemDraft, new_items
from leeward.intake.services.knowing import Known, first_traces
from leeward.intake.services.marking import report_changed
from leeward.intake.services.storing import BECAME_URGENT, NewReport, announce_received, store, write_items
from leeward.jobs.pressure import note_pressure
from leeward.jobs.services import publish_event
from leeward.people.queries import former_portals, later_portals, portal
from leeward.people.services import authorize
from leeward.sealing.fields import sealed_ahead
from leeward.sealing.services import forget
from leeward.tables import insert
from leeward.web_security.keys import is_form_key, is_old_form_key, key_digest, trace_key
from leeward.web_security.salts import daily_hash
from leeward.web_security.services import note_used

REPORTER = Actor(kind="reporter")
REHEARSAL = "rehearsal"
PURPOSE = "intake.report"  # of a form's key
PEER, SMS, PARTNER = "peer", "sms", "partner"
TIP = "tip"  # what came from abroad as a file or by mail
PROVIDER = "provider"  # what somebody who must report filed
SEALED = ("text", "contact", "password", "referrer", "marked_because", "fingerprints")
SOURCES_OF_STAFF = ("telephone", "letter", "email", "police", "csv")


@dataclass(frozen=True, slots=True)
class Received:
    """A received report: its number, its receipt (16 digits, shown now and never again), when it first came, whether it is new, and the
    hotline that has it: another one than that of its portal, where the same form came before the portal was handed over."""

    report_id: int
    receipt: str
    received_at: datetime
    is_new: bool = True
    hotline_id: int = 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a report came: to which portal, from where, in which language, when, through whom."""

    hotline_id: int
    portal_id: int
    source: str
    language: str
    received_at: datetime
    entered_by: int | None = None


def receive_report(
    draft: ReportDraft,
    *,
    hotline_id: int,
    portal_id: int,
    language: str,
    form_key: str,
    now: datetime | None = None,
    is_rehearsal: bool = False,
    kept: Kept | None = None,
    uses: str = "",
) -> Received:
    """Store a report from the public form, in the hotline's scope; the same form again returns the same report and
    receipt.

    Anything new in a repeated form (the reporter went back and added an address) is added to the report. Raises
    AlreadyWithdrawn if the report was withdrawn. A test report is like any other, and is marked as one. `kept` is what is stored
    of its receipt, where the public face has worked that out; `uses` is the digest of what is used up with it.
    """
    source = REHEARSAL if is_rehearsal else "form"
    arrival = Arrival(hotline_id, portal_id, source, language, now or datetime.now(UTC))
    return _receive(draft, arrival, actor=REPORTER, form_key=form_key, kept=kept, uses=uses)


def enter_report(
    draft: ReportDraft,
    *,
    hotline_id: int,
    portal_id: int,
    source: str,
    language: str,
    actor: Actor,
    form_key: str,
    received_at: datetime | None = None,
) -> Received:
    """Store a report that reached staff by telephone, letter, e-mail or from the police; its receipt can be read out."""
    may_enter(actor, hotline_id, source)
    arrival = Arrival(hotline_id, portal_id, source, language, received_at or datetime.now(UTC), actor.id)
    return _receive(draft, arrival, actor=actor, form_key=form_key)


def receive_text(
    draft: ReportDraft, *, hotline_id: int, portal_id: int, language: str, form_key: str, now: datetime
) -> Received:
    """Store what came by text message, in the hotline's scope; more texts of the same conversation (the same key) add to
    the report. Raises AlreadyWithdrawn.

    A conversation is kept with its key: traces of a number would tell whose it is. After midnight they tell nobody anything."""
    if not may_be_sent(form_key):
        raise FormKeyMissing
    arrival, traces = Arrival(hotline_id, portal_id, SMS, language, now), daily_hash(f"sms\n{form_key}", now.date())
    return _store(draft, arrival, actor=REPORTER, form_key=form_key, traces=trace_key(traces))


def receive_from_partner(draft: ReportDraft, arrival: Arrival, *, actor: Actor, idempotency_key: str) -> Received:
    """Store a report that came by another organisation's own form, in the hotline's scope; the same idempotency key of the
    same API key (`actor`) again returns the same report and receipt, and adds what is new. Raises AlreadyWithdrawn."""
    once = key_digest(f"{actor.label}\n{idempotency_key}", PARTNER)
    return _store(draft, arrival, actor=actor, form_key=once, traces=trace_key(once))


def receive_from_elsewhere(
    draft: ReportDraft,
    *,
    source: str,
    hotline_id: int,
    portal_id: int,
    language: str,
    received_at: datetime,
    actor: Actor,
) -> int:
    """Store what another organisation reported (`source` is PEER, TIP or PROVIDER), without a receipt; return the report's number.
    In the caller's transaction."""
    entered_by = actor.id if actor.kind == "staff" else None
    arrival = Arrival(hotline_id, portal_id, source, language, received_at, entered_by)
    report = write_report(draft, arrival)
    record(
        "report.received",
        actor=actor,
        hotline_id=hotline_id,
        subject=f"report:{report.pk}",
        facts=_facts(draft, arrival),
    )
    announce_received(report)
    return int(report.pk)


def add_from_elsewhere(report_id: int, draft: ReportDraft, *, actor: Actor) -> None:
    """Add what is new in a later version of such a report, in the caller's transaction; it may make the report urgent.
    Adding it again changes nothing."""
    add_what_is_new(Report.objects.select_for_update().get(pk=report_id), draft, actor=actor)


def may_enter(actor: Actor, hotline_id: int, source: str) -> None:
    """Raise if this actor may not enter reports, or if there is no such source."""
    authorize(actor, "report.enter", hotline_id)
    if source not in SOURCES_OF_STAFF:
        raise BadInput(
            what=_("the source"), why=_("it is not one of %(known)s") % {"known": ", ".join(SOURCES_OF_STAFF)}
        )


def _receive(
    draft: ReportDraft, arrival: Arrival, *, actor: Actor, form_key: str, kept: Kept | None = None, uses: str = ""
) -> Received:
    if not may_be_sent(form_key):
        raise FormKeyMissing
    return _store(draft, arrival, actor=actor, form_key=form_key, traces=trace_key(form_key), known=kept, uses=uses)


def _store(
    draft: ReportDraft,
    arrival: Arrival,
    *,
    actor: Actor,
    form_key: str,
    traces: bytes,
    known: Kept | None = None,
    uses: str = "",
) -> Received:
    once = key_digest(form_key, PURPOSE)
    note_pressure()
    stored = without_cards(draft)
    sealed = sealed_ahead(Report, _words_of(stored))
    for number in range(TURNS):
        receipt = make_receipt(form_key, kind="report", turn=number)
        kept = known.of(number, receipt) if known else kept_of(receipt)
        report = _row(
            stored, arrival, traces=traces, receipt_hash=kept, receipt_turn=number, once_digest=once, **sealed
        )
        try:
            store(NewReport(report, stored.items, actor, _facts(stored, arrival), uses))
        except IntegrityError:
            home = home_of(once, Report, hotline_id=arrival.hotline_id, portal_id=arrival.portal_id)
            if home is None:
                continue  # the number is taken by somebody else's report: try the next one
            with scope(hotline=home):
                return _sent_again(draft, actor=actor, once=once, form_key=form_key, traces=traces, uses=uses)
        return Received(report.pk, receipt, report.received_at, hotline_id=arrival.hotline_id)
    raise RuntimeError("no free receipt number was found")


def may_be_sent(form_key: str) -> bool:
    """Return whether a form with this key can be submitted: it is not too old, or it was submitted before, and then
    nothing happens twice.
    """
    return is_form_key(form_key) or (is_old_form_key(form_key) and _is_kept(key_digest(form_key, PURPOSE)))


def write_report(draft: ReportDraft, arrival: Arrival, *, traces: bytes = b"") -> Report:
    """Write the rows of a report, without numbers of cards, in the caller's transaction; `traces` is the key by which the same
    form is known again."""
    stored = without_cards(draft)
    report = _row(stored, arrival, traces=traces, **_words_of(stored))
    insert(report)
    write_items(report, stored.items, now=arrival.received_at)
    report_changed(report.pk, report.hotline_id)
    return report


def _row(draft: ReportDraft, arrival: Arrival, *, traces: bytes, **columns: object) -> Report:
    """Return the row of a report whose cards are masked; its words, sealed or not, are among the columns."""
    return Report(
        hotline_id=arrival.hotline_id,
        portal_id=arrival.portal_id,
        kind=draft.kind,
        under_18=draft.under_18,
        threat=draft.threat,
        urgency=draft.urgency,
        language=arrival.language,
        where=draft.where,
        when_seen=draft.when_seen,
        contact_days=config_now().contact_days,
        needs_login=draft.needs_login,
        source=arrival.source,
        entered_by_id=arrival.entered_by,
        received_at=arrival.received_at,
        happened=draft.own.happened if draft.own else "",
        wish=draft.wish,
        traces=first_traces(traces, draft),
        **columns,
    )


def _facts(draft: ReportDraft, arrival: Arrival) -> dict[str, object]:
    """Return what the log has of a report that comes in."""
    return {
        "kind": draft.kind,
        "items": len(draft.items),
        "source": arrival.source,
        "urgency": draft.urgency,
        "portal": arrival.portal_id,
    }


def _words_of(draft: ReportDraft) -> dict[str, str]:
    """Return the columns of a report that are sealed."""
    return {
        "text": draft.text,
        "contact": draft.contact,
        "password": draft.password,
        "referrer": draft.referrer,
        "marked_because": draft.marked_because,
        "fingerprints": draft.own.lines if draft.own else "",
    }


def known_keys(report: Report) -> set[tuple[str, str]]:
    """Return the keys of all items of a report."""
    rows = Item.objects.filter(report=report).values_list("kind", "typed", "comparable")
    return {ItemDraft(kind, typed, "", comparable).key for kind, typed, comparable in rows}


def home_of(once: str, model: type[Report | OutsideAppeal], *, hotline_id: int, portal_id: int) -> int | None:
    """Return the hotline that has what came with the same form: this one, one that had the portal before and has still to hand it
    over, or one that has it since. None if nobody has."""
    elsewhere = (*former_portals(portal(portal_id)), *later_portals(portal_id))
    for home in (hotline_id, *(one.hotline_id for one in elsewhere)):
        with scope(hotline=home):
            if model.objects.filter(once_digest=once).exists():
                return home
    return None


def _is_kept(once: str) -> bool:
    return bool(Report.objects.filter(once_digest=once).exists())


def _sent_again(draft: ReportDraft, *, actor: Actor, once: str, form_key: str, traces: bytes, uses: str) -> Received:
    """Handle the same form submitted again: nothing happens twice, but anything new is added."""
    with hotline_transaction():
        report = Report.objects.select_for_update().get(once_digest=once)
        if report.withdrawn_at:
            raise AlreadyWithdrawn
        add_what_is_new(report, draft, actor=actor, traces=traces)
        note_used(uses)
    receipt = make_receipt(form_key, kind="report", turn=report.receipt_turn)
    return Received(report.pk, receipt, report.received_at, is_new=False, hotline_id=report.hotline_id)


def _wish_again(report: Report, draft: ReportDraft) -> str:
    shown = Item.objects.filter(report=report).values_list("state", "reason")
    return wish_again(report.wish, draft.wish, kind=report.kind, shown=set(shown)) if draft.wish else ""


def add_what_is_new(report: Report, draft: ReportDraft, *, actor: Actor, traces: bytes = b"") -> None:
    """Add what is new in a repeated form, in the caller's transaction; it may make the report urgent. `traces` as for
    `write_report`; without it, words are opened to be compared."""
    now, draft = datetime.now(UTC), without_cards(draft)
    items = new_items(draft.items, known_keys(report))
    known = Known(report, traces)
    text, changed = known.new_text(draft), known.new_lines(draft)
    wish = _wish_again(report, draft)
    if wish not in ("", report.wish):
        changed["wish"] = wish
    if "contact" in changed:
        changed["contact_days"] = config_now().contact_days
    if draft.under_18 and not report.under_18:
        changed["under_18"] = True
    if report.kind == "else" and draft.kind != "else":  # what it is became clear later, as in a conversation
        changed |= {"kind": draft.kind, "threat": draft.threat}
    if draft.when_seen not in ("unknown", report.when_seen):
        changed["when_seen"] = draft.when_seen
    becomes_urgent = is_more_urgent(draft.urgency, report.urgency)
    if becomes_urgent:
        changed |= {
            "kind": draft.kind,
            "threat": draft.threat or report.threat,
            "urgency": draft.urgency,
            "marked_because": draft.marked_because,
        }
    if not (items or text or changed):
        return
    write_items(report, items, now=now)
    if text:
        ReporterMessage.objects.create(
            hotline_id=report.hotline_id, report=report, direction="from_reporter", text=text, at=now
        )
    rows = Report.objects.filter(pk=report.pk)
    forget(rows, *(name for name in SEALED if name in changed))
    rows.update(**changed, **known.as_stored(), closed_at=None)
    report_changed(report.pk, report.hotline_id)
    record(
        "report.added",
        actor=actor,
        hotline_id=report.hotline_id,
        subject=f"report:{report.pk}",
        facts={"items": len(items), "text": bool(text), "urgent": becomes_urgent, "fields": sorted(changed)},
    )
    is_urgent = becomes_urgent or bool(report.urgency)
    if becomes_urgent:
        publish_event(BECAME_URGENT, subject_id=report.pk, hotline_id=report.hotline_id, urgent=True)
    publish_event("report.added", subject_id=report.pk, hotline_id=report.hotline_id, urgent=is_urgent)
