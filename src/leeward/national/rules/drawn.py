"""A radar of areas and a heat map of questions: geometry here, labels in the templates. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin

from leeward.national.rules.framework import PHASES
from leeward.national.rules.standing import Standing

FEWEST_AXES = 3
_CENTRE, _RADIUS = 180, 150
_CELL, _STEP, _IN_A_LINE, _HEAD = 38, 44, 8, 24
MOST_TITLE = 40
_FILLS = {1: "hollow", 2: "fb", 3: "f2", 4: "f1"}


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a picture."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Series:
    """One assessment in a radar: its known points, and lines between those that are neighbours. A gap is a gap, not zero."""

    points: tuple[Point, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Radar:
    """Rings for the phases, an axis with its number for each area, and this assessment before the one it is compared with."""

    rings: tuple[str, ...]
    axes: tuple[tuple[int, Point, Point], ...]
    now: Series
    before: Series | None


def radar_of(now: Sequence[float | None], before: Sequence[float | None] | None) -> Radar | None:
    """Return the radar of some means; None of fewer than three areas, or where none is known."""
    if len(now) < FEWEST_AXES or all(one is None for one in now):
        return None
    axes = tuple((at + 1, _point(at, len(now), 4), _point(at, len(now), 4.45)) for at in range(len(now)))
    rings = tuple(
        " ".join(f"{one.x},{one.y}" for one in (_point(at, len(now), phase) for at in range(len(now))))
        for phase in PHASES
    )
    return Radar(rings, axes, _series(now), _series(before) if before and any(before) else None)


def _point(at: int, of: int, phase: float) -> Point:
    angle, far = 2 * pi * at / of - pi / 2, _RADIUS * phase / PHASES[-1]
    return Point(round(_CENTRE + far * cos(angle), 1), round(_CENTRE + far * sin(angle), 1))


def _series(means: Sequence[float | None]) -> Series:
    of = len(means)
    points = [None if mean is None else _point(at, of, mean) for at, mean in enumerate(means)]
    lines = [f"M{one.x} {one.y}L{other.x} {other.y}" for one, other in pairwise([*points, points[0]]) if one and other]
    return Series(tuple(one for one in points if one), "".join(lines))


@dataclass(frozen=True, slots=True)
class Cell:
    """A question in the heat map: its phase, or None where it is not known."""

    x: int
    y: int
    phase: int | None

    @property
    def css(self) -> str:
        """Return the class that fills it: the darker, the further; dashed where nothing is known."""
        return _FILLS.get(self.phase or 0, "fx")

    @property
    def is_dark(self) -> bool:
        """Return whether its number is light on dark."""
        return (self.phase or 0) > 2

    @property
    def middle(self) -> Point:
        """Return where its number stands."""
        return Point(self.x + _CELL / 2, self.y + _CELL / 2 + 5)


@dataclass(frozen=True, slots=True)
class Row:
    """An area in the heat map, with the place of its title."""

    number: int
    title: str
    y: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """All areas, and how high the picture is."""

    rows: tuple[Row, ...]
    height: int


def heat_map_of(standings: Sequence[Standing]) -> HeatMap:
    """Return the heat map: a row for each area, eight questions a line."""
    by_area: dict[str, list[Standing]] = {}
    for one in standings:
        by_area.setdefault(one.area.id, []).append(one)
    rows, top = [], 0
    for number, found in enumerate(by_area.values(), 1):
        cells = tuple(
            Cell(at % _IN_A_LINE * _STEP, top + _HEAD + at // _IN_A_LINE * _STEP, one.phase or None)
            for at, one in enumerate(found)
        )
        rows.append(Row(number, _short(found[0].area.title), top + _HEAD - 8, cells))
        top = cells[-1].y + _STEP
    return HeatMap(tuple(rows), top)


def _short(title: str) -> str:
    return title if len(title) <= MOST_TITLE else f"{title[: MOST_TITLE - 1].rstrip()}…"
