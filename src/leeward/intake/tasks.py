"""What intake does by itself: forgetting."""

from datetime import UTC, datetime, timedelta

from leeward.intake.services import erase_contacts, expire_receipts
from leeward.jobs.registry import every


@every(timedelta(days=1))
def forget() -> None:
    """Erase contacts and let receipts expire when their time has come."""
    now = datetime.now(UTC)
    erase_contacts(now)
    expire_receipts(now)
