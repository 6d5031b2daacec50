"""When something is due, in hours of every day, hours of working days, or whole working days, and how a pause moves it.
Pure.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from leeward.people.rules.working_time import add_working_days, is_working_day

MOST_DAYS = 3660
UNITS = ("hours", "open_hours", "working_days")
PAUSES = ("police_hold", "appeal")
ACTS = ("remind", "reassign", "page")
# However short a clock is, no step is taken for this long after its start.
GRACE = timedelta(minutes=15)
Unit = Literal["hours", "open_hours", "working_days"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which a portal's people work (Monday is 1), in its own time zone."""

    zone: str = "UTC"
    working_days: Collection[int] = (1, 2, 3, 4, 5)
    holidays: Collection[date] = ()

    def is_open(self, day: date) -> bool:
        """Return whether people work on `day`."""
        return is_working_day(day, working_days=self.working_days, holidays=self.holidays)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of escalation: what is done, and how many hours before the due time (negative: after)."""

    act: str
    hours_before: float


@dataclass(frozen=True, slots=True)
class Rule:
    """How long something may take, what pauses the clock, and what is done before and after the due time."""

    amount: float
    unit: str = "hours"
    pauses: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def hours_at_least(self) -> float:
        """Return the shortest time that this rule can allow, in hours."""
        return max(self.amount - 1, 0) * 24 if self.unit == "working_days" else self.amount


@dataclass(frozen=True, slots=True)
class Pause:
    """A period in which a clock was paused."""

    since: datetime
    until: datetime


def due_at(start: datetime, rule: Rule, calendar: Calendar, pauses: Iterable[Pause] = ()) -> datetime:
    """Return when something that starts at `start` is due, after these pauses in order."""
    due = _due(start, rule, calendar)
    for pause in pauses:
        due = _shifted(due, pause, rule, calendar)
    return due


def _due(start: datetime, rule: Rule, calendar: Calendar) -> datetime:
    if rule.unit == "working_days":
        return _after_working_days(start, max(int(rule.amount), 1), calendar)
    if rule.unit == "open_hours":
        return _after_open_hours(start, timedelta(hours=rule.amount), calendar)
    return start + timedelta(hours=rule.amount)


def _shifted(due: datetime, pause: Pause, rule: Rule, calendar: Calendar) -> datetime:
    """Return the due time after a pause: the time left at its start is left at its end; a clock that had run out is
    unchanged.
    """
    if due <= pause.since or pause.until <= pause.since:
        return due
    if rule.unit == "hours":
        return due + (pause.until - pause.since)
    if rule.unit == "open_hours":
        return _after_open_hours(pause.until, open_time(pause.since, due, calendar), calendar)
    zone = ZoneInfo(calendar.zone)
    day, last = pause.since.astimezone(zone).date(), due.astimezone(zone).date()
    left = 0
    while day < last:
        day += timedelta(days=1)
        left += calendar.is_open(day)
    return max(due, _after_working_days(pause.until, max(left, 1), calendar))


def _after_working_days(start: datetime, days: int, calendar: Calendar) -> datetime:
    free = calendar.holidays
    return add_working_days(start, days, zone=calendar.zone, working_days=calendar.working_days, holidays=free)


def _after_open_hours(start: datetime, left: timedelta, calendar: Calendar) -> datetime:
    """Return `start` plus `left`, counting only the hours of working days."""
    zone = ZoneInfo(calendar.zone)
    at = start
    for _ in range(MOST_DAYS):
        day = at.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(start.tzinfo)
        if calendar.is_open(day):
            if at + left <= midnight:
                return at + left
            left -= midnight - at
        at = midnight
    return at


def open_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Return how much of the time between two moments lies on working days."""
    zone = ZoneInfo(calendar.zone)
    found, at = timedelta(), start
    for _ in range(MOST_DAYS):
        if at >= end:
            break
        day = at.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(start.tzinfo)
        until = min(midnight, end)
        if calendar.is_open(day):
            found += until - at
        at = until
    return found


def steps_at(rule: Rule, *, start: datetime, due: datetime) -> list[tuple[datetime, str]]:
    """Return when each step of escalation is due, earliest first, and none before GRACE is over."""
    found = [(max(due - timedelta(hours=step.hours_before), start + GRACE), step.act) for step in rule.steps]
    return sorted(found, key=lambda pair: (pair[0], ACTS.index(pair[1])))


def next_step_at(rule: Rule, *, start: datetime, due: datetime, done: Collection[str]) -> datetime | None:
    """Return when the first step not yet taken is due; None if none is left."""
    return next((at for at, act in steps_at(rule, start=start, due=due) if act not in done), None)


def steps_due(rule: Rule, *, start: datetime, due: datetime, done: Collection[str], now: datetime) -> list[str]:
    """Return the steps to be taken now, in order."""
    return [act for at, act in steps_at(rule, start=start, due=due) if at <= now and act not in done]
