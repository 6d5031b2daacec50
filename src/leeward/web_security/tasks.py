"""Recurring cleanup."""

from datetime import UTC, datetime, timedelta

from leeward.jobs.registry import every
from leeward.web_security.services import forget_old


@every(timedelta(hours=1))
def sweep() -> None:
    """Delete old keys and buckets."""
    forget_old(datetime.now(UTC))
