"""The cells of a year: what the tallies add up to, which cells add up to which, and medians. Pure.

`TABLES` is the closed list of what is published for a portal and a year. Whatever is published comes out of these cells and of
nothing else, so that hiding some of them can be checked against everything at once. A cell is shown, hidden, or, where a portal chose
so, rounded to a multiple of 5 (`rounded.py`) instead of hidden.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from leeward.indicators.rules.marks import ALL, LONGER, WATCHED

# The ends of what is told about times, in hours; "never": not until now.
_EVER = 10**9
BUCKETS = {**WATCHED, LONGER: _EVER}
URGENT = {"1": 1, "4": 4, "24": 24, LONGER: _EVER}
LISTED = {"168": 168, "720": 720, "2160": 2160, LONGER: _EVER}  # a week, 30 days, 90 days
_NEVER = "never"
UNKNOWN_LAW = "unknown"
FEWEST_FOR_MEDIAN = 10
FEWEST = 5  # smaller numbers are hidden

type Cells = Mapping[str, int | None]
type BandOf = Callable[[str], str]
type Tallies = Mapping[tuple[int, str, str], int]  # month, series, value


@dataclass(frozen=True, slots=True)
class Table:
    """Cells that add up to a cell: those of a series, its months, or what its hours fall into (`ends`), also beside the law of the
    country (`by` "law")."""

    name: str
    whole: str
    series: str
    by: str = "value"
    ends: Mapping[str, int] = field(default_factory=lambda: BUCKETS)

    def parts(self, cells: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names of its parts among the cells."""
        begins = f"{self.name}:"
        return tuple(name for name in cells if name.startswith(begins))

    def is_missing(self, cells: Cells) -> bool:
        """Return whether the cells are from before this table was added: not one part of a whole that isn’t 0."""
        whole = cells.get(self.whole, None if self.whole in LATER else 0)
        return whole != 0 and not self.parts(cells)


TABLES = (
    Table("reports_by_month", "reports", "report", "month"),
    Table("channel", "reports", "channel"),
    Table("kind", "reports", "kind"),
    Table("language", "reports", "language"),
    Table("cases_by_month", "cases", "case", "month"),
    Table("outcome", "cases", "outcome"),
    Table("first_hours", "cases", "first_hours", "hours"),
    Table("country", "outcome:illegal", "country"),
    Table("known", "outcome:illegal", "known"),
    Table("age_band", "outcome:illegal", "age_band"),
    Table("sex", "outcome:illegal", "sex"),
    Table("self_generated", "outcome:illegal", "self_generated"),
    Table("medium", "outcome:illegal", "medium"),
    Table("commercial", "outcome:illegal", "commercial"),
    Table("site_type", "outcome:illegal", "site_type"),
    Table("police_hours", "outcome:illegal", "police_hours", "hours"),
    Table("host_hours", "outcome:illegal", "host_hours", "hours"),
    Table("up_hours", "hosts_told", "up_hours", "hours"),
    Table("law_hours", "hosts_told", "stayed", "law"),
    Table("up_watched", "up_hours:never", "up_watched", "span"),
    Table("victim", "outcome:illegal", "victim"),
    Table("urgent", "cases", "urgent"),
    Table("urgent_hours", "urgent:yes", "urgent_hours", "hours", URGENT),
    Table("peer", "cases", "peer"),
    Table("peer_hours", "peer:yes", "peer_hours", "hours"),
    Table("appeal", "appeals", "appeal"),
    Table("appeal_hours", "appeals", "appeal_hours", "hours"),
    Table("provider_priority", "provider_reports", "provider_priority"),
    Table("block_state", "blocked", "block_state"),
    Table("block_hours", "blocked", "block_hours", "hours", LISTED),
)
# What is for the desk only: a host knows its own number, and the size of a list ties years together.
INSIDE = (
    Table("host", "outcome:illegal", "host"),
    Table("registrar", "outcome:illegal", "registrar"),
    Table("list_age", "on_list", "list_age", "hours", LISTED),
)
INSIDE_WHOLES = ("on_list", "list_ended")
OF_LISTS = frozenset({*INSIDE_WHOLES, "list_age"})  # what a year can have in which nothing came in
# What adds up over all years and portals as well, though not always in each: a further report can be about a case of another.
TOTAL, TOTAL_PARTS = "reports", ("cases", "again")
_WHOLES = {
    "reports": ("report", ALL),
    "cases": ("case", ALL),
    "appeals": ("appeals", ALL),
    "provider_reports": ("provider_report", ALL),
    "blocked": ("blocked", ALL),
}
# What is the same in two tables, or mostly: what has no answer is open or withdrawn, what was not taken off a list is on it; a report
# is the first of its case or a further one, a provider's comes in by its channel, and what nobody assessed is open.
SAME = {
    TOTAL: TOTAL_PARTS,
    "provider_reports": ("channel:provider",),
    "first_hours:never": ("outcome:open",),
    "appeal_hours:never": ("appeal:open", "appeal:withdrawn"),
    "block_hours:never": ("block_state:approved", "block_state:suspended"),
}
_PARTS = ("outcome:illegal", "hosts_told", "urgent:yes", "peer:yes")  # of which there are further parts
# Cells that editions from before these tables don't have: what rests on them is not 0 there, but unknown.
LATER = frozenset({"appeals", "provider_reports", "blocked", "urgent:yes", "peer:yes"})
ALONE = {"again": ("again", ALL)}  # cells that are part of no sum
HOURS = tuple(table.series for table in TABLES if table.by == "hours")


