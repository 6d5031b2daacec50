"""Whether a new report of an address that was closed is reason enough to look again."""

from datetime import datetime, timedelta

QUIET = timedelta(days=7)
_NOT_SEEN = ("not_found", "insufficient", "")


def needs_reassessment(*, outcome: str, is_watched: bool, closed_at: datetime | None, now: datetime) -> bool:
    """At once where nobody could see it last time; after a week where somebody did; never while a watch looks anyway."""
    if outcome == "illegal":
        return not is_watched
    return outcome in _NOT_SEEN or closed_at is None or now - closed_at >= QUIET
