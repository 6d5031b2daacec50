"""When things are due: first look, police told, host told, removed, appeal answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leeward.people.rules.working_time import add_working_days, is_working_day

MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Calendar:
    """On which days a portal's people work (Monday is 1), in its own time zone."""

    zone: str = "UTC"
    working_days: Collection[int] = (1, 2, 3, 4, 5)
    holidays: Collection[date] = ()

    def is_open(self, day: date) -> bool:
        """Whether people work on `day`."""
        return is_working_day(day, working_days=self.working_days, holidays=self.holidays)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long something may take: hours of every day, or only hours of working days, or whole working days."""

    hours: float = 0
    working_days_only: bool = False
    working_days: int = 0


FIRST_LOOK = ClockRule(hours=24, working_days_only=True)
URGENT_LOOK = ClockRule(hours=1)
POLICE_TOLD = ClockRule(hours=24)
REMOVED = ClockRule(hours=24)
APPEAL_ANSWERED = ClockRule(working_days=5)


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a case that its clocks look at; None for what has not happened."""

    received_at: datetime
    first_looked_at: datetime | None = None
    decided_at: datetime | None = None
    police_told_at: datetime | None = None
    host_told_at: datetime | None = None
    removed_at: datetime | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: what it measures, when it is due (None: it has not started), and when it was met (None: not yet).

    `law` says which law sets its time, with the provisions.
    """

    name: str
    due_at: datetime | None
    met_at: datetime | None
    waits_for: str = ""
    law: str = ""


def due_at(start: datetime, rule: ClockRule, calendar: Calendar) -> datetime:
    """When something that starts at `start` is due."""
    if rule.working_days:
        days, free = calendar.working_days, calendar.holidays
        return add_working_days(start, rule.working_days, zone=calendar.zone, working_days=days, holidays=free)
    if not rule.working_days_only:
        return start + timedelta(hours=rule.hours)
    return _after_open_hours(start, timedelta(hours=rule.hours), calendar)


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


def police_told_rule(law_hours: float | None) -> ClockRule:
    """How soon the police must know of what was decided: as the law says where it names a time, else within a day."""
    return POLICE_TOLD if law_hours is None else ClockRule(hours=law_hours)


def first_look_due(received_at: datetime, *, urgent: bool, calendar: Calendar) -> datetime:
    """When somebody must have looked at a case: an urgent one within the hour, day and night."""
    return due_at(received_at, URGENT_LOOK if urgent else FIRST_LOOK, calendar)


def clocks_of(
    times: Times,
    *,
    urgent: bool,
    tells_host: bool,
    police_wait: timedelta,
    calendar: Calendar,
    law_hours: float | None = None,
    law: str = "",
) -> list[Clock]:
    """The clocks of a case in the order in which they run; the host's is left out where no host is told.

    `law_hours` is the time in which the portal's law wants the police to know, and `law` its words and provisions.
    """
    first = Clock(
        "first_look", first_look_due(times.received_at, urgent=urgent, calendar=calendar), times.first_looked_at
    )
    police = Clock(
        "police_told",
        due_at(times.decided_at, police_told_rule(law_hours), calendar) if times.decided_at else None,
        times.police_told_at,
        "" if times.decided_at else "decision",
        law,
    )
    host_due = times.police_told_at + police_wait if times.police_told_at else None
    if times.held_until and (host_due is None or times.held_until > host_due):
        host_due = times.held_until
    host = Clock("host_told", host_due, times.host_told_at, "" if host_due else "police")
    asked_at = times.host_told_at or (None if tells_host else times.police_told_at)
    removed = Clock(
        "removed",
        due_at(asked_at, REMOVED, calendar) if asked_at else None,
        times.removed_at,
        "" if asked_at else "asking",
    )
    return [first, police, *([host] if tells_host else []), removed]
