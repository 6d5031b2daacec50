"""Decide when a hash matches so much more than before that it is more likely wrong than right. Pure.

A single subscriber never triggers it: subscribers are counted, each against its own history, over several days.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

HISTORY_DAYS = 30
RECENT_DAYS = 7
LEAST_MATCHES = 200
"""Up to this many matches a day for one subscriber are never a flood: a picture in wide circulation is found that
often.
"""
TIMES_USUAL = 20
LEAST_SUBSCRIBERS = 3
LEAST_DAYS = 2


@dataclass(frozen=True, slots=True)
class DayCount:
    """How often a hash matched for one subscriber on one day."""

    subscriber: str
    day: date
    matches: int


def usual_matches(counts: Iterable[DayCount], *, before: date) -> float:
    """Return the matches of one subscriber on a usual day: the mean over the history, including days without a match."""
    since = before - timedelta(days=HISTORY_DAYS)
    return sum(one.matches for one in counts if since <= one.day < before) / HISTORY_DAYS


def heavy_days(counts: Iterable[DayCount], today: date) -> set[tuple[str, date]]:
    """Return the recent days on which a subscriber matched a hash far more often than usual."""
    by_subscriber: dict[str, list[DayCount]] = defaultdict(list)
    for one in counts:
        by_subscriber[one.subscriber].append(one)
    recent = today - timedelta(days=RECENT_DAYS)
    return {
        (name, one.day)
        for name, mine in by_subscriber.items()
        for one in mine
        if recent < one.day <= today
        and one.matches > max(LEAST_MATCHES, TIMES_USUAL * usual_matches(mine, before=recent))
    }


def is_flood(counts: Iterable[DayCount], today: date) -> bool:
    """Return whether several subscribers, on several recent days, matched a hash far more often than usual."""
    heavy = heavy_days(counts, today)
    return len({name for name, _day in heavy}) >= LEAST_SUBSCRIBERS and len({day for _name, day in heavy}) >= LEAST_DAYS
