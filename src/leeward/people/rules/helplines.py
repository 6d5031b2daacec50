"""Helplines: who each is for, when it answers, when its confirmation is too old, and which is shown first. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from leeward.foundation.patterns import Pattern

CHILD, ADULT, OWN = "child", "adult", "own"
WHOM = (CHILD, ADULT, OWN)
CHARGES = ("", "free", "charged")
ACCESS = ("sign", "relay")
ALWAYS = "24/7"
GOOD_FOR = timedelta(days=365)
# What is said of a helpline, wherever it comes from: a form, the settings file, the shipped table.
FIELDS = (
    "whom", "name", "names", "number", "text_number", "whatsapp", "chat_url", "url", "hours", "zone", "charge", "languages",
    "access", "source",
)  # fmt: skip
_SPAN = Pattern(r"([1-7])(?:-([1-7]))? ([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
_DIALLED = Pattern(r"[+(*#]?[0-9][0-9 ().*#-]{1,38}")


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another (1 is Monday), each day from `start` to `end`; until the next day if `end` is not later."""

    first: int
    last: int
    start: time
    end: time

    def has(self, day: int) -> bool:
        """Return whether the span begins on this day; Friday to Monday is a span too."""
        return self.first <= day <= self.last if self.first <= self.last else day >= self.first or day <= self.last


def read_hours(text: str) -> tuple[Span, ...]:
    """Return the spans that are written as "1-5 08:30-16:30; 6 09:00-12:00"; none if the hours are not known or
    `ALWAYS`. Raises ValueError for anything else.
    """
    if text in ("", ALWAYS):
        return ()
    return tuple(_read_span(part.strip()) for part in text.split(";"))


def _read_span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    first, last, *clock = match.groups()
    hour, minute, until_hour, until_minute = map(int, clock)
    until = time() if (until_hour, until_minute) == (24, 0) else time(until_hour, until_minute)
    return Span(int(first), int(last or first), time(hour, minute), until)


def is_open(hours: str, now: datetime) -> bool | None:
    """Return whether somebody answers now, or None if the hours are not known. `now` is the helpline's own local time."""
    if not hours:
        return None
    if hours == ALWAYS:
        return True
    return any(_covers(span, now) for span in read_hours(hours))


def _covers(span: Span, now: datetime) -> bool:
    day, at = now.isoweekday(), now.time()
    if span.start < span.end:
        return span.has(day) and span.start <= at < span.end
    day_before = (day + 5) % 7 + 1
    return (span.has(day) and at >= span.start) or (span.has(day_before) and at < span.end)


def can_be_dialled(number: str) -> bool:
    """Return whether this can be a telephone number or short code."""
    return _DIALLED.fullmatch(number) is not None


def is_due(confirmed_at: datetime | None, now: datetime) -> bool:
    """Return whether somebody has to confirm a helpline again: nobody did, or a year ago or more."""
    return confirmed_at is None or now - confirmed_at >= GOOD_FOR


class Line(Protocol):
    """What the choice between helplines depends on."""

    @property
    def whom(self) -> str: ...

    @property
    def open_now(self) -> bool | None: ...


def in_order[L: Line](lines: Iterable[L], whom: Sequence[str]) -> list[L]:
    """Return the helplines for these people, in the order of `whom`; for each, those that answer now first and those that are
    closed now last."""
    rank = {True: 0, None: 1, False: 2}
    wanted = [line for line in lines if line.whom in whom]
    return sorted(wanted, key=lambda line: (whom.index(line.whom), rank[line.open_now]))
