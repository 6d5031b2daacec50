"""A spread as a chart of bars: geometry here, labels in the template. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_BARS = 15
_WIDEST, _STEP, _HIDDEN = 270, 64, 40  # a step holds a label and “not shown” in the tallest script


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its label and where it stands; a hidden number has a dashed one that says nothing of its size. `reach`: from
    where to where a line says that it could end. `sign`: what stands before the number.
    """

    label: str
    number: float | None
    top: int
    width: str
    reach: tuple[str, str] | None = None
    sign: str = ""

    @property
    def text_y(self) -> int:
        """Return where its label stands."""
        return self.top + 17

    @property
    def bar_y(self) -> int:
        """Return where the bar itself begins."""
        return self.top + 33

    @property
    def number_y(self) -> int:
        """Return where its number stands."""
        return self.top + 45

    @property
    def number_x(self) -> str:
        """Return where its number begins."""
        return f"{float(self.reach[1] if self.reach else self.width) + 6:.1f}"

    @property
    def reach_y(self) -> int:
        """Return where the line of its interval stands."""
        return self.top + 40


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars, and how high the picture is."""

    bars: tuple[Bar, ...]
    height: int

    @property
    def has_reach(self) -> bool:
        """Return whether any bar has an interval."""
        return any(bar.reach for bar in self.bars)


def shares_of(numbers: Sequence[float | None]) -> list[str]:
    """Return how long the bar of each number is, in percent of the longest; "": a hidden number has none."""
    most = max((number for number in numbers if number), default=1)
    return ["" if number is None else f"{100 * number / most:.1f}" for number in numbers]


def chart_of(
    rows: Sequence[tuple[str, float | None]],
    intervals: Mapping[str, tuple[float, float]] | None = None,
    signs: Mapping[str, str] | None = None,
) -> Chart | None:
    """Return the chart of some labelled numbers, each with its interval and the sign before it where it has one; None where there are
    none, or too many for a picture.
    """
    reach = intervals or {}
    if not rows or len(rows) > MOST_BARS or not any(number != 0 for _, number in rows):
        return None
    most = max([number for _, number in rows if number] + [high for _, high in reach.values()], default=1)
    bars = tuple(
        Bar(
            label,
            number,
            at * _STEP,
            f"{_HIDDEN if number is None else _WIDEST * number / most:.1f}",
            (f"{_WIDEST * reach[label][0] / most:.1f}", f"{_WIDEST * reach[label][1] / most:.1f}")
            if label in reach
            else None,
            (signs or {}).get(label, ""),
        )
        for at, (label, number) in enumerate(rows)
    )
    return Chart(bars, len(bars) * _STEP)
