"""What people decide about a line: make it a case, a suspicion, a legal hold; and what the provider says of its evidence. Nothing is
discarded and nothing taken back."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.whole_text import whole
from leeward.jobs.clockwatch import trusted_now
from leeward.jobs.services import schedule
from leeward.people.errors import FieldIsWrong
from leeward.people.services import authorize, demand_read
from leeward.providers.errors import DecisionTooLate
from leeward.providers.models import LineDecision, ProviderLine
from leeward.providers.queries.lines import mark_of_decisions
from leeward.providers.rules.words import FOLDED, HELD, SUSPICIONS, TRIED, WAITING
from leeward.providers.services.opening import take_row

REMIND = "providers.remind_now"
MOST_REASON = 2000


def take_line(line_id: int, *, actor: Actor) -> int:
    """Make a report of a line that waits, is held or was folded, or add a later one to that of its first; return its number. Doing
    it again changes nothing."""
    with hotline_transaction():
        row = _locked(line_id)
        authorize(actor, "report.enter", row.hotline_id)
        if row.report_id is not None:
            return int(row.report_id)
        if row.state not in (WAITING, HELD, FOLDED):
            raise DecisionTooLate
        return take_row(row, actor=actor)


def suspect(line_id: int, value: str, *, reason: str, seen: str, actor: Actor) -> None:
    """Record, as a supervisor and with reasons, that a report may be false or malicious, or not any more ("" as value). It stays
    where it is: whoever works on it sees the reasons, and no report is discarded for them. `seen`: the mark of the decisions that person
    has read (`mark_of_decisions`). Doing it again changes nothing. Raises EnteredSince."""
    reason = whole(reason, MOST_REASON)
    if value and value not in SUSPICIONS:
        raise BadInput(what=_("the suspicion"), why=_("it is not in the list"))
    if not reason:
        raise FieldIsWrong(field="reason", why=_("Say why, in at most 2,000 characters."))
    with hotline_transaction():
        row = _locked(line_id)
        authorize(actor, "provider.suspect", row.hotline_id)
        if _is_repeat(row, "suspicion", value or "none", reason=reason, actor=actor):
            return
        demand_read(mark_of_decisions(row.pk), seen=seen)
        row.suspicion = value
        _keep(row, "suspicion", value or "none", reason=reason, actor=actor)
        row.save(update_fields=["suspicion"])


def hold(line_id: int, until: datetime, *, order: str, seen: str, actor: Actor, now: datetime | None = None) -> None:
    """Keep the evidence of a line beyond its time, by an order of the police named here; the provider sees until when, and is written
    to at once. A later order replaces an earlier one, also with an earlier end, but none that its author hasn't read of: `seen` is the mark
    of the decisions they have read. Doing it again changes nothing. Raises EnteredSince."""
    now = now or datetime.now(UTC)
    order = order.strip()
    if not order or len(order) > MOST_REASON:
        raise FieldIsWrong(field="order", why=_("Name the order: who made it, when, under which number."))
    if until <= now:
        raise FieldIsWrong(field="until", why=_("This day is over. Choose a later one."))
    with hotline_transaction():
        row = _locked(line_id)
        authorize(actor, "provider.hold", row.hotline_id)
        if row.destroyed_at is not None or row.state == TRIED:
            raise DecisionTooLate
        if _is_repeat(row, "hold", "placed", reason=order, until=until, actor=actor):
            return
        demand_read(mark_of_decisions(row.pk), seen=seen)
        row.held_until, row.remind_at = until, now
        _keep(row, "hold", "placed", reason=order, until=until, actor=actor)
        row.save(update_fields=["held_until", "remind_at"])
        schedule(REMIND, subject_id=row.hotline_id, hotline_id=row.hotline_id)


def say_destroyed(line_id: int, *, provider_id: int, actor: Actor, now: datetime | None = None) -> None:
    """Record that a provider has destroyed the evidence of a line whose time is over. Before that, or while an order holds it, it
    is refused: whoever destroys too early should hear so. No time is over by a clock that may be ahead. Doing it again changes nothing."""
    now = trusted_now(now or datetime.now(UTC))
    with hotline_transaction():
        row = _locked(line_id)
        if row.provider_id != provider_id:
            raise NotFound(what=_("report"))
        if row.destroyed_at is not None:
            return
        if row.keep_until is None or row.keep_until > now or (row.held_until is not None and row.held_until > now):
            raise DecisionTooLate
        row.destroyed_at, row.remind_at = now, None
        _keep(row, "destroyed", "said", actor=actor)
        row.save(update_fields=["destroyed_at", "remind_at"])


def _locked(line_id: int) -> ProviderLine:
    row = ProviderLine.objects.select_for_update().select_related("provider").filter(pk=line_id).first()
    if row is None:
        raise NotFound(what=_("report"))
    return row


def _is_repeat(
    row: ProviderLine, kind: str, value: str, *, actor: Actor, reason: str, until: datetime | None = None
) -> bool:
    """Return whether the newest decision about a line is just this one, by the same person: the button was pressed twice."""
    last = LineDecision.objects.filter(line=row).order_by("-id").first()
    mine = (kind, value, reason, until, actor.id)
    return last is not None and mine == (last.kind, last.value, last.reason, last.until, last.by_id)


def _keep(
    row: ProviderLine, kind: str, value: str, *, actor: Actor, reason: str = "", until: datetime | None = None
) -> None:
    LineDecision.objects.create(
        hotline_id=row.hotline_id,
        line=row,
        kind=kind,
        value=value,
        reason=reason,
        until=until,
        at=datetime.now(UTC),
        by_id=actor.id if actor.kind == "staff" else None,
    )
    record(
        f"provider_line.{_PAST[kind]}",
        actor=actor,
        hotline_id=row.hotline_id,
        subject=f"provider_line:{row.pk}",
        facts={"value": value},
    )


_PAST = {"suspicion": "suspected", "hold": "held", "destroyed": "destroyed"}
