"""Time arithmetic: intervals that a demonstration may shorten, and back-off."""

from datetime import UTC, datetime, timedelta


def aware(moment: datetime) -> datetime:
    """Return `moment` in UTC; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone")
    return moment.astimezone(UTC)


def paced(interval: timedelta, pace: float) -> timedelta:
    """Shorten a waiting time between automatic acts by `pace` (1.0 is real time, 600.0 makes an hour six seconds)."""
    if pace < 1.0:
        raise ValueError("a pace below 1.0 would make Leeward slower than promised")
    return interval / pace


def next_delay(attempt: int, *, first: timedelta, most: timedelta) -> timedelta:
    """Return the back-off before attempt number `attempt` + 1 (attempts count from 1): doubles from `first` up to `most`."""
    doublings: int = 2 ** min(max(attempt - 1, 0), 30)
    return min(first * doublings, most)
