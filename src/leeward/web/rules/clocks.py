"""The time left until a deadline, in the two largest units that matter."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SOON = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Left:
    """Time left or overdue: whole units (never negative), and whether that is `plain`, `soon` or `late`."""

    days: int
    hours: int
    minutes: int
    state: Literal["plain", "soon", "late"]

    @property
    def is_over(self) -> bool:
        return self.state == "late"


def time_left(due: datetime, now: datetime) -> Left:
    """Return the time from `now` to `due`: minutes below six hours, hours below a week, days beyond; rounded towards zero."""
    span = due - now
    state: Literal["plain", "soon", "late"] = "late" if span < timedelta(0) else "soon" if span <= SOON else "plain"
    seconds = int(abs(span).total_seconds())
    days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3600, seconds % 3600 // 60
    if seconds >= 6 * 3600:
        minutes = 0
    if days >= 7:
        hours = 0
    return Left(days, hours, minutes, state)
