"""Recurring tasks of the installation itself."""

from datetime import UTC, datetime, timedelta

from leeward.audit.services import seal
from leeward.jobs.registry import every


@every(timedelta(hours=24))
def seal_log() -> None:
    """Store and publish today's signed head of every hotline's log."""
    seal(datetime.now(UTC))
