"""Whether a new report of a closed address is reason enough to look at it again."""

from datetime import datetime, timedelta

QUIET = timedelta(days=7)
_NOT_SEEN = ("not_found", "insufficient", "")


def needs_reassessment(*, outcome: str, is_watched: bool, closed_at: datetime | None, now: datetime) -> bool:
    """Return whether to look again: at once if nobody could see it last time, after a week if somebody did, and never
    while it is being watched.
    """
    if outcome == "illegal":
        return not is_watched
    return outcome in _NOT_SEEN or closed_at is None or now - closed_at >= QUIET
