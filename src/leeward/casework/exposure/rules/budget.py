"""How much one person may view in a day, and when they must rest. Pure: takes the day so far, the limits and the time."""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Literal

NEAR = 0.8
_TOPS = ("desk_minutes", "previews", "stretch_minutes", "last_hour")
_FLOORS = ("break_minutes", "clear_weight", "heavy_weight", "heaviest_weight")
Why = Literal["off", "evening", "hours", "previews", "rest"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a hotline; the defaults are the recommended ones. From the hour `last_hour` (local time) on nothing
    new is shown; 24 means no such limit.

    A blurred view counts as one of `previews`, a whole clear one as `clear_weight`; category B material counts
    `heavy_weight` times as much, category A or material with an infant `heaviest_weight` times.
    """

    desk_minutes: int = 300
    previews: int = 200
    stretch_minutes: int = 50
    break_minutes: int = 10
    last_hour: int = 16
    clear_weight: int = 3
    heavy_weight: int = 2
    heaviest_weight: int = 3


RECOMMENDED = Limits()
LEAST = Limits(30, 10, 10, 5, 8, 1, 1, 1)
MOST = Limits(480, 500, 90, 60, 24, 10, 10, 10)


@dataclass(frozen=True, slots=True)
class Day:
    """One person's day so far: what was viewed (by weight), the time in earlier stretches, the current stretch, and
    whether they said “not today”.
    """

    spent: int = 0
    worked: timedelta = timedelta()
    stretch_from: datetime | None = None
    last_at: datetime | None = None
    is_off: bool = False

    @property
    def stretch(self) -> timedelta:
        """Return the length of the current stretch."""
        return self.last_at - self.stretch_from if self.stretch_from and self.last_at else timedelta()

    @property
    def at_desk(self) -> timedelta:
        """Return the total time with material today."""
        return self.worked + self.stretch


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nothing new is shown now; `until` is set if that ends by itself today."""

    why: Why
    until: datetime | None = None


def weight_of(limits: Limits, *, blurred: bool, part: int = 100, category: str = "", infant: bool = False) -> int:
    """Return the weight of one view: a clear one weighs more than a blurred one, a clear half lies in between, and
    heavier material weighs more.
    """
    clear = 1 if blurred or part <= 25 else limits.clear_weight if part > 50 else (limits.clear_weight + 1) // 2
    if infant or category == "A":
        return clear * limits.heaviest_weight
    return clear * limits.heavy_weight if category == "B" else clear


def has_room(day: Day, weight: int, limits: Limits) -> bool:
    """Return whether one more view of this weight fits into the day's previews."""
    return day.spent + weight <= limits.previews


def after_work(day: Day, now: datetime, limits: Limits) -> Day:
    """Return the day after one more act with material. While a rest is due, finishing open work doesn't postpone it."""
    if day.last_at is None or day.stretch_from is None:
        return replace(day, stretch_from=now, last_at=now)
    if now - day.last_at >= timedelta(minutes=limits.break_minutes):
        return replace(day, worked=day.at_desk, stretch_from=now, last_at=now)
    if rest_until(day, now, limits):
        return day
    return replace(day, last_at=max(now, day.last_at))


def rest_until(day: Day, now: datetime, limits: Limits) -> datetime | None:
    """Return when the current rest is over; None if none is due."""
    if day.last_at is None or day.stretch < timedelta(minutes=limits.stretch_minutes):
        return None
    over = day.last_at + timedelta(minutes=limits.break_minutes)
    return over if now < over else None


def stop_of(day: Day, now: datetime, limits: Limits) -> Stop | None:
    """Return what forbids anything new now, the longest-lasting reason first; `now` is local time."""
    if day.is_off:
        return Stop("off")
    if now.hour >= limits.last_hour:
        return Stop("evening")
    if day.at_desk >= timedelta(minutes=limits.desk_minutes):
        return Stop("hours")
    if day.spent >= limits.previews:
        return Stop("previews")
    rest = rest_until(day, now, limits)
    return Stop("rest", rest) if rest else None


def stop_before_new(day: Day, now: datetime, limits: Limits) -> Stop | None:
    """Return what forbids taking another case: whatever forbids anything new, or a stretch whose time is up although
    the last act was before that. Otherwise the person would hold a case that they can't view before their rest is over.
    """
    stop = stop_of(day, now, limits)
    if stop or day.last_at is None or day.stretch_from is None:
        return stop
    rested = day.last_at + timedelta(minutes=limits.break_minutes)
    is_over = now - day.stretch_from >= timedelta(minutes=limits.stretch_minutes)
    return Stop("rest", rested) if is_over and now < rested else None


def nearing(day: Day, now: datetime, limits: Limits) -> tuple[Why, ...]:
    """Return the limits that are close enough for a warning."""
    found: list[Why] = []
    if day.at_desk >= NEAR * timedelta(minutes=limits.desk_minutes):
        found.append("hours")
    if day.spent >= NEAR * limits.previews:
        found.append("previews")
    is_rested = day.last_at is None or now - day.last_at >= timedelta(minutes=limits.break_minutes)
    if not is_rested and day.stretch >= NEAR * timedelta(minutes=limits.stretch_minutes):
        found.append("rest")
    if limits.last_hour < 24 and now.hour == limits.last_hour - 1 and now.minute >= 30:
        found.append("evening")
    return tuple(found)


def share_used(day: Day, limits: Limits) -> float:
    """Return how much of the day's budget is used: the larger of the shares of time and of previews."""
    return max(day.at_desk / timedelta(minutes=limits.desk_minutes), day.spent / limits.previews)


def out_of_range(limits: Limits) -> tuple[str, ...]:
    """Return the limits outside the permitted range."""
    return tuple(
        part.name
        for part in fields(Limits)
        if not getattr(LEAST, part.name) <= getattr(limits, part.name) <= getattr(MOST, part.name)
    )


def clash_of(limits: Limits) -> str:
    """Return the limit that contradicts another one; empty if all are consistent."""
    if limits.heaviest_weight < limits.heavy_weight:
        return "heaviest_weight"
    return "previews" if limits.previews < limits.clear_weight * limits.heaviest_weight else ""


def beyond_recommended(limits: Limits) -> tuple[str, ...]:
    """Return the limits that ask more of people than recommended."""
    return _harder(limits, RECOMMENDED)


def widened(limits: Limits, before: Limits) -> tuple[str, ...]:
    """Return the limits that ask more of people than recommended and than before: setting them takes an administrator
    and a reason. A limit widened earlier may stay while another is made stricter.
    """
    return tuple(name for name in _harder(limits, RECOMMENDED) if name in _harder(limits, before))


def without_widening(before: Limits) -> tuple[Limits, Limits]:
    """Return the lowest and highest limits for somebody who may not widen them: up to the recommended value, or one
    that was widened earlier.
    """
    top = {name: max(getattr(RECOMMENDED, name), getattr(before, name)) for name in _TOPS}
    floor = {name: min(getattr(RECOMMENDED, name), getattr(before, name)) for name in _FLOORS}
    return replace(LEAST, **floor), replace(MOST, **top)


def _harder(limits: Limits, than: Limits) -> tuple[str, ...]:
    more = [name for name in _TOPS if getattr(limits, name) > getattr(than, name)]
    return tuple(more + [name for name in _FLOORS if getattr(limits, name) < getattr(than, name)])
