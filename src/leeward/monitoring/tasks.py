"""The looks that are due."""

from datetime import UTC, datetime, timedelta

from leeward.duties.registry import duty
from leeward.duties.worker import Later
from leeward.monitoring import services


@duty(services.LOOK, lease=timedelta(minutes=5), tries=1000, first_delay=timedelta(minutes=1))
def look(subject_id: int) -> None:
    """Look at a watched location if it is time, then wait for the next time."""
    next_at = services.look(subject_id)
    if next_at is not None:
        raise Later(max(next_at - datetime.now(UTC), timedelta(0)))
