"""Working days of a portal: weekdays and holidays, in its own time zone. Pure."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def is_working_day(day: date, *, working_days: Collection[int], holidays: Collection[date]) -> bool:
    """Return whether people work on `day` (Monday is 1)."""
    return day.isoweekday() in working_days and day not in holidays


def add_working_days(
    start: datetime, days: int, *, zone: str, working_days: Collection[int], holidays: Collection[date]
) -> datetime:
    """Return the end of the `days`-th working day after the day of `start`, in the time zone of `start`.

    Raises ValueError if there are no working days at all, since the answer would never come.
    """
    if not working_days:
        raise ValueError("a portal needs at least one working day")
    local = start.astimezone(ZoneInfo(zone)).date()
    left = days
    for _ in range(3660):
        local += timedelta(days=1)
        if is_working_day(local, working_days=working_days, holidays=holidays):
            left -= 1
            if left <= 0:
                break
    return datetime.combine(local, time(23, 59, 59), tzinfo=ZoneInfo(zone)).astimezone(start.tzinfo)
