"""Visits the addresses of the catalogue, and reads partners' catalogues, when they are due."""

from datetime import UTC, datetime, timedelta

from leeward.awareness import services
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import job, moves_with


@job(services.CHECK, lease=timedelta(minutes=2), tries=1000, first_delay=timedelta(minutes=1), waits_for="anybody")
def check(subject_id: int) -> None:
    """Visit an address if it is due, then come back when it is due again."""
    next_at = services.check_address(subject_id)
    if next_at is not None:
        raise RetryLater(max(next_at - datetime.now(UTC), timedelta(0)))


@job(services.HARVEST, lease=timedelta(minutes=5), tries=1000, first_delay=timedelta(minutes=1), waits_for="anybody")
def read(subject_id: int) -> None:
    """Read another's catalogue if it is due, then come back when it is due again."""
    next_at = services.read_partner(subject_id)
    if next_at is not None:
        raise RetryLater(max(next_at - datetime.now(UTC), timedelta(0)))


moves_with(services.CHECK)(services.move_visits)
moves_with(services.HARVEST)(services.move_readings)
