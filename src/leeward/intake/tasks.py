"""Intake's own scheduled task: deleting what is no longer needed."""

from datetime import UTC, datetime, timedelta

from leeward.intake.services import erase_contacts, expire_receipts, forget_talks
from leeward.jobs.registry import every


@every(timedelta(days=1), deletes=True)
def forget() -> None:
    """Erase contacts and expire receipts when their time has come."""
    now = datetime.now(UTC)
    erase_contacts(now)
    expire_receipts(now)


@every(timedelta(minutes=10), deletes=True)
def forget_conversations() -> None:
    """Delete conversations by text message that are over."""
    forget_talks(datetime.now(UTC))
