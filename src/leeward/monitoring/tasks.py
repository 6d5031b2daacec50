"""Runs the checks that are due."""

from datetime import UTC, datetime, timedelta

from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import job, moves_with
from leeward.monitoring import services


@job(services.CHECK, lease=timedelta(minutes=5), tries=1000, first_delay=timedelta(minutes=1))
def check(subject_id: int) -> None:
    """Check a watched location if it is due, then schedule the next check."""
    next_at = services.run_check(subject_id)
    if next_at is not None:
        raise RetryLater(max(next_at - datetime.now(UTC), timedelta(0)))


moves_with(services.CHECK)(services.move_checks)
