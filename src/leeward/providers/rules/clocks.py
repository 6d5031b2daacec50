"""What the law of a place makes of one line: whether it binds, by when it was to be reported, how long it is kept. Pure.

The law comes from `laws` as it is recorded. Nobody is accused: where the law gives no hours there is no clock, and what was late by
the recorded times is said with both times, and no more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

Clock = Literal["met", "later", "words", "none"]
"""Within the law's time; later than it; the law has words and no time; nothing is recorded."""
REMIND_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """One duty as it stands for a line."""

    country: str
    who: str
    applies: Literal["yes", "unknown"]
    to: str
    trigger: str
    speed_words: str
    report_by: datetime | None
    clock: Clock
    keep_until: datetime | None
    is_destroyed: bool
    secrecy: str
    immunity: str
    counts_abroad: Literal["yes", "no", "unknown"]
    counts_words: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a country's law binds a provider, and its duties. `none` is what the law says where it was read and has none."""

    country: str
    name: str
    bound: Literal["yes", "no", "unknown"]
    duties: tuple[DutyStanding, ...]
    none: str
    is_reviewed: bool
    version: str


def standing_of(found: Mapping[str, Any], *, known_at: datetime, reported_at: datetime) -> Standing:
    """Return how a line stands in one country, from what `laws` says is due (`duties_due`, with `secrecy` and `immunity`)."""
    duties = tuple(_duty(one, found["jurisdiction"], reported_at) for one in found["duties"])
    bound: Literal["yes", "no", "unknown"] = "unknown"
    if any(one.applies == "yes" for one in duties):
        bound = "yes"
    elif not duties and found["no_duty"]:
        bound = "no"
    return Standing(
        found["jurisdiction"], found["name"], bound, duties, found["no_duty"] or "", bool(found["reviewed"]), str(found["law_version"])
    )  # fmt: skip


def _duty(one: Mapping[str, Any], country: str, reported_at: datetime) -> DutyStanding:
    return DutyStanding(
        country=country,
        who=one["who"],
        applies=one["applies"],
        to=one["to"] or "",
        trigger=one["trigger_words"] or one["trigger"] or "",
        speed_words=one["speed_words"] or "",
        report_by=one["report_by"],
        clock=clock_of(one["report_by"], one["speed_words"], reported_at),
        keep_until=one["keep_until"],
        is_destroyed=one["destroy_after"] is not None,
        secrecy=one.get("secrecy") or "",
        immunity=one.get("immunity") or "",
        counts_abroad=one["foreign_report"],
        counts_words=one["foreign_report_words"] or "",
        citations=tuple(one["citations"]),
    )


def clock_of(report_by: datetime | None, speed_words: str | None, reported_at: datetime) -> Clock:
    """Return how a report stands to the time that the law gives."""
    if report_by is None:
        return "words" if speed_words else "none"
    return "met" if reported_at <= report_by else "later"


def kept_until(standings: Iterable[Standing]) -> tuple[datetime | None, bool]:
    """Return until when a line's evidence is kept, the longest that any duty says, and whether it is destroyed then."""
    times = [(one.keep_until, one.is_destroyed) for each in standings for one in each.duties if one.keep_until]
    return max(times, default=(None, False), key=lambda one: one[0])


Step = Literal["kept", "soon", "over", "held", "destroyed", "not_recorded"]


def step_of(*, keep_until: datetime | None, held_until: datetime | None, is_destroyed: bool, now: datetime) -> Step:
    """Return where the preservation of a line stands. A legal hold goes before its end."""
    if is_destroyed:
        return "destroyed"
    if held_until is not None and held_until > now:
        return "held"
    if keep_until is None:
        return "not_recorded"
    if keep_until <= now:
        return "over"
    return "soon" if keep_until - now <= REMIND_BEFORE else "kept"


def next_reminder(*, keep_until: datetime | None, held_until: datetime | None, after: datetime) -> datetime | None:
    """Return when a provider is next written to about the evidence of a line: a week before it may go, and when it may; None after
    that, and where no time is on record. A legal hold puts both off."""
    if keep_until is None:
        return None
    end = keep_until if held_until is None else max(keep_until, held_until)
    return next((at for at in (end - REMIND_BEFORE, end) if at > after), None)


def countries_of(provider: Sequence[str], own: str) -> tuple[str, ...]:
    """Return whose law is asked for a provider's lines: the portal's first, then those in which it works."""
    return tuple(dict.fromkeys([own, *provider]))
