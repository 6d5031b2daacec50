"""Which cells are hidden so that none that could point at a person can be worked out, and an attack that tries to. No database, no clock.

A cell from 1 to 4 is hidden, and others with it. Zeros are shown, so everybody knows that what is hidden is 1 at least. Whoever
solves everything that is published together must find that each hidden cell can be anything within a width of 5 at least, and each
small one anything from 1 to 5 (from where the zeros alone put it, to four above: a whole of two parts is 2 at least). Which others
are hidden is the cheapest choice that does it: an integer program whose cuts come from the attacks that still succeed (Fischetti and
Salazar-González, “Solving the cell suppression problem on tabular data with linear constraints”, Management Science 47 (2001),
1008–1027). An attack in whole numbers checks the result once more.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log2

import highspy
import numpy as np

from leeward.indicators.rules.cells import FEWEST

LEAST = 1  # what a hidden cell is at least, as everybody knows
_ROOM = 4 * FEWEST  # how far above the truth an attacker looks: no further, so that less is hidden by luck
_MOST_ROUNDS = 400
_MOST_SECONDS = 20.0
_CLOSE = 1e-6

type Cells = Mapping[str, int]
type Sums = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Range:
    """What a hidden cell can be for somebody who solves everything that is shown."""

    low: int
    high: int

    def covers(self, other: "Range") -> bool:
        """Return whether whoever knows this knows nothing more than the other tells."""
        return self.low <= other.low and self.high >= other.high


def hidden_in(
    cells: Cells,
    sums: Sums,
    *,
    also: Iterable[str] = (),
    known: frozenset[str] = frozenset(),
    public: Mapping[str, Range] | None = None,
    free: frozenset[str] = frozenset(),
    least: int = LEAST,
) -> frozenset[str] | None:
    """Return which cells are hidden: the small ones, `also`, and what is hidden with them; None where nothing is enough.

    Those `known` were published before: they can't be hidden. What is `public` of hidden ones was published before under an older
    rule: no choice may tell more of them. Those `free` are nowhere published and only tie others together. Where no choice is found in
    time, all others but zeros are hidden.
    """
    public = public or {}
    first = frozenset(name for name, number in cells.items() if 0 < number < FEWEST) | (frozenset(also) & cells.keys())
    first -= known | free
    everything = frozenset(name for name, number in cells.items() if number and name not in known | free) | first
    problem = _Problem(cells, sums, known=known, public=public, free=free, least=least)
    hidden = first
    for _ in range(_MOST_ROUNDS):
        if not problem.learn(hidden, first):
            if not _closer(problem.bottoms, attack(cells, sums, hidden, free=free, least=least), public, least):
                return hidden
            problem.want_more(hidden)
        found = problem.choose(first)
        if found is None:
            break
        hidden = found
    return None if given_away(cells, sums, everything, public=public, free=free, least=least) else everything


def given_away(
    cells: Cells,
    sums: Sums,
    hidden: frozenset[str],
    *,
    public: Mapping[str, Range] | None = None,
    only: frozenset[str] | None = None,
    free: frozenset[str] = frozenset(),
    least: int = LEAST,
) -> dict[str, Range]:
    """Return the hidden cells (of `only` these) that somebody can come closer to than the rule allows, and closer than what is
    `public` of them, in whole numbers, with how close."""
    found = attack(cells, sums, hidden, free=free, least=least, only=only)
    return _closer(_bottoms(cells, sums, free, least), found, public or {}, least)


def _bottoms(cells: Cells, sums: Sums, free: frozenset[str], least: int) -> dict[str, int]:
    """Return what each small cell is at least for somebody who knows the zeros alone."""
    small = frozenset(name for name, number in cells.items() if 0 < number < FEWEST) - free
    everything = frozenset(name for name, number in cells.items() if number) - free
    found = attack(cells, sums, everything, free=free, least=least, only=small)
    return {name: reach.low for name, reach in found.items()}


def _closer(bottoms: Cells, found: Mapping[str, Range], public: Mapping[str, Range], least: int) -> dict[str, Range]:
    return {
        name: reach
        for name, reach in found.items()
        if not _is_wide(bottoms.get(name), reach, least) and not (name in public and reach.covers(public[name]))
    }


def _is_wide(bottom: int | None, reach: Range, least: int) -> bool:
    """Return whether the rule holds; without a bottom the cell isn’t small."""
    if bottom is not None:
        return reach.low <= bottom and reach.high >= bottom + FEWEST - least
    return reach.high - reach.low >= FEWEST


def attack(
    cells: Cells,
    sums: Sums,
    hidden: frozenset[str],
    *,
    most: int | None = None,
    free: frozenset[str] = frozenset(),
    least: int = LEAST,
    only: frozenset[str] | None = None,
) -> dict[str, Range]:
    """Return what each hidden cell (or `only` these) can be, found by an integer solver that knows every cell that is shown and every sum.

    It looks up to `most` above the truth. A cell that it gives up on counts as known.
    """
    names = list(cells)
    solver = _solver(cells, sums, hidden, free=free, room=_ROOM if most is None else most, least=least)
    for at in range(len(names)):
        solver.changeColIntegrality(at, highspy.HighsVarType.kInteger)
    found = {}
    for at, name in enumerate(names):
        if name in (hidden if only is None else only):
            ends = []
            for cost in (1.0, -1.0):
                solver.changeColCost(at, cost)
                solver.run()
                is_solved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
                ends.append(round(solver.getSolution().col_value[at]) if is_solved else cells[name])
            solver.changeColCost(at, 0.0)
            found[name] = Range(*ends)
    return found


def _solver(
    cells: Cells, sums: Sums, hidden: frozenset[str], *, free: frozenset[str], room: int, least: int
) -> highspy.Highs:
    """Return what somebody knows: shown cells are fixed, hidden ones from `least` up, free ones from 0 up, and each whole is the sum of
    its parts."""
    solver = _quiet()
    at = {name: number for number, name in enumerate(cells)}
    for name, number in cells.items():
        low, high = (least, number + room) if name in hidden else (number, number)
        solver.addVar(*((0, number + room) if name in free else (low, high)))
    for whole, parts in sums:
        row = [at[part] for part in parts]
        solver.addRow(0, 0, len(row) + 1, np.array([*row, at[whole]], np.int32), np.array([1.0] * len(row) + [-1.0]))
    return solver


@cache
def _greet() -> None:
    """Make the first solver of the process: it greets on standard output, where a command’s rows go, so that goes nowhere."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _quiet() -> highspy.Highs:
    _greet()
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", _MOST_SECONDS)
    solver.setOptionValue("threads", 1)
    return solver


