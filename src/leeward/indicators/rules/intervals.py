"""How sure a share or a median is: intervals that hold with 95 %. Pure.

A share: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212. The difference of
two shares: Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17 (1998)
873-890, method 10. A median: Thompson, "On confidence ranges for the median", Annals of Mathematical Statistics 7 (1936) 122-128.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from math import comb, inf, sqrt

Z = 1.959963984540054
FEWEST = 10
_EXACT = 1000


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and where it lies with 95 %."""

    value: float
    low: float
    high: float


def share(hits: int, whole: int) -> Interval | None:
    """Return a share with Wilson's interval; None where there is nothing of which to tell it."""
    if not whole:
        return None
    at, square = hits / whole, Z * Z / whole
    middle, reach = at + square / 2, Z * sqrt(at * (1 - at) / whole + square / (4 * whole))
    return Interval(at, max(0.0, (middle - reach) / (1 + square)), min(1.0, (middle + reach) / (1 + square)))


def change(before: Interval, after: Interval) -> Interval:
    """Return by how much a share changed, with Newcombe's interval."""
    value = after.value - before.value
    down = sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    up = sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return Interval(value, value - down, value + up)


def median(counted: Iterable[tuple[float, int]]) -> Interval | None:
    """Return the lower median of values with how often each is there; what never ended is infinite. None below ten values."""
    rows = sorted(counted)
    whole = sum(number for _, number in rows)
    if whole < FEWEST:
        return None
    rank = _rank(whole)
    return Interval(_at(rows, (whole + 1) // 2), _at(rows, rank), _at(rows, whole + 1 - rank))


def _rank(whole: int) -> int:
    """Return the rank from below (and above) between which the median lies with 95 %."""
    if whole > _EXACT:
        return int((whole - Z * sqrt(whole)) / 2)
    ways = accumulate(comb(whole, below) for below in range(whole))
    return next(rank for rank, passed in enumerate(ways) if passed * 40 > 2**whole)


def _at(rows: list[tuple[float, int]], rank: int) -> float:
    for value, number in rows:
        rank -= number
        if rank <= 0:
            return value
    return inf