def cells_of(tallies: Tallies, band_of: BandOf = lambda _country: UNKNOWN_LAW) -> dict[str, int]:
    """Return the cells of a year. A value that never came up has no cell, but a whole is there even when it is 0.

    `band_of` says how many criteria the law of a country met in that year.
    """
    found = Counter[str](dict.fromkeys((*_WHOLES, *ALONE, *_PARTS), 0))
    for (month, series, value), number in tallies.items():
        for name, mark in (*_WHOLES.items(), *ALONE.items()):
            if (series, value) == mark:
                found[name] += number
        if series == "up_hours":
            found["hosts_told"] += number
        for table in TABLES:
            if table.series == series:
                found[f"{table.name}:{_part(table, month, value, band_of)}"] += number
    return dict(found)


def inside_of(tallies: Tallies) -> dict[str, int]:
    """Return the cells of a year that are for the desk only."""
    found = Counter[str](dict.fromkeys(INSIDE_WHOLES, 0))
    for (month, series, value), number in tallies.items():
        if series in INSIDE_WHOLES:
            found[series] += number
        for table in INSIDE:
            if table.series == series:
                found[f"{table.name}:{_part(table, month, value, str)}"] += number
    return dict(found)


def _part(table: Table, month: int, value: str, band_of: BandOf) -> str:
    if table.by == "month":
        return f"{month:02}"
    if table.by == "hours":
        return bucket_of(value, table.ends)
    if table.by == "law":
        country, _colon, day = value.partition(":")
        return f"{band_of(country)}:{bucket_of(day if day == _NEVER else str(int(day) * 24))}"
    return value


def bucket_of(value: str, ends: Mapping[str, int] = BUCKETS) -> str:
    """Return which bucket some hours fall into; "never" stays."""
    return value if value == _NEVER else next(name for name, end in ends.items() if int(value) < end)


def sums_of(cells: Cells) -> list[tuple[str, tuple[str, ...]]]:
    """Return every sum among the cells: a whole, and the parts that add up to it.

    Cases whose host was told are the illegal ones but for those where it never was; what was removed in some time is the sum over
    the laws. What is the same in two tables (`SAME`) is told
    by both; where the two differ, nothing follows.
    """
    found = [(table.whole, parts) for table in TABLES if (parts := table.parts(cells))]
    notified = tuple(name for name in cells if name.startswith("host_hours:") and name != f"host_hours:{_NEVER}")
    found += [("hosts_told", notified)] if notified else []
    for end in (*BUCKETS, _NEVER):
        by_law = tuple(name for name in cells if name.startswith("law_hours:") and name.endswith(f":{end}"))
        found += [(f"up_hours:{end}", by_law)] if by_law and f"up_hours:{end}" in cells else []
    for whole, names in SAME.items():
        parts = tuple(name for name in names if name in cells)
        if parts and whole in cells and cells[whole] == sum(cells[part] or 0 for part in parts):
            found.append((whole, parts))
    return found


def adds_up(cells: Cells) -> bool:
    """Return whether every whole is the sum of its parts: not where cells were counted before a table was added."""
    return all(cells[whole] == sum(cells[part] or 0 for part in parts) for whole, parts in sums_of(cells))


def median_of(tallies: Tallies, series: str) -> int | None:
    """Return the lower median of a series of hours among those that ended; None where there are fewer than ten."""
    hours = Counter[int]()
    for (_, one, value), number in tallies.items():
        if one == series and value != _NEVER:
            hours[int(value)] += number
    return middle(sorted(hours.items()))


def middle(counted: Iterable[tuple[int, int]]) -> int | None:
    """Return the lower median of values with how often each is there, in order; None where there are fewer than ten."""
    rows = list(counted)
    whole = sum(number for _, number in rows)
    if whole < FEWEST_FOR_MEDIAN:
        return None
    passed = 0
    for value, number in rows:
        passed += number
        if passed * 2 >= whole:
            return value
    raise AssertionError  # half of them are passed at the last
