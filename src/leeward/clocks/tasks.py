"""What the worker does for clocks. Everything is safe to run twice."""

from datetime import UTC, datetime, timedelta

from leeward.clocks import services
from leeward.clocks.services.keeping import ESCALATE
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import job, subscribe


@job(ESCALATE)
def escalate(subject_id: int) -> None:
    """Take the steps of one clock that are due, and come back for the next."""
    now = datetime.now(UTC)
    again_at = services.take_due_steps(subject_id, now)
    if again_at is not None:
        raise RetryLater(max(again_at - now, timedelta(0)))


@subscribe("clock_rule.set", lease=timedelta(minutes=30))
def rule_set(subject_id: int) -> None:
    """Open clocks follow a new rule."""
    services.follow_rule(subject_id)


@subscribe("portal.calendar_changed", lease=timedelta(minutes=30))
def calendar_changed(subject_id: int) -> None:
    """Open clocks follow a portal's new working days."""
    services.follow_calendar(subject_id)
