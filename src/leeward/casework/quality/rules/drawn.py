"""Agreement by month as a chart: geometry here, labels in the template. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from leeward.casework.quality.rules.agreement import Kappa

_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 348, 12, 180


@dataclass(frozen=True, slots=True)
class Mark:
    """One month's figure with the ends of its interval; `y`, `low` and `high` are empty if there is none."""

    month: date
    x: str
    kappa: Kappa
    y: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """The marks, the line joining neighbouring months, and the heights and values of the grid."""

    marks: tuple[Mark, ...]
    line: str
    grid: tuple[tuple[str, str], ...]

    @property
    def is_empty(self) -> bool:
        """Return whether no month has a figure."""
        return not any(mark.y for mark in self.marks)


def chart_of(months: Sequence[tuple[date, Kappa]]) -> Chart:
    """Return the chart of some months; agreement below chance is drawn at the bottom."""
    step = (_RIGHT - _LEFT) / max(len(months) - 1, 1)
    marks = tuple(_mark(month, kappa, f"{_LEFT + step * at:.1f}") for at, (month, kappa) in enumerate(months))
    line, is_joined = [], False
    for mark in marks:
        if mark.y:
            line.append(f"{'L' if is_joined else 'M'}{mark.x} {mark.y}")
        is_joined = bool(mark.y)
    grid = tuple((_height(tenths / 10), f"{tenths / 10:.1f}") for tenths in (0, 2, 4, 6, 8, 10))
    return Chart(marks, "".join(line), grid)


def _mark(month: date, kappa: Kappa, x: str) -> Mark:
    if not kappa.is_known or kappa.value is None:
        return Mark(month, x, kappa)
    if kappa.low is None or kappa.high is None:
        return Mark(month, x, kappa, _height(kappa.value))
    return Mark(month, x, kappa, _height(kappa.value), _height(kappa.low), _height(kappa.high))


def _height(value: float) -> str:
    return f"{_BOTTOM - min(max(value, 0.0), 1.0) * (_BOTTOM - _TOP):.1f}"