class _Problem:
    """The choice of cells as an integer program, with what attacks have taught so far."""

    def __init__(
        self,
        cells: Cells,
        sums: Sums,
        *,
        known: frozenset[str],
        public: Mapping[str, Range],
        free: frozenset[str],
        least: int,
    ) -> None:
        self.public, self.free = public, free
        self.least, self.bottoms = least, _bottoms(cells, sums, free, least)
        self.cells, self.sums, self.names, self.known = cells, sums, list(cells), known
        self.numbers = np.array([cells[name] for name in self.names], float)
        self.lows = np.array([0 if name in free else least for name in self.names], float)
        at = {name: number for number, name in enumerate(self.names)}
        self.matrix = np.zeros((len(sums), len(self.names)))
        for row, (whole, parts) in enumerate(sums):
            self.matrix[row, [at[part] for part in parts]] = 1
            self.matrix[row, at[whole]] = -1
        self.wholes = {whole for whole, _ in sums}
        self.cuts: list[tuple[np.ndarray, float]] = []

    def choose(self, first: frozenset[str]) -> frozenset[str] | None:
        """Return the cheapest cells that hold against everything learnt so far; None where there are none in time."""
        solver = _quiet()
        for at, name in enumerate(self.names):
            number, is_set = self.cells[name], name in first | self.free
            solver.addVar(float(is_set), float(is_set or (number > 0 and name not in self.known)))
            solver.changeColCost(at, (1 + log2(1 + number)) * (4 if name in self.wholes else 1))
            solver.changeColIntegrality(at, highspy.HighsVarType.kInteger)
        for weights, needed in self.cuts:
            (index,) = weights.nonzero()
            solver.addRow(needed, highspy.kHighsInf, len(index), index.astype(np.int32), weights[index])
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        chosen = solver.getSolution().col_value
        return frozenset(name for name, value in zip(self.names, chosen, strict=True) if value > 0.5) - self.free

    def learn(self, hidden: frozenset[str], first: frozenset[str]) -> bool:
        """Attack a choice in real numbers; where it gives something away, keep what any choice must do. Return whether it did."""
        solver = _solver(self.cells, self.sums, hidden, free=self.free, room=_ROOM, least=self.least)
        before = len(self.cuts)
        for name in sorted(hidden):
            at, number = self.names.index(name), self.cells[name]
            (up, up_gain), (down, down_gain) = (self._reach(solver, at, way) for way in (1, -1))
            if name in self.public:
                reach = self.public[name]
                self._keep(up, up_gain, reach.high - number)
                self._keep(down, down_gain, number - reach.low)
            elif name in self.bottoms:
                bottom = self.bottoms[name]
                self._keep(up, up_gain, bottom + FEWEST - self.least - number)
                self._keep(down, down_gain, number - bottom)
            else:
                self._keep(up + down, up_gain + down_gain, FEWEST, unless=None if name in first else at)
        return len(self.cuts) > before

    def _reach(self, solver: highspy.Highs, at: int, way: int) -> tuple[float, np.ndarray]:
        """Return how far a cell can be from its number, up or down, and how much further each cell could let it go if hidden:
        its price at the sums times how far it can move itself."""
        solver.changeColCost(at, -float(way))
        solver.run()
        solution = solver.getSolution()
        costs = np.zeros(len(self.names))
        costs[at] = -way
        prices = costs - np.array(solution.row_dual) @ self.matrix if self.sums else costs
        gain = np.where(prices < 0, -prices * _ROOM, prices * (self.numbers - self.lows))
        solver.changeColCost(at, 0.0)
        return way * (solution.col_value[at] - self.numbers[at]), np.where(gain > _CLOSE, gain, 0.0)

    def _keep(self, reached: float, gain: np.ndarray, needed: float, *, unless: int | None = None) -> None:
        """Where a cell was reached too closely, keep that enough must be hidden; `unless` it is itself shown."""
        if reached >= needed - _CLOSE:
            return
        weights = np.minimum(gain, needed)
        if unless is not None:
            weights[unless] -= needed
            needed = 0.0
        self.cuts.append((weights, needed))

    def want_more(self, hidden: frozenset[str]) -> None:
        """Ask for one cell more than a choice that only whole numbers give away."""
        weights = np.array(
            [float(name not in hidden | self.known | self.free and self.cells[name] > 0) for name in self.names]
        )
        self.cuts.append((weights, 1.0))
