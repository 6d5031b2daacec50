"""The installation's own repeating work."""

from datetime import UTC, datetime, timedelta

from leeward.audit.services import seal
from leeward.jobs.registry import every


@every(timedelta(hours=24))
def seal_log() -> None:
    """Keep and show today's signed head of every hotline's log."""
    seal(datetime.now(UTC))
