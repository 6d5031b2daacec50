"""Schedule pulls from sources that are due; a source that fails for a day raises an alarm."""

from datetime import UTC, datetime, timedelta

from django.db.models import Q

from leeward.audit.services import hotline_transaction
from leeward.audit.services import record as audit
from leeward.foundation.actor import SYSTEM
from leeward.hashbank.models import LiveSource
from leeward.hashbank.rules.sources import latest_next, needs_alarm
from leeward.hashbank.scene import hotline_here
from leeward.hashbank.sources.errors import PullUnderWay, SourceIsOff
from leeward.hashbank.sources.services.feeding_back import send_feedback
from leeward.hashbank.sources.services.pulling import pull
from leeward.jobs.services import publish_event, schedule

PULL = "hashbank.pull_source"
RUN_SECONDS = 300.0
IF_NOBODY_DOES = timedelta(hours=1)


def ask_for_pulls(now: datetime) -> int:
    """Schedule a pull for every source that is due; return how many."""
    rows = LiveSource.objects.filter(hotline_id=hotline_here(), removed_at=None, paused_at=None)
    due = rows.filter(Q(next_at__lte=now) | Q(next_at__gt=latest_next(now)))
    numbers = list(due.exclude(second_at=None).values_list("id", flat=True))
    for number in numbers:
        want_pull(number, now)
    return len(numbers)


def want_pull(live_id: int, now: datetime) -> None:
    """Schedule a pull from a source now; the pull itself sets its next time."""
    with hotline_transaction():
        LiveSource.objects.filter(pk=live_id).update(next_at=now + IF_NOBODY_DOES)
        schedule(PULL, subject_id=live_id, hotline_id=hotline_here(), due_at=now)


def carry_on(live_id: int) -> None:
    """Pull from a source and send the waiting feedback. Safe to run twice."""
    try:
        pull(live_id, actor=SYSTEM, most_seconds=RUN_SECONDS)
        row = LiveSource.objects.get(pk=live_id)
        if row.feeds_back and not row.failures:
            send_feedback(row.name, actor=SYSTEM)
    except (LiveSource.DoesNotExist, PullUnderWay, SourceIsOff):
        return
    _set_alarm(row, datetime.now(UTC))


def _set_alarm(row: LiveSource, now: datetime) -> None:
    last_good = row.good_at or row.second_at or now
    is_wrong = needs_alarm(failures=row.failures, last_good=last_good, now=now, is_held=row.held is not None)
    if is_wrong == (row.alarm_at is not None):
        return
    event = "live_source.alarmed" if is_wrong else "live_source.calmed"
    with hotline_transaction():
        LiveSource.objects.filter(pk=row.pk).update(alarm_at=now if is_wrong else None)
        facts = {"failures": row.failures}
        audit(event, actor=SYSTEM, hotline_id=hotline_here(), subject=f"live_source:{row.pk}", facts=facts)
        publish_event(event, subject_id=row.pk, hotline_id=hotline_here())
