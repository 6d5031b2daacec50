"""What one report and one case add to which series: the one place where a figure is counted. Pure.

A report counts in the month in which it came in, a case in the month in which it was opened (UTC), with where it stands now.
Times are kept as whole hours up to three days, then as whole days, so that a month is few rows and medians can still be told.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

ALL = "all"
_HOUR = timedelta(hours=1)
_BY_HOURS = 72
_DAY_HOURS = 24
MOST_HOURS = 366 * _DAY_HOURS
# Facts of an illegal case that are counted, with what stands for a fact that nobody stated.
FACTS = {
    "age_band": "undetermined",
    "sex": "undetermined",
    "self_generated": "unknown",
    "medium": "undetermined",
    "commercial": "unknown",
    "site_type": "undetermined",
}

type Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """What is read of a case to count it; `facts` are those of its last assessment."""

    received_at: datetime
    outcome: str
    country: str
    known: bool
    reports: int
    facts: Mapping[str, object]
    first_assessed_at: datetime | None = None
    decided_at: datetime | None = None
    police_told_at: datetime | None = None
    host_told_at: datetime | None = None
    removed_at: datetime | None = None


def marks_of_report(source: str, kind: str, language: str) -> tuple[Mark, ...]:
    """Return where a report counts."""
    return ("report", ALL), ("channel", source), ("kind", kind), ("language", language)


def marks_of_case(case: CaseSeen) -> Counter[Mark]:
    """Return where a case counts, and how often."""
    found = Counter[Mark]([("case", ALL), ("outcome", case.outcome or "open"), _waited(case)])
    if case.reports > 1:
        found["again", ALL] = case.reports - 1
    if case.outcome == "illegal":
        found.update(_marks_of_illegal(case))
    return found


def _waited(case: CaseSeen) -> Mark:
    return "first_hours", hours_between(case.received_at, case.first_assessed_at)


def _marks_of_illegal(case: CaseSeen) -> Iterator[Mark]:
    yield "country", case.country or "unknown"
    yield "known", "yes" if case.known else "no"
    for name, unstated in FACTS.items():
        yield name, str(case.facts.get(name) or unstated)[:40]
    decided = case.decided_at or case.first_assessed_at or case.received_at
    yield "police_hours", hours_between(decided, case.police_told_at)
    yield "host_hours", hours_between(decided, case.host_told_at)
    if case.host_told_at is not None:
        yield "up_hours", hours_between(case.host_told_at, case.removed_at)


def hours_between(start: datetime, end: datetime | None) -> str:
    """Return the whole hours between two moments as a series keeps them: whole days above three; "never" where there is no end.

    What was done before it was due to begin took no time.
    """
    if end is None:
        return "never"
    hours = max(0, (end - start) // _HOUR)
    if hours > _BY_HOURS:
        hours = min(hours - hours % _DAY_HOURS, MOST_HOURS)
    return str(hours)
