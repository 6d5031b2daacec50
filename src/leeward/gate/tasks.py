"""Sweeping up."""

from datetime import UTC, datetime, timedelta

from leeward.duties.registry import every
from leeward.gate.services import forget_old


@every(timedelta(hours=1))
def sweep() -> None:
    """Forget old keys and buckets."""
    forget_old(datetime.now(UTC))
