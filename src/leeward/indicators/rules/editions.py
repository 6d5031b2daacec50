"""Everything that was published of a portal and year put together, as somebody who collects all of it would. Pure.

A report, a case, a request and a blocked address each count in one year of one portal. So only one sum spans several of them: each
report is the first of its case or a further one, and the case can be of another year or portal (`Beside`).
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from leeward.indicators.rules.cells import ALONE, FEWEST, TABLES, TOTAL, TOTAL_PARTS, BandOf, sums_of
from leeward.indicators.rules.commonly_known import at_home, by_law, never_more
from leeward.indicators.rules.rounded import OFFSETS, Offsets, Range, both, offsets_left, raised_of, range_of, rounded

MOST_NOTE = 400
MOST_EDITIONS = 20


@dataclass(frozen=True, slots=True)
class Edition:
    """What one edition showed (None: hidden), and what was counted then. `rounded`: which hidden ones it showed as which multiple of 5."""

    shown: Mapping[str, int | None]
    counted: Mapping[str, int]
    medians: Mapping[str, int | None] = field(default_factory=dict)
    rounded: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """What the newest editions of other years and portals show and count of reports, cases and further reports, by a name for each; with
    the new edition they are everything of a portal, or of the hotline."""

    name: str
    editions: Mapping[str, Edition]


@dataclass(frozen=True, slots=True)
class Together:
    """The cells of all editions with every sum (`sums_before`: those of the earlier editions alone).

    `hidden` are those that stay hidden or must be: earlier editions have hidden them for good, or show almost the same number.
    `known` are those that earlier ones have shown, `hidden_before` those that they have hidden and none has shown. `free` are
    published nowhere: they tie the tables together for whoever knows the laws, and the editions in which a cell was rounded by the same
    offset; `further` are those of them that are left between one cell and another that is never less. `within` has the range of those
    that were rounded. `moves`: of which cell the new edition or one before has how few more.
    """

    cells: dict[str, int]
    sums: list[tuple[str, tuple[str, ...]]]
    hidden: frozenset[str]
    known: frozenset[str]
    sums_before: list[tuple[str, tuple[str, ...]]]
    hidden_before: frozenset[str]
    free: frozenset[str] = frozenset()
    within: Mapping[str, Range] = field(default_factory=dict)
    moves: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    further: frozenset[str] = frozenset()


def together(
    counted: Mapping[str, int],
    earlier: Sequence[Edition],
    band_of: BandOf | None = None,
    beside: Sequence[Beside] = (),
    *,
    home: str = "",
) -> Together:
    """Return a new edition with those before it. A cell that has the same number in two of them is the same cell: whoever learns
    it from one knows it in the other. One that changed stands for itself in each. `band_of`: a country’s law, as `cells_of` has it;
    `home`: the portal’s own country.
    """
    free, now = by_law(counted, band_of, "now") if band_of else ({}, [])
    now += at_home(counted, home)
    further, orders_now, orders_before = _orders(counted, earlier)
    cells, before = dict(counted), list[tuple[str, tuple[str, ...]]]()
    hidden, known, hidden_before = set[str](), set[str](), set[str]()
    within = dict[str, Range]()
    for number, edition in enumerate(earlier, 1):
        name_of = _names(counted, edition)
        cells |= {name_of[name]: value for name, value in edition.counted.items()}
        between, ties = by_law(edition.counted, band_of, f"edition {number}") if band_of else ({}, [])
        free |= between
        before += _renamed([*sums_of(edition.counted), *ties, *at_home(edition.counted, home)], name_of)
        for name, value in edition.shown.items():
            is_new = name_of[name] in counted
            if value is not None:
                known.add(name_of[name])
                if name in counted and abs(counted[name] - value) < FEWEST:
                    hidden.add(name)
            else:
                hidden_before.add(name_of[name])
                if not is_new:
                    hidden.add(name_of[name])
        within = both(within, _ranges(edition.rounded, name_of.__getitem__))
    offsets, ties, raised_within = _offsets(counted, earlier)
    free, before, within = free | further | offsets, [*before, *orders_before, *ties], within | raised_within
    for group in beside:
        others = {
            name: row for name, row in group.editions.items() if _has_total(row.shown) and _has_total(row.counted)
        }
        for name, row in others.items():
            for cell in (TOTAL, *TOTAL_PARTS):
                cells[f"{name} {cell}"] = row.counted[cell]
                (hidden_before if row.shown[cell] is None else known).add(f"{name} {cell}")
            within |= _ranges(row.rounded, f"{name} {{}}".format)
            if _further(row.counted) == 0:
                before.append((f"{name} {TOTAL}", tuple(f"{name} {part}" for part in TOTAL_PARTS)))
        if others.keys() == group.editions.keys() and _further(counted, *(row.counted for row in others.values())) == 0:
            free[group.name] = counted[TOTAL] + sum(row.counted[TOTAL] for row in others.values())
            now.append((group.name, (TOTAL, *(f"{name} {TOTAL}" for name in others))))
            now.append((group.name, (*TOTAL_PARTS, *(f"{name} {part}" for name in others for part in TOTAL_PARTS))))
    return Together(
        cells | free,
        list(dict.fromkeys([*sums_of(counted), *now, *orders_now, *before])),
        frozenset((hidden & cells.keys()) | _beside_its_range(counted, earlier)) - known,
        frozenset(known),
        list(dict.fromkeys(before)),
        frozenset(hidden_before - known),
        frozenset(free),
        within,
        _moves(counted, earlier),
        frozenset(further),
    )


def _names(counted: Mapping[str, int], edition: Edition) -> dict[str, str]:
    """Return by which name each cell of an edition is known: its own, where the number is the same now."""
    return {name: name if counted.get(name) == value else f"{name} {value}" for name, value in edition.counted.items()}


def _renamed(
    sums: Sequence[tuple[str, tuple[str, ...]]], name_of: Mapping[str, str]
) -> list[tuple[str, tuple[str, ...]]]:
    return [(name_of.get(whole, whole), tuple(name_of.get(part, part) for part in parts)) for whole, parts in sums]


def _orders(
    counted: Mapping[str, int], earlier: Sequence[Edition]
) -> tuple[dict[str, int], list[tuple[str, tuple[str, ...]]], list[tuple[str, tuple[str, ...]]]]:
    """Return what is left between cells of which one is never more than another, in all editions, and how it ties them: now, and
    before."""
    between, now = never_more(counted, "now")
    before = list[tuple[str, tuple[str, ...]]]()
    for number, edition in enumerate(earlier, 1):
        more, sums = never_more(edition.counted, f"edition {number}")
        between |= more
        before += _renamed(sums, _names(counted, edition))
    return between, now, before


def _moves(counted: Mapping[str, int], earlier: Sequence[Edition]) -> dict[str, tuple[str, str]]:
    """Return the cells that an edition hides or rounds and of which there are few more or fewer now, by a name for each: the larger, and
    the smaller."""
    moves = {}
    for number, edition in enumerate(earlier, 1):
        for name in _moved_by_few_in(counted, edition):
            now, then = name, f"{name} {edition.counted[name]}"
            moves[f"{name} since {number}"] = (now, then) if counted[name] > edition.counted[name] else (then, now)
    return moves


def _beside_its_range(counted: Mapping[str, int], earlier: Sequence[Edition]) -> set[str]:
    """Return the cells of which there are few more or fewer now, and that an edition has rounded so that, shown as they are, all would
    see it."""
    found = set()
    for edition in earlier:
        for name in _moved_by_few_in(counted, edition):
            reach = range_of(edition.rounded.get(name, counted[name]))
            if not reach.low <= counted[name] <= reach.high:
                found.add(name)
    return found


def _moved_by_few_in(counted: Mapping[str, int], edition: Edition) -> list[str]:
    return [
        name
        for name, value in edition.shown.items()
        if value is None and counted.get(name) and 0 < abs(counted[name] - edition.counted[name]) < FEWEST
    ]


def raised(cell: str) -> str:
    """Return by which name a cell with its offset is known."""
    return f"{cell} raised"


def _offsets(
    counted: Mapping[str, int], earlier: Sequence[Edition]
) -> tuple[dict[str, int], list[tuple[str, tuple[str, ...]]], dict[str, Range]]:
    """Return the offset of each cell that was rounded before and had another number then or has now, which adds up with each of its
    numbers to what is in the range of a multiple."""
    free, sums, within = dict[str, int](), list[tuple[str, tuple[str, ...]]](), dict[str, Range]()
    for name in dict.fromkeys(name for edition in earlier for name in edition.rounded):
        shown = {one.counted[name]: one.rounded[name] for one in earlier if name in one.rounded}
        numbers = dict.fromkeys((*shown, counted[name]) if counted.get(name) else shown)
        left = _offsets_left(name, earlier)
        if len(numbers) == 1 or left.low > left.high:
            continue
        offset = f"{name} offset"
        free[offset], within[offset] = left.low, OFFSETS
        for number in numbers:
            cell = name if counted.get(name) == number else f"{name} {number}"
            free[raised(cell)] = number + left.low
            sums.append((raised(cell), (cell, offset)))
            if number in shown:
                within[raised(cell)] = raised_of(shown[number])
    return free, sums, within


def _offsets_left(name: str, earlier: Sequence[Edition]) -> Range:
    left = OFFSETS
    for edition in earlier:
        if name in edition.rounded:
            left = left.within(offsets_left(edition.counted[name], edition.rounded[name]))
    return left


def _ranges(rounded: Mapping[str, int], name_of: Callable[[str], str]) -> dict[str, Range]:
    return {name_of(name): range_of(multiple) for name, multiple in rounded.items()}


def _has_total(cells: Mapping[str, int | None]) -> bool:
    return {TOTAL, *TOTAL_PARTS} <= cells.keys()


def _further(*counted: Mapping[str, int]) -> int:
    """Return how many reports are more than cases and further reports: about a case of another year or portal, or of none."""
    return sum(one[TOTAL] - sum(one[part] for part in TOTAL_PARTS) for one in counted)


def changed_by_few(counted: Mapping[str, int], earlier: Sequence[Edition]) -> tuple[str, int] | None:
    """Return a table in which fewer than five changed since an earlier edition, seen in a number that it shows, with which edition;
    None where there is none.

    Such numbers can’t be shown again, and hiding them would tell as well that they changed. A table that is as in one of the
    earlier editions tells nothing new. What an edition has rounded isn’t shown: how far it moved is attacked (`Together.moves`).
    """
    missing = {table.name: table for table in TABLES}
    for name in (*missing, *ALONE):
        now = _of(name, counted)
        if now in [_of(name, edition.counted) for edition in earlier]:
            continue
        for number, edition in enumerate(earlier, 1):
            if name in missing and missing[name].is_missing(edition.counted):
                continue
            then = _of(name, edition.counted)
            if _moved(now, then) < FEWEST and any(
                now[part] != then[part] and edition.shown.get(part) for part in now | then
            ):
                return name, number
    return None


def roundings_of(
    hidden: Collection[str], counted: Mapping[str, int], earlier: Sequence[Edition], offsets: Offsets
) -> dict[str, int]:
    """Return what each hidden cell of a new edition would be rounded to: not one that an earlier edition has shown as it was, for that
    it is not shown any more tells how far it can have moved; and by the same offset as before, whatever key we had then.
    """
    shown = {name for edition in earlier for name, number in edition.shown.items() if number is not None}
    found = {}
    for name, number in counted.items():
        if name in hidden and name not in shown:
            left = _offsets_left(name, earlier)
            found[name] = rounded(number, min(max(offsets(name), left.low), left.high))
    return found


def _of(name: str, cells: Mapping[str, int | None]) -> Counter[str]:
    """Return the cells of a table, or one that stands alone."""
    return Counter({part: number for part, number in cells.items() if number and part.partition(":")[0] == name})


def _moved(now: Counter[str], then: Counter[str]) -> int:
    return max((now - then).total(), (then - now).total())


def medians_shown(
    medians: Mapping[str, int], shown: Mapping[str, int | None], earlier: Sequence[Edition] = ()
) -> dict[str, int | None]:
    """Return the medians that may be told: those of hours whose every cell is shown, so that a median adds nothing about any; and none
    that moved since an earlier edition while fewer than five did in the table beside it: a single case can move it.
    """
    return {
        series: None
        if any(name.startswith(f"{series}:") and number is None for name, number in shown.items())
        or _moved_by_few(series, hours, shown, earlier)
        else hours
        for series, hours in medians.items()
    }


def _moved_by_few(series: str, hours: int, shown: Mapping[str, int | None], earlier: Sequence[Edition]) -> bool:
    now = _of(series, shown)
    before = [(_of(series, one.counted), median) for one in earlier if (median := one.medians.get(series)) is not None]
    if (now, hours) in before:
        return False
    return any(median != hours and _moved(now, then) < FEWEST for then, median in before)
