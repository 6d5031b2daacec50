"""What one more check means for a location, and when to check next. Pure: times are arguments."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

State = Literal["up", "missing", "removed", "unreachable", "off"]
Outcome = Literal["same", "changed", "gone", "unreachable"]
News = Literal["", "removed", "returned", "unreachable"]

STATES: tuple[State, ...] = ("up", "missing", "removed", "unreachable", "off")
OUTCOMES: tuple[Outcome, ...] = ("same", "changed", "gone", "unreachable")


@dataclass(frozen=True, slots=True)
class Limits:
    """How often to check, and how many checks settle a change: the settings, already scaled by the pace."""

    misses: int
    miss_gap: timedelta
    often: timedelta
    often_for: timedelta
    seldom: timedelta
    unreachable_for: timedelta
    removed_for: timedelta
    rarely: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a watched location. `since` is when its present schedule began (with the watch, or the last change
    of state)."""

    state: State
    since: datetime
    misses: int = 0
    last_good_at: datetime | None = None
    first_miss_at: datetime | None = None
    last_miss_at: datetime | None = None
    removed_at: datetime | None = None
    unreachable_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: its result, when, and whether the control address answered (tested only for a miss)."""

    outcome: Outcome
    at: datetime
    control_answers: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """The standing after a check, whether the check counted, and what is new."""

    standing: Standing
    counted: bool
    news: News = ""


def judge(standing: Standing, check: CheckResult, limits: Limits) -> Verdict:
    """Return the verdict of a check on a standing. A check of a location that is no longer watched changes nothing."""
    if standing.state == "off":
        return Verdict(standing, counted=False)
    if check.outcome == "same":
        return _found(standing, check)
    if not check.control_answers:
        return Verdict(standing, counted=False)
    if check.outcome == "unreachable":
        return _unreachable(standing, check, limits)
    return _missed(standing, check, limits)


def _found(standing: Standing, check: CheckResult) -> Verdict:
    back = standing.state == "removed"
    good = Standing(state="up", since=check.at if back else standing.since, last_good_at=check.at)
    return Verdict(good, counted=True, news="returned" if back else "")


def _missed(standing: Standing, check: CheckResult, limits: Limits) -> Verdict:
    if standing.state == "removed":
        return Verdict(standing, counted=True)
    # A miss of a time to come was dated by a clock that was ahead.
    last, first = standing.last_miss_at, min(standing.first_miss_at or check.at, check.at)
    if last is not None and timedelta(0) <= check.at - last < limits.miss_gap:
        return Verdict(standing, counted=False)
    missed = replace(
        standing,
        state="missing",
        misses=standing.misses + 1,
        first_miss_at=first,
        last_miss_at=check.at,
        unreachable_since=None,
    )
    if missed.misses < limits.misses:
        return Verdict(missed, counted=True)
    return Verdict(replace(missed, state="removed", removed_at=first, since=check.at), counted=True, news="removed")


def _unreachable(standing: Standing, check: CheckResult, limits: Limits) -> Verdict:
    """Handle a time-out, which says nothing about the content: it interrupts a series of misses, and after a long time
    we stop checking."""
    if standing.state == "removed":
        return Verdict(standing, counted=True)
    since = standing.unreachable_since or check.at
    unknown = replace(
        standing,
        state="unreachable",
        misses=0,
        first_miss_at=None,
        last_miss_at=None,
        unreachable_since=since,
    )
    if check.at - since >= limits.unreachable_for:
        return Verdict(replace(unknown, state="off"), counted=True, news="unreachable")
    return Verdict(unknown, counted=True, news="unreachable" if standing.state != "unreachable" else "")


def next_check_at(standing: Standing, now: datetime, limits: Limits, *, counted: bool = True) -> datetime | None:
    """Return when to check again: soon after a miss or when our own connection was down, otherwise often at first and
    rarely later."""
    if standing.state == "off":
        return None
    if standing.state == "missing" or not counted:
        return now + limits.miss_gap
    age = now - standing.since
    if age < limits.often_for:
        return now + limits.often
    if standing.state == "removed" and age >= limits.removed_for:
        return now + limits.rarely
    return now + limits.seldom
