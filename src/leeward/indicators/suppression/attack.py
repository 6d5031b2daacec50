"""What somebody can work out who solves everything that is published together, found by an integer solver. No database, no clock.

Everybody knows that a hidden cell is 1 at least, as zeros are shown; every sum; and of a rounded one the range that its multiple leaves.
The rule: each small cell can be anything from 1 to 5 (from where the zeros alone put it, to four above: a whole of two parts is 2 at
least), each other hidden one anything within a width of 5.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import highspy
import numpy as np

from leeward.indicators.rules.cells import FEWEST
from leeward.indicators.rules.rounded import Range

LEAST = 1  # what a hidden cell is at least, as everybody knows
ROOM = 4 * FEWEST  # how far above the truth an attacker looks: no further, so that less is hidden by luck
CLOSE = 1e-6
_MOST_SECONDS = 20.0

type Cells = Mapping[str, int]
type Sums = Sequence[tuple[str, Sequence[str]]]
type Moves = Mapping[str, tuple[str, str]]  # of which cell two editions show how much more it is than the other


def given_away(
    cells: Cells,
    sums: Sums,
    hidden: frozenset[str],
    *,
    public: Mapping[str, Range] | None = None,
    only: frozenset[str] | None = None,
    free: frozenset[str] = frozenset(),
    least: int = LEAST,
    within: Mapping[str, Range] | None = None,
) -> dict[str, Range]:
    """Return the hidden cells (of `only` these) that somebody can come closer to than the rule allows, and closer than what is
    `public` of them, in whole numbers, with how close."""
    seen = Seen(cells, sums, hidden, free=free, least=least, within=within or {})
    return seen.too_close(
        Rule(bottoms_of(cells, sums, free, least), public or {}, least), hidden if only is None else only
    )


def bottoms_of(cells: Cells, sums: Sums, free: frozenset[str], least: int) -> dict[str, int]:
    """Return what each small cell is at least for somebody who knows the zeros alone."""
    small = [name for name, number in cells.items() if 0 < number < FEWEST and name not in free]
    everything = frozenset(name for name, number in cells.items() if number) - free
    seen = Seen(cells, sums, everything, free=free, least=least, within={})
    return {name: least if seen.so_far(name).low <= least else seen.end(name, down=True) for name in small}


@dataclass(frozen=True, slots=True)
class Rule:
    """How far a cell must be: a small one from its bottom to four above, another anywhere in a width of 5, or as far as is `public`."""

    bottoms: Cells
    public: Mapping[str, Range]
    least: int

    def holds(self, name: str, reach: Range, *, is_move: bool = False) -> bool:
        """Return whether it does. Of a number that moved by few nobody may know that it moved, or everybody finds 1 to 5 possible."""
        if is_move:
            return reach.low <= 0 or (reach.low <= LEAST and reach.high >= FEWEST)
        if name in self.public and reach.covers(self.public[name]):
            return True
        if name in self.bottoms:
            bottom = self.bottoms[name]
            return reach.low <= bottom and reach.high >= bottom + FEWEST - self.least
        return reach.high - reach.low >= FEWEST

    def ways(self, name: str, reach: Range, *, is_move: bool) -> tuple[float, ...]:
        """Return in which directions a cell that is too close must be further: down (1), up (-1)."""
        bottom = LEAST if is_move else self.bottoms.get(name)
        if bottom is None:
            return 1.0, -1.0
        return (1.0,) * (reach.low > bottom) + (-1.0,) * (reach.high < bottom + FEWEST - self.least)


class Seen:
    """What somebody finds who asks an integer solver again and again: how far each cell can be. Each answer shows what all of them can
    be at the same time, so few need a question of their own."""

    def __init__(
        self,
        cells: Cells,
        sums: Sums,
        hidden: frozenset[str],
        *,
        free: frozenset[str],
        least: int,
        within: Mapping[str, Range],
        room: int | None = None,
    ) -> None:
        self.at = {name: number for number, name in enumerate(cells)}
        self.within = within
        self.solver = solver_of(
            cells, sums, hidden, free=free, room=ROOM if room is None else room, least=least, within=within
        )
        for at in range(len(cells)):
            self.solver.changeColIntegrality(at, highspy.HighsVarType.kInteger)
        self.answers = [np.array(list(cells.values()), int)]
        self.lows, self.highs = self.answers[0].copy(), self.answers[0].copy()

    def so_far(self, name: str, less: str | None = None) -> Range:
        """Return how far a cell, or how much more it than another, was in any answer."""
        if less is None:
            return Range(int(self.lows[self.at[name]]), int(self.highs[self.at[name]]))
        apart = [int(answer[self.at[name]] - answer[self.at[less]]) for answer in self.answers]
        return Range(min(apart), max(apart))

    def end(self, name: str, less: str | None = None, *, down: bool) -> int:
        """Return the least or most that a cell can be, or how much more than another. One that the solver gives up on counts as known."""
        for one, cost in ((name, 1.0), (less, -1.0)):
            if one is not None:
                self.solver.changeColCost(self.at[one], cost if down else -cost)
        self.solver.run()
        answer = self.answers[0]
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            answer = np.rint(self.solver.getSolution().col_value).astype(int)
            self.answers.append(answer)
            self.lows, self.highs = np.minimum(self.lows, answer), np.maximum(self.highs, answer)
        for one in (name, less):
            if one is not None:
                self.solver.changeColCost(self.at[one], 0.0)
        return int(answer[self.at[name]] - (0 if less is None else answer[self.at[less]]))

    def reach(self, name: str, less: str | None = None) -> Range:
        """Return the least and most."""
        return Range(self.end(name, less, down=True), self.end(name, less, down=False))

    def too_close(
        self, rule: Rule, only: frozenset[str], moves: Moves | None = None, *, is_first_enough: bool = False
    ) -> dict[str, Range]:
        """Return those for which the rule doesn’t hold, with how close; `is_first_enough`: no more than one."""
        found = dict[str, Range]()
        asked: list[tuple[str, str, str | None]] = [(name, name, None) for name in self.at if name in only]
        asked += [(name, larger, smaller) for name, (larger, smaller) in (moves or {}).items()]
        for name, of, less in asked:
            is_move = less is not None
            if rule.holds(name, self.so_far(of, less), is_move=is_move):
                continue
            reach = self.reach(of, less)
            if not rule.holds(name, reach, is_move=is_move):
                found[name] = reach
                if is_first_enough:
                    break
        return found


def attack(
    cells: Cells,
    sums: Sums,
    hidden: frozenset[str],
    *,
    most: int | None = None,
    free: frozenset[str] = frozenset(),
    least: int = LEAST,
    only: frozenset[str] | None = None,
    within: Mapping[str, Range] | None = None,
) -> dict[str, Range]:
    """Return what each hidden cell (or `only` these) can be, found by an integer solver that knows every cell that is shown, every sum,
    and `within` which range a rounded one is.

    It looks up to `most` above the truth. A cell that it gives up on counts as known.
    """
    seen = Seen(cells, sums, hidden, free=free, least=least, within=within or {}, room=most)
    return {name: seen.reach(name) for name in cells if name in (hidden if only is None else only)}


def solver_of(
    cells: Cells,
    sums: Sums,
    hidden: frozenset[str],
    *,
    free: frozenset[str],
    room: int,
    least: int,
    within: Mapping[str, Range],
) -> highspy.Highs:
    """Return what somebody knows: shown cells are fixed, hidden ones from `least` up and in their range, free ones from 0 up, and each
    whole is the sum of its parts."""
    solver = quiet_solver()
    at = {name: number for number, name in enumerate(cells)}
    for name, number in cells.items():
        reach = Range(0 if name in free else least, number + room)
        if name not in hidden | free:
            reach = Range(number, number)
        elif name in within:
            reach = reach.within(within[name])
        solver.addVar(reach.low, reach.high)
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


def quiet_solver() -> highspy.Highs:
    _greet()
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", _MOST_SECONDS)
    solver.setOptionValue("threads", 1)
    return solver
