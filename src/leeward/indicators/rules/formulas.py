"""One formula for page, CSV and API: what a definition makes of the cells of a year. Pure.

The same formulas read what is counted and what is published; in the latter a hidden cell is None, and so is what rests on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from leeward.foundation.lazy_text import LazyText
from leeward.indicators.rules.cells import BUCKETS, INSIDE, LATER, LISTED, TABLES, URGENT, Cells
from leeward.indicators.rules.marks import WATCHED
from leeward.indicators.rules.survival import curve_of

HIDDEN, NO_DATA, NOTHING_TO_DIVIDE, TOO_FEW = "hidden", "no_data", "nothing_to_divide", "too_few"
TOO_FEW_WATCHED = "too_few_watched"
ROUNDED = "rounded"
COUNT, SHARE, SPREAD, MEDIAN, TYPED, CURVE = "count", "share", "spread", "median", "typed", "curve"
_MIDDLE = "middle"
_TABLES = {table.name: table for table in (*TABLES, *INSIDE)}
_ENDS = {**URGENT, **BUCKETS, **LISTED}
_IN_ORDER = {name: _ENDS.get(name, 10**10) for name in (*_ENDS, "never")}


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator: `of` names the cells (of a share those counted, of a spread its table, of a median its series, of a curve
    which of its lines), `whole` what a share is of: cells added (`+`) and taken away (`-`)."""

    name: str
    how: str
    unit: str
    title: LazyText
    definition: LazyText
    formula: str
    source: str
    of: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    counterpart: str = ""
    caveat: LazyText | str = ""
    first_rows: tuple[str, ...] = ()
    is_public: bool = True

    @property
    def is_drawn(self) -> bool:
        """Return whether it is a chart: a spread, or the middle line of a curve."""
        return self.how == SPREAD or self.of == (_MIDDLE,)


