"""Which cells are hidden so that none that could point at a person can be worked out, and an attack that tries to. No database, no clock.

A cell from 1 to 4 is hidden, and others with it. Zeros are shown, so everybody knows that what is hidden is 1 at least. Whoever
solves everything that is published together must find that each hidden cell can be anything within a width of 5 at least, and each
small one anything from 1 to 5 (from where the zeros alone put it, to four above: a whole of two parts is 2 at least). Which others
are hidden is the cheapest choice that does it: an integer program whose cuts come from the attacks that still succeed (Fischetti and
Salazar-González, “Solving the cell suppression problem on tabular data with linear constraints”, Management Science 47 (2001),
1008–1027). An attack in whole numbers (`attack.py`) checks the result once more.
"""

from collections.abc import Iterable, Mapping
from math import log2

import highspy
import numpy as np

from leeward.indicators.rules.cells import FEWEST
from leeward.indicators.rules.rounded import Range
from leeward.indicators.suppression.attack import (
    CLOSE,
    LEAST,
    ROOM,
    Cells,
    Rule,
    Seen,
    Sums,
    bottoms_of,
    given_away,
    quiet_solver,
    solver_of,
)

_MOST_ROUNDS = 400


def hidden_in(
    cells: Cells,
    sums: Sums,
    *,
    also: Iterable[str] = (),
    known: frozenset[str] = frozenset(),
    public: Mapping[str, Range] | None = None,
    free: frozenset[str] = frozenset(),
    least: int = LEAST,
    within: Mapping[str, Range] | None = None,
) -> frozenset[str] | None:
    """Return which cells are hidden: the small ones, `also`, and what is hidden with them; None where nothing is enough.

    Those `known` were published before: they can't be hidden. What is `public` of hidden ones was published before under an older
    rule: no choice may tell more of them. Those `free` are nowhere published and only tie others together. Those `within` a range are
    known to be in it if they are hidden. Where no choice is found in time, all others but zeros are hidden.
    """
    public, within = public or {}, within or {}
    first = frozenset(name for name, number in cells.items() if 0 < number < FEWEST) | (frozenset(also) & cells.keys())
    first -= known | free
    everything = frozenset(name for name, number in cells.items() if number and name not in known | free) | first
    problem = _Problem(cells, sums, known=known, public=public, free=free, least=least, within=within)
    hidden = first
    for _ in range(_MOST_ROUNDS):
        if not problem.learn(hidden, first):
            seen = Seen(cells, sums, hidden, free=free, least=least, within=within)
            if not seen.too_close(Rule(problem.bottoms, public, least), hidden, is_first_enough=True):
                return hidden
            problem.want_more(hidden)
        chosen = problem.choose(first)
        if chosen is None:
            break
        hidden = chosen
    close = given_away(cells, sums, everything, public=public, free=free, least=least, within=within)
    return None if close else everything


def worth(number: int, *, is_whole: bool) -> float:
    """Return how much readers lose with a number."""
    return (1 + log2(1 + number)) * (4 if is_whole else 1)


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
        within: Mapping[str, Range],
    ) -> None:
        self.public, self.free, self.within = public, free, within
        self.least, self.bottoms = least, bottoms_of(cells, sums, free, least)
        self.cells, self.sums, self.names, self.known = cells, sums, list(cells), known
        self.numbers = np.array([cells[name] for name in self.names], float)
        self.lows = np.array([0 if name in free else least for name in self.names], float)
        self.highs = self.numbers + ROOM
        for place, name in enumerate(self.names):
            if name in within:
                self.lows[place] = max(self.lows[place], within[name].low)
                self.highs[place] = min(self.highs[place], within[name].high)
        at = {name: number for number, name in enumerate(self.names)}
        self.matrix = np.zeros((len(sums), len(self.names)))
        for row, (whole, parts) in enumerate(sums):
            self.matrix[row, [at[part] for part in parts]] = 1
            self.matrix[row, at[whole]] = -1
        self.wholes = {whole for whole, _ in sums}
        self.cuts: list[tuple[np.ndarray, float]] = []

    def choose(self, first: frozenset[str]) -> frozenset[str] | None:
        """Return the cheapest cells that hold against everything learnt so far; None where there are none in time."""
        solver = quiet_solver()
        for at, name in enumerate(self.names):
            number, is_set = self.cells[name], name in first | self.free
            solver.addVar(float(is_set), float(is_set or (number > 0 and name not in self.known)))
            solver.changeColCost(at, worth(number, is_whole=name in self.wholes))
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
        solver = solver_of(
            self.cells, self.sums, hidden, free=self.free, room=ROOM, least=self.least, within=self.within
        )
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
        gain = np.where(prices < 0, -prices * (self.highs - self.numbers), prices * (self.numbers - self.lows))
        solver.changeColCost(at, 0.0)
        return way * (solution.col_value[at] - self.numbers[at]), np.where(gain > CLOSE, gain, 0.0)

    def _keep(self, reached: float, gain: np.ndarray, needed: float, *, unless: int | None = None) -> None:
        """Where a cell was reached too closely, keep that enough must be hidden; `unless` it is itself shown."""
        if reached >= needed - CLOSE:
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
