"""What both directions share: the messages of an exchange as steps, and what follows from them stored beside them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from leeward.exchange.models import BASELESS, HELD, KEPT, RECEIVED, WAITING, Exchange, ExchangeMessage
from leeward.exchange.rules.timeline import Timeline, timeline_of
from leeward.exchange.rules.wire import BatchRefused, Message, fault_of, without_cards, write_batch
from leeward.foundation.actor import Actor
from leeward.installation.queries import config_now
from leeward.jobs.services import publish_event, schedule

DELIVER = "exchange.deliver"
UPDATED = "exchange.said"  # something came in, or a report arrived there: about an exchange that a case here belongs to


def message_of(row: ExchangeMessage, uid: str) -> Message:
    """Return a stored message as it travels."""
    return Message(uid, row.step, row.at, row.details)


def follow(exchange: Exchange, rows: Iterable[ExchangeMessage]) -> Timeline:
    """Set on an exchange what follows from its messages, and return their timeline; the caller saves."""
    kept = {(row.side, row.number): row for row in rows}
    timeline = timeline_of(row.step for row in kept.values())
    exchange.stage, exchange.grade = timeline.standing.stage, timeline.standing.grade
    placed = [kept[entry.step.side, entry.step.number] for entry in timeline.entries if entry.effect != "refused"]
    answers = [row.stored_at for row in placed if row.side == "hosting"]
    exchange.answered_at = min(answers, default=None)
    report = next((row.details["report"] for row in placed if row.kind == "report"), None)
    if report is not None:
        exchange.item, exchange.path = report["item"], report["path"]
        exchange.address = report["location"]["address"]
        exchange.country = report.get("hosting", {}).get("country", "")
        exchange.is_urgent = report.get("is_urgent", False)
    return timeline


def write(exchange: Exchange, message: Message, *, actor: Actor) -> ExchangeMessage:
    """Store our next message and have it delivered, in the caller's transaction; what is about an item whose report was kept back is kept
    back with it. It is checked as its receiver will: raises BatchRefused."""
    assert message.step.side == exchange.side
    message = without_cards(message)
    write_batch([message])
    fault = fault_of(message)
    if fault:
        raise BatchRefused("not_readable", fault)
    before = list(ExchangeMessage.objects.filter(exchange=exchange))
    is_baseless = message.step.kind != "withdrawal" and any(
        row.kind == "report" and row.problem == BASELESS for row in before
    )
    row: ExchangeMessage = ExchangeMessage.objects.create(
        **columns(exchange, message),
        by_id=actor.id if actor.kind == "staff" else None,
        state=HELD if is_baseless else KEPT if exchange.is_imported else WAITING,
        problem=BASELESS if is_baseless else "",
        waits_since=_goes_at(message, actor),
    )
    follow(exchange, [*before, row])
    exchange.save()
    if row.state == WAITING:
        schedule(
            DELIVER,
            subject_id=exchange.peer_id,
            hotline_id=exchange.hotline_id,
            due_at=row.waits_since,
            urgent=exchange.is_urgent,
        )
    return row


def _goes_at(message: Message, actor: Actor) -> datetime:
    """What a person says can be undone for some seconds. By an acceptance there is a report already."""
    can_undo = actor.kind == "staff" and message.step.kind != "acceptance"
    return datetime.now(UTC) + timedelta(seconds=config_now().undo_seconds if can_undo else 0)


def received(exchange: Exchange, message: Message) -> ExchangeMessage:
    """Return the row of a peer's message, not stored yet."""
    return ExchangeMessage(**columns(exchange, message), state=RECEIVED)


def columns(exchange: Exchange, message: Message) -> dict[str, object]:
    """Return what a message is stored as, whoever wrote it."""
    step = message.step
    return {
        "hotline_id": exchange.hotline_id,
        "exchange": exchange,
        "peer_id": exchange.peer_id,
        "side": step.side,
        "number": step.number,
        "seen": step.seen,
        "kind": step.kind,
        "what": step.what,
        "about": step.about,
        "at": message.at,
        "details": message.details,
        "stored_at": datetime.now(UTC),
    }


def tell_the_desk(exchanges: Sequence[Exchange]) -> None:
    """Publish that something happened to these exchanges, where a case here is about them; in the caller's transaction."""
    for exchange in exchanges:
        if exchange.case_id is not None or exchange.report_id is not None:
            publish_event(UPDATED, subject_id=exchange.pk, hotline_id=exchange.hotline_id)
