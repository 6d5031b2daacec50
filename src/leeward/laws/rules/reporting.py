"""The deadlines of a duty to report: report by, keep until, destroy after. If the law gives only words, no time is made
up.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Answer = Literal["yes", "no", "unknown"]
ROLES = ("access", "host", "platform", "any_person")
EVERYBODY = "any_person"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The deadlines of one duty; None if the law names no time, or its starting point has not happened."""

    report_by: datetime | None
    keep_until: datetime | None
    destroy_after: datetime | None


@dataclass(frozen=True, slots=True)
class LawTime:
    """A time set by law, in hours (None: only in words), and the provisions that say so."""

    hours: float | None
    text: str
    citations: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Its wording and its provisions in one line."""
        return f"{self.text or f'{self.hours:g} hours'}: {'; '.join(self.citations)}"


def deadlines(
    *,
    known_at: datetime,
    reported_at: datetime | None,
    speed_hours: float | None,
    preservation_days: int | None,
    is_destroyed: bool,
) -> Deadlines:
    """Return the deadlines of a duty; retention counts from the report, and destruction follows if the law says so."""
    until = reported_at + timedelta(days=preservation_days) if reported_at and preservation_days else None
    return Deadlines(
        report_by=None if speed_hours is None else known_at + timedelta(hours=speed_hours),
        keep_until=until,
        destroy_after=until if is_destroyed else None,
    )


def is_bound(role: str, binds: Collection[str]) -> bool:
    """Return whether a duty binds this role; a duty of any person binds everybody."""
    return role in binds or EVERYBODY in binds


def first_word(text: str | None) -> Answer:
    """Return the yes or no with which a recorded answer begins; anything else is unknown."""
    word = (text or "").partition(" ")[0].strip(",.:;").lower()
    return "yes" if word == "yes" else "no" if word == "no" else "unknown"


def shortest(times: Iterable[LawTime]) -> LawTime | None:
    """Return the legal time that runs out first; times in words only come after all times in hours."""
    return min(times, key=lambda time: (time.hours is None, time.hours or 0), default=None)


def longest_keeping(times: Iterable[tuple[int, str, tuple[str, ...]]]) -> tuple[int, str, tuple[str, ...]] | None:
    """Return the longest retention of evidence that anybody has to observe, as (days, from what, citations)."""
    return max(times, key=lambda time: time[0], default=None)
