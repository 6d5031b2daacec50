"""When a hash matches so much more than its history that it is more likely wrong than right. Pure."""

from collections.abc import Sequence

HISTORY_DAYS = 30
LEAST_MATCHES = 200
"""So many matches a day are never a flood: a picture that goes round is found that often."""
TIMES_USUAL = 20


def usual_matches(earlier_days: Sequence[int]) -> float:
    """The matches of a usual day: the mean over the history, with days without a match."""
    return sum(earlier_days) / HISTORY_DAYS


def is_flood(today: int, earlier_days: Sequence[int]) -> bool:
    """Whether today's matches are far beyond the history of the hash."""
    return today > max(LEAST_MATCHES, TIMES_USUAL * usual_matches(earlier_days))
