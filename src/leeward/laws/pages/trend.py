"""The trend over ICMEC's editions as a line chart: geometry here, wording in the template."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from leeward.laws.pages.standing import edition_counts

_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 272, 25, 190
_MOST = 120
_STEP = 40


@dataclass(frozen=True, slots=True)
class Point:
    """One edition on a line."""

    x: str
    y: str
    year: int
    value: int


@dataclass(frozen=True, slots=True)
class Line:
    """One measure over the editions that give a number for it."""

    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """The line as an SVG path."""
        return "M" + " ".join(f"{point.x} {point.y}" for point in self.points)

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]


@dataclass(frozen=True, slots=True)
class Row:
    """One edition in the table: every number that a source gives, two if sources differ."""

    edition: str
    year: int
    reviewed: tuple[int, ...]
    sufficient: tuple[int, ...]
    none: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """The chart and its table."""

    enough: Line
    none: Line
    years: tuple[tuple[str, int], ...]
    grid: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]


def trend() -> Trend:
    """Return the world's trend; if sources differ, the line uses the lower number and the table shows both."""
    by_edition: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in edition_counts():
        if row["edition"] and row["year"]:
            by_edition[row["edition"]].append(row)
    rows = tuple(
        Row(
            edition,
            int((found[0]["released"] or str(found[0]["year"]))[:4]),
            _numbers(found, "countries_reviewed"),
            _numbers(found, "sufficient_4_or_5"),
            _numbers(found, "no_specific_law"),
        )
        for edition, found in sorted(by_edition.items(), key=lambda pair: int(pair[0]))
    )
    first, last = rows[0].year, max(row.year for row in rows)
    at = {row.year: f"{_LEFT + (row.year - first) / (last - first) * (_RIGHT - _LEFT):.1f}" for row in rows}
    return Trend(
        enough=Line(
            tuple(Point(at[row.year], _height(row.sufficient[0]), row.year, row.sufficient[0]) for row in rows)
        ),
        none=Line(tuple(Point(at[row.year], _height(row.none[0]), row.year, row.none[0]) for row in rows)),
        years=tuple((at[row.year], row.year) for row in rows),
        grid=tuple((_height(value), value) for value in range(0, _MOST + 1, _STEP)),
        rows=rows,
    )


def _numbers(found: list[dict[str, Any]], name: str) -> tuple[int, ...]:
    return tuple(sorted({row["counts"][name] for row in found if row["counts"][name] is not None}))


def _height(value: int) -> str:
    return f"{_BOTTOM - value / _MOST * (_BOTTOM - _TOP):.1f}"
