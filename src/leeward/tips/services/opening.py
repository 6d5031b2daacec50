"""From a tip to a report, and by that to a case: as many at a time as delay nobody's report."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.intake import services as intake_services
from leeward.intake.rules.draft import ReportDraft
from leeward.jobs.queries import backlog
from leeward.tips.labels import raised_in_words
from leeward.tips.models import OPENED, WAITING, TipRow, TipVersion
from leeward.tips.rules.becoming import report_of
from leeward.tips.rules.pace import PAUSE_SECONDS, URGENT_PAUSE_SECONDS, ordinary_now, urgent_now
from leeward.tips.rules.tip import Tip, tip_from


def open_some(*, urgent: bool, now: datetime | None = None) -> timedelta | None:
    """Make reports of the next waiting tips; return when to go on, or None where none is left."""
    now = now or datetime.now(UTC)
    waiting = TipRow.objects.filter(state=WAITING, is_urgent=urgent).order_by("id")
    if urgent:
        opened = TipRow.objects.filter(is_urgent=True, opened_at__gt=now - timedelta(hours=1), opened_at__lte=now)
        room, pause = urgent_now(opened.count()), URGENT_PAUSE_SECONDS
    else:
        room, pause = ordinary_now(backlog(now).due), PAUSE_SECONDS
    for tip_id in list(waiting.values_list("id", flat=True)[:room]):
        with hotline_transaction():
            row = TipRow.objects.select_for_update().get(pk=tip_id)
            if row.state == WAITING:
                open_row(row, actor=SYSTEM)
    return timedelta(seconds=pause) if waiting.exists() else None


def open_row(row: TipRow, *, actor: Actor) -> int:
    """Make a report of a locked tip, in the caller's transaction; return the report's number."""
    now = datetime.now(UTC)
    row.report_id = intake_services.receive_from_elsewhere(
        draft_of(row),
        source=intake_services.TIP,
        hotline_id=row.hotline_id,
        portal_id=row.portal_id,
        language="en",
        received_at=now,
        actor=actor,
    )
    row.state, row.opened_at, row.changed_at = OPENED, now, now
    row.save()
    record(
        "tip.opened",
        actor=actor,
        hotline_id=row.hotline_id,
        subject=f"tip:{row.pk}",
        facts={"report": row.report_id, "urgent": row.is_urgent, "versions": row.versions},
    )
    return int(row.report_id)


def draft_of(row: TipRow) -> ReportDraft:
    """Return the report of a tip's newest version."""
    return report_of(newest_facts(row), marked_because=raised_in_words(row.raised))


def newest_facts(row: TipRow) -> Tip:
    """Return the newest version of a tip. Raises NotFound where its facts were deleted."""
    version = TipVersion.objects.filter(tip=row).order_by("-number").first()
    if version is None or not version.facts:
        raise NotFound(what=_("tip"))
    return tip_from(version.facts)


def add_newest(tip_id: int) -> None:
    """Add what a newer version of an opened tip names to its report; idempotent."""
    with hotline_transaction():
        row = TipRow.objects.select_for_update().get(pk=tip_id)
        if row.report_id is None or row.forgotten_at is not None:
            return
        intake_services.add_from_elsewhere(row.report_id, draft_of(row), actor=SYSTEM)
