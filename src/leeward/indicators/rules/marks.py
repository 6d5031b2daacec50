"""What one report, case, request for review or blocked address adds to which series: the one place where a figure is counted. Pure.

A report counts in the month in which it came in, a case in the month in which it was opened (UTC), with where it stands now;
so does a request for review in the month in which it was made, an address in the month in which it was first blocked.
Times are kept as whole hours up to three days, then as whole days, so that a month is few rows and medians can still be told.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from leeward.indicators.rules.stayed import day_of

ALL = "all"
_HOUR = timedelta(hours=1)
_BY_HOURS = 72
_DAY_HOURS = 24
MOST_HOURS = 366 * _DAY_HOURS
MOST_VALUE = 40
# Facts of an illegal case that are counted, with what stands for a fact that nobody stated.
FACTS = {
    "age_band": "undetermined",
    "sex": "undetermined",
    "self_generated": "unknown",
    "medium": "undetermined",
    "commercial": "unknown",
    "site_type": "undetermined",
    "victim": "unknown",
}
# The ends, in hours, of how long it was watched whether something is gone.
WATCHED = {"24": 24, "48": 48, "72": 72, "168": 168}
LONGER = "longer"
WITHDRAWN = "withdrawn"

type Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """What is read of a case to count it; `facts` are those of its last assessment. `watched_until`: until when somebody looked
    whether it was gone, where it isn't. `peer_told_at`, `peer_answered_at`: of another hotline. `hosts`: network and registrar.
    """

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
    watched_until: datetime | None = None
    urgent_since: datetime | None = None
    passed_at: datetime | None = None
    peer_told_at: datetime | None = None
    peer_answered_at: datetime | None = None
    hosts: tuple[str, str] = ("", "")


def marks_of_report(source: str, kind: str, language: str) -> tuple[Mark, ...]:
    """Return where a report counts."""
    return ("report", ALL), ("channel", source), ("kind", kind), ("language", language)


def marks_of_case(case: CaseSeen) -> Counter[Mark]:
    """Return where a case counts, and how often."""
    found = Counter[Mark]([("case", ALL), ("outcome", case.outcome or "open"), _waited(case)])
    found.update(_marks_of_lanes(case))
    if case.reports > 1:
        found["again", ALL] = case.reports - 1
    if case.outcome == "illegal":
        found.update(_marks_of_illegal(case))
    return found


def marks_of_provider(priority: str) -> tuple[Mark, ...]:
    """Return where a report of a provider counts."""
    return ("provider_report", ALL), ("provider_priority", priority or "unknown")


def marks_of_appeal(asked_at: datetime, state: str, decided_at: datetime | None) -> tuple[Mark, ...]:
    """Return where a request for review counts; one that was withdrawn has no answer."""
    answered_at = None if state == WITHDRAWN else decided_at
    return ("appeals", ALL), ("appeal", state), ("appeal_hours", hours_between(asked_at, answered_at))


def marks_of_block(approved_at: datetime, state: str, ended_at: datetime | None) -> tuple[Mark, ...]:
    """Return where a blocked address counts."""
    return ("blocked", ALL), ("block_state", state), ("block_hours", hours_between(approved_at, ended_at))


def marks_of_listed(
    approved_at: datetime, ended_at: datetime | None, now: datetime
) -> Iterator[tuple[datetime, tuple[Mark, ...]]]:
    """Return at which moments a blocked address counts as still there or as taken off: the end of each year until it was taken
    off, and of this one until now. For the desk: the size of a list ties years together.
    """
    for year in range(approved_at.year, (ended_at.year if ended_at else now.year + 1)):
        end = min(datetime(year + 1, 1, 1, tzinfo=approved_at.tzinfo) - timedelta(microseconds=1), now)
        yield end, (("on_list", ALL), ("list_age", hours_between(approved_at, end)))
    if ended_at:
        yield ended_at, (("list_ended", ALL),)


def _marks_of_lanes(case: CaseSeen) -> Iterator[Mark]:
    yield "urgent", "yes" if case.urgent_since else "no"
    if case.urgent_since:
        yield "urgent_hours", hours_between(case.urgent_since, case.passed_at)
    yield "peer", "yes" if case.peer_told_at else "no"
    if case.peer_told_at:
        yield "peer_hours", hours_between(case.peer_told_at, case.peer_answered_at)


def _waited(case: CaseSeen) -> Mark:
    return "first_hours", hours_between(case.received_at, case.first_assessed_at)


def _marks_of_illegal(case: CaseSeen) -> Iterator[Mark]:
    yield "country", case.country or "unknown"
    for series, name in (("host", case.hosts[0]), ("registrar", case.hosts[1])):
        yield series, _short(" ".join(name.split())) or "unknown"  # for the desk
    yield "known", "yes" if case.known else "no"
    for name, unstated in FACTS.items():
        yield name, str(case.facts.get(name) or unstated)[:MOST_VALUE]
    decided = case.decided_at or case.first_assessed_at or case.received_at
    yield "police_hours", hours_between(decided, case.police_told_at)
    yield "host_hours", hours_between(decided, case.host_told_at)
    if case.host_told_at is not None:
        yield "up_hours", hours_between(case.host_told_at, case.removed_at)
        stayed = day_of(hours_between(case.host_told_at, case.removed_at))
        yield "stayed", f"{case.country or 'unknown'}:{stayed}"  # for the desk, beside the law of that time
        if case.removed_at is None:
            yield "up_watched", watched_for(case.host_told_at, case.watched_until)


def _short(name: str) -> str:
    """Return a name as it fits: a longer one cut, with what tells it from others that begin alike."""
    return name if len(name) <= MOST_VALUE else f"{name[: MOST_VALUE - 9]} {sha256(name.encode()).hexdigest()[:8]}"


def watched_for(start: datetime, end: datetime | None) -> str:
    """Return into which of the spans it falls how long something was watched: in a week it reaches the last, and stays there."""
    if end is None:
        return next(iter(WATCHED))
    hours = (end - start) / _HOUR
    return next((name for name, most in WATCHED.items() if hours < most), LONGER)


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
