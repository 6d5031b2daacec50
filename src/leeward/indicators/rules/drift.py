"""Hosting beside the law that a country had at that time: shares over the years, and where hosting grows while the law stands still.

The law of a year is what held on its 1 July. Pure.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf

from leeward.indicators.rules.intervals import Interval, change, median, share
from leeward.indicators.rules.marks import WATCHED
from leeward.indicators.rules.stayed import NEVER
from leeward.laws.rules.gaps import BANDS

UNKNOWN = "unknown"
ORDER = (*BANDS, UNKNOWN)
MOST_YEARS = 15

type Law = tuple[str, ...]  # what is known of each of the five criteria
type Hosted = Mapping[tuple[int, str], int | None]  # year and country; None: hidden
type LawOf = Callable[[str, int], "Then"]


@dataclass(frozen=True, slots=True)
class Then:
    """A country's law in a year: how many criteria it met, and what is known of each."""

    band: str
    criteria: Law = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """The cases of a year hosted where the law met so many criteria: a number, or between which two where some are hidden."""

    source: str
    year: int
    band: str
    low: int
    high: int
    whole: int
    share: Interval


@dataclass(frozen=True, slots=True)
class Rising:
    """A country whose share grew by more than chance explains, with its law at the beginning and at the end."""

    source: str
    country: str
    first_year: int
    last_year: int
    before: Interval
    after: Interval
    change: Interval
    then: str
    now: str
    stands_still: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """How long something stayed after its host was told: days until half of it was gone, and the share gone within a week."""

    year: int
    band: str
    number: int
    days: Interval | None
    in_a_week: Interval


@dataclass(frozen=True, slots=True)
class Week:
    """Of the cases of a year under one law whose host was told, the share gone within a week, from published numbers; None where
    one of them is hidden."""

    year: int
    band: str
    number: int | None
    gone: Interval | None


def band_then(criteria: Iterable[str], edition: str | None) -> str:
    """Return how many criteria a law met: by what was read where that settles it, else as an edition of that time said it, unless
    what was read contradicts it.
    """
    known = list(criteria)
    low = known.count("met")
    most = low + known.count(UNKNOWN)
    for band, (least, end) in BANDS.items():
        if known and least <= low and most <= end:
            return band
    if edition in BANDS and BANDS[edition][0] <= most and low <= BANDS[edition][1]:
        return str(edition)
    return UNKNOWN


def cells_of(source: str, hosted: Hosted, wholes: Mapping[int, int], law_of: LawOf) -> list[Cell]:
    """Return a row for each year and band of a source. Hidden numbers can be anything that the whole of the year leaves."""
    found = []
    for year in sorted(wholes, reverse=True)[:MOST_YEARS]:
        shown, hidden = Counter[str](), set[str]()
        for (one, country), number in hosted.items():
            if one == year:
                band = law_of(country, year).band
                shown[band] += number or 0
                hidden |= {band} if number is None else set()
        left = wholes[year] - shown.total()
        for band in ORDER:
            high = shown[band] + (left if band in hidden else 0)
            least, most = share(shown[band], wholes[year]), share(high, wholes[year])
            if least and most and (shown[band] or band in hidden):
                middle = (least.value + most.value) / 2
                sure = Interval(middle, least.low, most.high)
                found.append(Cell(source, year, band, shown[band], high, wholes[year], sure))
    return found


def rising(
    source: str, hosted: Hosted, wholes: Mapping[int, int], law_of: LawOf, *, absent: int | None
) -> list[Rising]:
    """Return the countries whose share grew from the first year of a source to its last, beyond what chance explains; the largest
    growth first. Hidden numbers are left out; `absent` is what a country without a number has.
    """
    years = sorted(wholes)[-MOST_YEARS:]
    if len(years) < 2:
        return []
    first, last = years[0], years[-1]
    found = []
    for country in sorted({country for year, country in hosted if year in (first, last)} - {UNKNOWN}):
        was, is_now = hosted.get((first, country), absent), hosted.get((last, country), absent)
        if was is None or is_now is None:
            continue
        before, after = share(was, wholes[first]), share(is_now, wholes[last])
        if before and after and (grew := change(before, after)).low > 0:
            then, now = law_of(country, first), law_of(country, last)
            still = then == now and then.band != UNKNOWN
            found.append(
                Rising(source, country, first, last, before, after, grew, then.band, now.band, stands_still=still)
            )
    return sorted(found, key=lambda row: (-row.change.value, row.country))


def stays_of(removals: Mapping[tuple[int, str, str], int], law_of: LawOf) -> list[Stay]:
    """Return how long things stayed, by year and law; `removals` are by year, country and day."""
    found: dict[tuple[int, str], Counter[float]] = {}
    for (year, country, day), number in removals.items():
        days = found.setdefault((year, law_of(country, year).band), Counter())
        days[inf if day == NEVER else float(day)] += number
    rows = []
    for (year, band), days in found.items():
        week = share(sum(number for day, number in days.items() if day < 7), days.total())
        if week:
            rows.append(Stay(year, band, days.total(), median(days.items()), week))
    return sorted(rows, key=lambda row: (-row.year, ORDER.index(row.band)))[: MOST_YEARS * len(ORDER)]


def weeks_of(published: Iterable[tuple[int, str, int | None]]) -> list[Week]:
    """Return the share gone within a week by year and law, the newest year first; `published` are a year, a law with a time
    (`0:24`), and a number."""
    found: dict[tuple[int, str], dict[str, int | None]] = {}
    for year, of, number in published:
        band, _colon, end = of.partition(":")
        ends = found.setdefault((year, band), {})
        before = ends.get(end, 0)
        ends[end] = None if None in (number, before) else (number or 0) + (before or 0)
    rows = []
    for (year, band), ends in found.items():
        numbers = [number for number in ends.values() if number is not None]
        if len(numbers) < len(ends):
            rows.append(Week(year, band, None, None))
        else:
            gone = sum(ends.get(end) or 0 for end in WATCHED)
            rows.append(Week(year, band, sum(numbers), share(gone, sum(numbers))))
    return sorted(rows, key=lambda row: (-row.year, ORDER.index(row.band)))[: MOST_YEARS * len(ORDER)]
