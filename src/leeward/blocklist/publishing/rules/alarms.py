"""Decide when a subscriber's copy is too old and when its quarterly test is due. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Alarm = Literal["", "never_fetched", "stale", "test_failed", "test_overdue"]
STALE_AFTER = timedelta(hours=36)
SILENT_AFTER = timedelta(hours=26)  # twice a day, plus the time to check a million entries
FIRST_FETCH_WITHIN = timedelta(days=3)
TEST_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one subscriber: the oldest last fetch of its lists in each format, and this quarter's tests."""

    since: datetime
    last_fetch_at: datetime | None
    has_unfetched: bool
    failed: int
    unanswered_since: datetime | None


def alarm_of(standing: Standing, now: datetime) -> Alarm:
    """Return the most serious problem, "" for none."""
    if standing.failed:
        return "test_failed"
    if standing.last_fetch_at is not None and now - standing.last_fetch_at > STALE_AFTER:
        return "stale"
    if standing.has_unfetched and now - standing.since > FIRST_FETCH_WITHIN:
        return "never_fetched"
    if standing.unanswered_since is not None and now - standing.unanswered_since > TEST_WITHIN:
        return "test_overdue"
    return ""


def quarter_of(day: date) -> str:
    """Return the quarter of a day: `2026-Q4`."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