@dataclass(frozen=True, slots=True)
class Year:
    """Everything there is about a portal, or all of them, in a year. `medians` has those that may be told, `sources` where each
    figure that was typed in comes from, with the day (ISO). `inside`: cells for the desk only; None where only what is published is
    known. `rounded`: which hidden cells are shown as which multiple of 5; nothing else rests on that."""

    cells: Cells
    medians: Mapping[str, int | None]
    typed: Mapping[tuple[str, int], int]
    has_data: bool = True
    sources: Mapping[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    inside: Cells | None = None
    rounded: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value of an indicator; of a spread `of` says of what. Without a number, `why` says why there is none; with one, only
    that it is rounded. One that was typed in
    has its source with the day of that."""

    name: str
    of: str
    number: float | None
    unit: str
    why: str = ""
    source: str = ""
    source_date: str = ""


def figures_of(definition: Definition, year: Year) -> list[Figure]:
    """Return the figures of one indicator in a year: one, or a row for each value of a spread."""
    if definition.how == TYPED:
        return _typed(definition, year)
    if not definition.is_public:
        year = replace(year, cells={**year.cells, **(year.inside or {})}, has_data=year.inside is not None)
    if not year.has_data:
        return [Figure(definition.name, "", None, definition.unit, NO_DATA)]
    if definition.how == CURVE:
        return _curve(definition, year.cells)
    if definition.how == SPREAD:
        return _spread(definition, year)
    number, why = _one(definition, year)
    return [Figure(definition.name, "", number, definition.unit, why)]


def _one(definition: Definition, year: Year) -> tuple[float | None, str]:
    if definition.how == MEDIAN:
        return _median(definition, year)
    if (LATER & {*definition.of, *definition.whole}) - year.cells.keys():
        return None, NO_DATA
    counted = _sum(definition.of, year.cells)
    if definition.how == COUNT:
        multiple = year.rounded.get(definition.of[0]) if counted is None and len(definition.of) == 1 else None
        return (counted, HIDDEN if counted is None else "") if multiple is None else (multiple, ROUNDED)
    whole = _sum(definition.whole, year.cells)
    if counted is None or whole is None:
        return None, HIDDEN
    if not whole:
        return None, NOTHING_TO_DIVIDE
    return round(100 * counted / whole, 1), ""


def _median(definition: Definition, year: Year) -> tuple[int | None, str]:
    (series,) = definition.of
    number = year.medians.get(series)
    if number is not None:
        return number, ""
    if _TABLES[series].is_missing(year.cells):
        return None, NO_DATA
    # Where a cell beside it is hidden, whether there were too few is a secret as well.
    is_hidden = series in year.medians or any(
        one is None and name.startswith(f"{series}:") for name, one in year.cells.items()
    )
    return None, HIDDEN if is_hidden else TOO_FEW


def _sum(names: tuple[str, ...], cells: Cells) -> int | None:
    """Return the sum of some cells, those after a minus taken away; None where one is hidden."""
    whole = 0
    for name in names:
        number = cells.get(name.removeprefix("-"), 0)
        if number is None:
            return None
        whole += -number if name.startswith("-") else number
    return whole


def _spread(definition: Definition, year: Year) -> list[Figure]:
    (name,), cells = definition.of, year.cells
    table = _TABLES[name]
    if table.is_missing(cells):
        return [Figure(definition.name, "", None, definition.unit, NO_DATA)]
    whys = {part: ROUNDED if part in year.rounded else HIDDEN for part, one in cells.items() if one is None}
    seen = [(part, year.rounded.get(part) if part in whys else cells[part]) for part in table.parts(cells)]
    parts = [(part.partition(":")[2], one, whys.get(part, "")) for part, one in seen]
    if not parts:
        return [Figure(definition.name, "", 0, definition.unit)]
    if table.by == "value":
        parts.sort(key=lambda part: (part[1] is None, -(part[1] or 0), part[0]))
    elif table.by == "law":
        parts.sort(key=lambda part: (part[0].partition(":")[0], _IN_ORDER[part[0].partition(":")[2]]))
    elif table.by == "hours":
        parts.sort(key=lambda part: _IN_ORDER[part[0]])
    else:
        parts.sort(key=lambda part: part[0])
    return [Figure(definition.name, of, one, definition.unit, why) for of, one, why in parts]


def intervals_of(definition: Definition, year: Year) -> dict[str, tuple[float, float]]:
    """Return from where to where each point of a curve could lie; nothing for everything else."""
    if definition.how != CURVE:
        return {}
    lower, upper = (_curve(replace(definition, of=(line,)), year.cells) for line in ("lower", "upper"))
    return {
        low.of: (low.number, high.number)
        for low, high in zip(lower, upper, strict=True)
        if low.number is not None and high.number is not None
    }


def _curve(definition: Definition, cells: Cells) -> list[Figure]:
    """Return a line of the curve of what is still up, from cells alone: the lower and the upper one are its interval."""
    (line,) = definition.of
    names = ["hosts_told", "up_hours:never", "up_watched:longer"]
    names += [f"{table}:{end}" for table in ("up_hours", "up_watched") for end in WATCHED]
    numbers = [number for name in names if (number := cells.get(name, 0)) is not None]
    if len(numbers) < len(names):
        return [Figure(definition.name, "", None, definition.unit, HIDDEN)]
    whole, never, rest, *spans = numbers
    gone, left = spans[: len(WATCHED)], spans[len(WATCHED) :]
    if sum(left) + rest != never:  # an edition from before that was counted
        return [Figure(definition.name, "", None, definition.unit, NO_DATA)]
    return [
        Figure(definition.name, end, None, definition.unit, TOO_FEW_WATCHED)
        if point is None
        else Figure(definition.name, end, round(100 * getattr(point, line), 1), definition.unit)
        for end, point in zip(WATCHED, curve_of(whole, gone, left), strict=True)
    ]


def _typed(definition: Definition, year: Year) -> list[Figure]:
    (series,) = definition.of
    rows = sorted((half, number) for (one, half), number in year.typed.items() if one == series)
    if not rows:
        return [Figure(definition.name, "", None, definition.unit, NO_DATA)]
    return [
        Figure(
            definition.name,
            f"h{half}" if half else "",
            number,
            definition.unit,
            "",
            *year.sources.get((series, half), ("", "")),
        )
        for half, number in rows
    ]
