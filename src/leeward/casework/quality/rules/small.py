"""Suppressing small counts in public figures, so that none can be read or worked out. Pure.

A part from 1 to 4 is hidden. Sums can still give it away, so other cells are hidden as well, until anybody who solves
all that is published together, sums included, finds that each hidden part could be anything from 1 to 4. An exact
search checks this. If a search takes too long, the part counts as given away and more is hidden; if all searches
together take too long, everything is hidden and the page says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5
_SMALL = range(1, FEWEST)
_MOST_STEPS = 20_000  # for one search
_MOST_WORK = 1_000_000  # parts examined in all searches for one page: about a second
_MOST_CELLS = 500
type Shown = Mapping[str, int | None]
type _Bounds = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is the sum of others. If it is hidden, only "not shown" is published, whatever its size."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Parts of a whole: None stands for a number from 1 to 4; `total` is None if it would give one of them away.
    `is_cut`: everything is hidden, because the check took too long.
    """

    parts: Mapping[str, int | None]
    total: int | None
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Published:
    """Cells as they may be shown. `is_cut`: none is shown, because checking that no small one is given away took too
    long.
    """

    shown: dict[str, int | None]
    is_cut: bool


class _TakesTooLong(Exception):
    """One search, or all of them together, has used up its steps."""


class _Work:
    """A budget of parts that may still be examined."""

    def __init__(self) -> None:
        self.left = _MOST_WORK

    def spend(self, parts: int) -> None:
        """Raise _TakesTooLong if this exceeds the rest of the budget."""
        self.left -= parts
        if self.is_used_up:
            raise _TakesTooLong

    @property
    def is_used_up(self) -> bool:
        """Return whether the budget is used up."""
        return self.left < 0


def public_counts(parts: Mapping[str, int]) -> Counts:
    """Return the parts as they may be shown, with their total if it gives none of them away."""
    whole = " "  # a name that no part has
    found = published({**parts, whole: sum(parts.values())}, [Sum(whole, tuple(parts))])
    return Counts({name: found.shown[name] for name in parts}, found.shown[whole], found.is_cut)


def published(cells: Mapping[str, int], sums: Sequence[Sum]) -> Published:
    """Return the cells of all tables published together as they may be shown; every sum among them must be named.

    Hides each small part, then the total of a sum that gives one away, then the smallest part that is still shown;
    everything if it can't be determined in time whether that is enough. The limit counts work, so it doesn't depend on
    the machine.
    """
    wholes = {one.whole for one in sums}
    shown: dict[str, int | None] = {
        name: None if name not in wholes and 0 < number < FEWEST else number for name, number in cells.items()
    }
    small = frozenset(name for name, number in shown.items() if number is None)
    work = _Work()
    if small and len(cells) > _MOST_CELLS:
        return Published(dict.fromkeys(cells), is_cut=True)
    while given := given_away(shown, sums, small=small, work=work):
        if work.is_used_up:
            return Published(dict.fromkeys(cells), is_cut=True)
        shown[_complement(min(given), shown, sums)] = None
    return Published(shown, is_cut=False)


def given_away(shown: Shown, sums: Sequence[Sum], *, small: frozenset[str], work: _Work | None = None) -> list[str]:
    """Return the small parts that somebody who knows the rule can narrow down to less than "1 to 4" from what is shown,
    including those that can't be checked in time.
    """
    work = work or _Work()
    return [
        name
        for name in sorted(small)
        if any(not _may_be(name, value, shown, sums, small=small, work=work) for value in (1, FEWEST - 1))
    ]


def _complement(given: str, shown: Shown, sums: Sequence[Sum]) -> str:
    """Return the cell to hide next, so that a cell is no longer given away: one of its own sums first."""
    near = sorted(sums, key=lambda one: given not in one.parts)
    wholes = [one.whole for one in near if shown[one.whole] is not None]
    if wholes:
        return wholes[0]
    parts = [name for one in near for name in one.parts if shown[name] is not None]
    return min(parts, key=lambda name: (shown[name] or 0, name))


def _may_be(name: str, value: int, shown: Shown, sums: Sequence[Sum], *, small: frozenset[str], work: _Work) -> bool:
    """Return whether everything shown is consistent with this value in a hidden cell."""
    wholes = {one.whole for one in sums}
    most = sum(number or FEWEST for number in shown.values()) * 2
    gaps = frozenset(cell for cell, number in shown.items() if number is None and cell not in wholes | small)
    bounds: _Bounds = {}
    for cell, number in shown.items():
        widest = (1, FEWEST - 1) if cell in small else (0, most)
        bounds[cell] = widest if number is None else (number, number)
    bounds[name] = (value, value)
    try:
        return _has_solution(bounds, sums, gaps, iter(range(_MOST_STEPS)), work)
    except _TakesTooLong:
        return False


def _has_solution(
    bounds: _Bounds, sums: Sequence[Sum], gaps: frozenset[str], steps: Iterator[int], work: _Work
) -> bool:
    """Return whether whole numbers within the bounds satisfy every sum: narrow the bounds, then branch on the cell with
    the fewest values left.
    """
    if next(steps, None) is None:
        raise _TakesTooLong
    narrowed = _narrow(bounds, sums, gaps, work)
    if narrowed is None:
        return False
    bound = {cell for one in sums for cell in (one.whole, *one.parts)}
    loose = [cell for cell in bound if narrowed[cell][0] < narrowed[cell][1]]
    if not loose:
        return True
    chosen = min(loose, key=lambda cell: (narrowed[cell][1] - narrowed[cell][0], cell))
    low, high = narrowed[chosen]
    tries = range(low, high + 1)
    return any(_has_solution({**narrowed, chosen: (value, value)}, sums, gaps, steps, work) for value in tries)


def _narrow(bounds: _Bounds, sums: Sequence[Sum], gaps: frozenset[str], work: _Work) -> _Bounds | None:
    """Return the bounds as far as each sum narrows them; None if a sum can't be satisfied."""
    now = dict(bounds)
    round_costs = len(bounds) + sum(1 + len(one.parts) for one in sums)
    changed = True
    while changed:
        changed = False
        work.spend(round_costs)
        for cell, low, high in _implied(now, sums):
            fits = _without_gap(max(low, now[cell][0]), min(high, now[cell][1]), has_gap=cell in gaps)
            if fits[0] > fits[1]:
                return None
            changed = changed or fits != now[cell]
            now[cell] = fits
    return now


def _implied(bounds: _Bounds, sums: Sequence[Sum]) -> Iterator[tuple[str, int, int]]:
    for one in sums:
        low, high = (sum(bounds[part][end] for part in one.parts) for end in (0, 1))
        yield one.whole, low, high
        least, most = bounds[one.whole]
        for part in one.parts:
            mine = bounds[part]
            yield part, least - (high - mine[1]), most - (low - mine[0])


def _without_gap(low: int, high: int, *, has_gap: bool) -> tuple[int, int]:
    """Adjust bounds for a hidden part that is not small: it is 0, or at least 5."""
    if has_gap and low in _SMALL:
        low = FEWEST
    if has_gap and high in _SMALL:
        high = 0
    return low, high
