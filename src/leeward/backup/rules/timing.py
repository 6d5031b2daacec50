"""When the nightly backup is made, and which backups are kept. Names sort by time; moments are in UTC."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from leeward.backup.rules.manifest import moment_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TO_COME = HOUR
_SLACK = timedelta(minutes=30)  # the job comes by each hour, not always at the same minute
_LATE = DAY + 2 * HOUR


@dataclass(frozen=True, slots=True)
class Kept:
    """How many are kept: the newest, and beyond them the newest of each of the last so many weeks and months in which one was made."""

    newest: int
    weeks: int = 0
    months: int = 0


def outdated(names: Sequence[str], kept: Kept) -> list[str]:
    """Return the backups that are not kept; the newest always is."""
    latest = sorted(names, reverse=True)
    staying = set(latest[: max(kept.newest, 1)])
    staying |= _first_of_each(latest, kept.weeks, lambda at: at.isocalendar()[:2])
    staying |= _first_of_each(latest, kept.months, lambda at: (at.year, at.month))
    return sorted(set(names) - staying)


def is_made_by(name: str, now: datetime) -> bool:
    """Return whether a backup can have been made by now. One of a day to come was named by a clock that was ahead, and hides none that
    is missing."""
    at = moment_of(name)
    return at is not None and at <= now + TO_COME


def next_run(newest: datetime | None, hour: int | None, now: datetime) -> datetime:
    """Return when the next backup is to be made: a day after the newest, or at this hour, 26 hours after the newest at the latest;
    at once where there is none."""
    if newest is None:
        return now
    if hour is None:
        return max(now, newest + DAY - _SLACK)
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if at + HOUR <= now or newest >= at:
        at += DAY
    return max(now, min(at, newest + _LATE))


def _first_of_each(latest: Sequence[str], most: int, of: Callable[[datetime], tuple[int, int]]) -> set[str]:
    """Return the newest backup of each of the newest `most` periods that have one."""
    first: dict[tuple[int, int], str] = {}
    for name in latest:
        if (at := moment_of(name)) is not None:
            first.setdefault(of(at), name)
    return set(islice(first.values(), most))
