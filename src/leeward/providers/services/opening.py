"""From a line to a report, and by that to a case: as many at a time as delay nobody's report (`tips/rules/pace.py`)."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from django.db.models import Min, QuerySet

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.intake import services as intake_services
from leeward.intake.rules.draft import ReportDraft
from leeward.jobs.queries import backlog
from leeward.providers.models import ProviderLine
from leeward.providers.rules.becoming import REASONS, report_of
from leeward.providers.rules.line import incident_of
from leeward.providers.rules.turns import in_turn
from leeward.providers.rules.words import ADDED, FOLDED, HELD, OPENED, WAITING
from leeward.tips.rules.pace import PAUSE_SECONDS, URGENT_PAUSE_SECONDS, ordinary_now, urgent_now


def open_some(*, urgent: bool, now: datetime | None = None) -> timedelta | None:
    """Make reports of the next waiting lines, of each provider in turn; return when to go on, or None where none is left. A child in
    danger goes before what a provider only put into its most urgent class."""
    now = now or datetime.now(UTC)
    if urgent:
        lately = ProviderLine.objects.exclude(raised="").filter(
            opened_at__gt=now - timedelta(hours=1), opened_at__lte=now
        )
        had = Counter(lately.values_list("provider_id", flat=True))
        room, pause = urgent_now(had.total()), URGENT_PAUSE_SECONDS
    else:
        had = Counter[int]()
        room, pause = ordinary_now(backlog(now).due), PAUSE_SECONDS
    # A later report waits for its first; however many wait for an urgent one, they hold up no other line.
    chosen: list[int] = []
    for raised in REASONS if urgent else ("",):
        waiting = ProviderLine.objects.filter(state=WAITING, raised=raised)
        ready = waiting if urgent else waiting.exclude(first__state=WAITING)
        chosen += in_turn(_queues(waiting, ready, had, room - len(chosen)), had, room - len(chosen))
    for line_id in chosen:
        with hotline_transaction():
            row = (
                ProviderLine.objects.select_for_update(of=("self",)).select_related("provider", "first").get(pk=line_id)
            )
            if row.state == WAITING:
                _open(row)
    left = ProviderLine.objects.filter(state=WAITING)
    left = left.exclude(raised="") if urgent else left.filter(raised="")
    return timedelta(seconds=pause) if left.exists() else None


def _queues(
    waiting: QuerySet[ProviderLine], ready: QuerySet[ProviderLine], had: Counter[int], room: int
) -> dict[int, list[int]]:
    """Return the next lines of each provider that may have its turn now."""
    if room <= 0:
        return {}
    oldest = waiting.order_by().values_list("provider_id").annotate(Min("id"))
    turns = sorted((had[provider], first, provider) for provider, first in oldest)
    return {
        provider: list(ready.filter(provider_id=provider).order_by("id").values_list("id", flat=True)[:room])
        for _had, _first, provider in turns[:room]
    }


def _open(row: ProviderLine) -> None:
    """Open a line, add it to the report of the first, or fold it; what comes of a provider that was suspended waits for a person,
    unless it is urgent."""
    if row.provider.state in ("suspended", "ended") and not row.raised:
        row.state = HELD
        row.save(update_fields=["state"])
        return
    if row.first is not None:
        _follow(row)
        return
    same = (
        ProviderLine.objects.filter(fold=row.fold, state=OPENED).exclude(pk=row.pk).order_by("id") if row.fold else None
    )
    first = same.first() if same is not None and not row.raised else None
    if first is not None:
        row.state, row.folded_into = FOLDED, first
        row.save(update_fields=["state", "folded_into"])
        return
    open_row(row, actor=SYSTEM)


def _follow(row: ProviderLine) -> None:
    first = _behind(row)
    assert first is not None
    if first.report_id is None and first.state in (WAITING, HELD) and not row.raised:
        row.state = HELD if first.state == HELD else WAITING  # its first is opened before it
        row.save(update_fields=["state"])
        return
    take_row(row, actor=SYSTEM)


def _behind(row: ProviderLine) -> ProviderLine | None:
    """Return the line whose report a later one belongs to, or None for a first one."""
    first = row.first
    if first is not None and first.state in (FOLDED, ADDED) and first.folded_into is not None:
        return first.folded_into
    return first


def take_row(row: ProviderLine, *, actor: Actor) -> int:
    """Add a locked line to the report of its first, or make one of it, in the caller's transaction; return the report's number."""
    first = _behind(row)
    if first is None or first.report_id is None:
        return open_row(row, actor=actor)
    intake_services.add_from_elsewhere(first.report_id, draft_of(row), actor=actor)
    row.state, row.report_id, row.opened_at = ADDED, first.report_id, datetime.now(UTC)
    row.save(update_fields=["state", "report_id", "opened_at"])
    record(
        "provider_line.added",
        actor=actor,
        hotline_id=row.hotline_id,
        subject=f"provider_line:{row.pk}",
        facts={"report": first.report_id, "kind": row.kind, "urgent": bool(row.raised)},
    )
    return int(first.report_id)


def open_row(row: ProviderLine, *, actor: Actor) -> int:
    """Make a report of a locked line, in the caller's transaction; return the report's number."""
    now = datetime.now(UTC)
    row.report_id = intake_services.receive_from_elsewhere(
        draft_of(row),
        source=intake_services.PROVIDER,
        hotline_id=row.hotline_id,
        portal_id=row.provider.portal_id,
        language="en",
        received_at=now,
        actor=actor,
    )
    row.state, row.opened_at = OPENED, now
    row.save(update_fields=["state", "opened_at", "report_id"])
    record(
        "provider_line.opened",
        actor=actor,
        hotline_id=row.hotline_id,
        subject=f"provider_line:{row.pk}",
        facts={"report": row.report_id, "urgent": bool(row.raised)},
    )
    return int(row.report_id)


def draft_of(row: ProviderLine) -> ReportDraft:
    """Return the report of a line."""
    return report_of(
        row.facts,
        incident=incident_of(row.batch_id, row.number),
        provider=row.provider.legal_name,
        raised=row.raised,
        reason=str(REASONS[row.raised]) if row.raised else "",
    )
