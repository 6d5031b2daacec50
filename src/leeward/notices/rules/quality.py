"""How well a contact answers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

Standing = Literal["bad", "new", "wrong", "silent", "slow", "good"]
STANDINGS: tuple[Standing, ...] = ("good", "slow", "silent", "wrong", "bad", "new")
NEW_BELOW = 3
ACTED = frozenset({"removed", "suspended"})  # a registrar or a registry can do no more
SILENT_BELOW = 0.2
SLOW_MINUTES = 72 * 60


@dataclass(frozen=True, slots=True)
class SentNotice:
    """One thing that a contact was told: when, the answer ("none" if there was none), and when it came; `is_verified`: we have seen
    that it is so."""

    sent_at: datetime
    answer: str
    answered_at: datetime | None
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """Counts over a contact's most recent notices; `due` are those that were answered or are past the deadline; the
    median is of those that were answered. `removed` counts who says so, `verified` those of them that were seen to be so."""

    asked: int = 0
    due: int = 0
    answered: int = 0
    removed: int = 0
    verified: int = 0
    wrong: int = 0
    median_minutes: int | None = None


def measure(rows: Iterable[SentNotice], *, time_to_answer: timedelta, now: datetime) -> Measure:
    """Count what a contact was told and answered."""
    known = list(rows)
    minutes = [max((row.answered_at - row.sent_at).total_seconds(), 0) / 60 for row in known if row.answered_at]
    return Measure(
        asked=len(known),
        due=sum(row.answered_at is not None or row.sent_at + time_to_answer <= now for row in known),
        answered=len(minutes),
        removed=sum(row.answer in ACTED for row in known),
        verified=sum(row.answer in ACTED and row.is_verified for row in known),
        wrong=sum(row.answer == "wrong_contact" for row in known),
        median_minutes=round(median(minutes)) if minutes else None,
    )


def next_due(rows: Iterable[SentNotice], *, time_to_answer: timedelta, now: datetime) -> datetime | None:
    """Return when the next deadline among the unanswered ones passes, or None if there are none."""
    ends = (row.sent_at + time_to_answer for row in rows if row.answered_at is None)
    return min((end for end in ends if end > now), default=None)


def standing(measured: Measure, *, is_bad: bool) -> Standing:
    """Return one word for a contact: whether it is worth writing to, and what to expect. Notices still within their
    deadline don't count."""
    if is_bad:
        return "bad"
    if measured.due < NEW_BELOW:
        return "new"
    if measured.wrong * 2 >= measured.due:
        return "wrong"
    if measured.answered < SILENT_BELOW * measured.due:
        return "silent"
    return "slow" if (measured.median_minutes or 0) > SLOW_MINUTES else "good"
