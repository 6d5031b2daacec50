"""Which hidden cells can be shown as a multiple of 5 (`rules/rounded.py`). No database, no clock.

To the attack that is a cell `within` the range that the multiple leaves; those stay hidden whose ranges would bring somebody closer
together than the rule allows.
"""

from collections.abc import Mapping

import highspy

from leeward.indicators.rules.rounded import Range, both
from leeward.indicators.suppression.attack import (
    CLOSE,
    LEAST,
    ROOM,
    Cells,
    Moves,
    Rule,
    Seen,
    Sums,
    bottoms_of,
    solver_of,
)
from leeward.indicators.suppression.hiding import worth

_MOST_TRIED = 20  # of what rounding leaves hidden at first


def rounded_in(
    cells: Cells,
    sums: Sums,
    hidden: frozenset[str],
    ranges: Mapping[str, Mapping[str, Range]],
    *,
    moves: Moves | None = None,
    public: Mapping[str, Range] | None = None,
    free: frozenset[str] = frozenset(),
    least: int = LEAST,
    within: Mapping[str, Range] | None = None,
) -> frozenset[str]:
    """Return which hidden cells may be shown rounded, each telling its `ranges`; the rest stay hidden. Of `moves` nobody may learn
    that few changed, where that isn't known without.

    It begins with all of them. Where a cell is too close, the least telling of those that hold it there stays hidden, until none is. That
    only widens what the others can be, so each is attacked again only while it is too close. Then those left out are tried once more.
    """
    within = within or {}
    rule = Rule(bottoms_of(cells, sums, free, least), public or {}, least)
    seen = Seen(cells, sums, hidden, free=free, least=least, within=within)
    moves = {name: one for name, one in (moves or {}).items() if not seen.too_close(rule, frozenset(), {name: one})}
    kept, only, moved = dict(ranges), hidden, moves
    while kept:
        seen = Seen(cells, sums, hidden, free=free, least=least, within=both(within, _all_of(kept)))
        close = seen.too_close(rule, only, moved)
        if not close:
            break
        only, moved = frozenset(close) - moves.keys(), {name: moves[name] for name in close if name in moves}
        solver = solver_of(cells, sums, hidden, free=free, room=ROOM, least=least, within=seen.within)
        for name in {
            _to_leave(solver, cells, sums, rule, one, moves=moves, kept=kept) for one in sorted(close.items())
        }:
            del kept[name]
    wholes = {whole for whole, _ in sums}
    left_out = sorted(
        ranges.keys() - kept.keys(), key=lambda name: (-worth(cells[name], is_whole=name in wholes), name)
    )
    for name in left_out[:_MOST_TRIED]:
        tried = {**kept, name: ranges[name]}
        seen = Seen(cells, sums, hidden, free=free, least=least, within=both(within, _all_of(tried)))
        if not seen.too_close(rule, hidden, moves, is_first_enough=True):
            kept = tried
    return frozenset(kept)


def _all_of(kept: Mapping[str, Mapping[str, Range]]) -> dict[str, Range]:
    return {name: reach for ranges in kept.values() for name, reach in ranges.items()}


def _to_leave(
    solver: highspy.Highs,
    cells: Cells,
    sums: Sums,
    rule: Rule,
    close: tuple[str, Range],
    *,
    moves: Moves,
    kept: Mapping[str, Mapping[str, Range]],
) -> str:
    """Return which of the rounded cells is left out so that one can be further: of those that hold it where it is (in real numbers; of
    all where only whole numbers do), the one that tells least."""
    names, binding = list(cells), set[str]()
    name, reach = close
    larger, smaller = moves.get(name, (name, None))
    for way in rule.ways(name, reach, is_move=name in moves):
        solver.changeColCost(names.index(larger), way)
        if smaller is not None:
            solver.changeColCost(names.index(smaller), -way)
        solver.run()
        # A dual above 0 is of the lower end of a range; where that is 1, everybody knew it without.
        duals = dict(zip(names, solver.getSolution().col_dual, strict=True))
        binding |= {
            of
            for of, ranges in kept.items()
            for one, within in ranges.items()
            if duals[one] < -CLOSE or (duals[one] > CLOSE and within.low > LEAST)
        }
    for one in (larger, smaller):
        if one is not None:
            solver.changeColCost(names.index(one), 0.0)
    wholes = {whole for whole, _ in sums}
    own = {one for one in (larger, smaller) if one is not None and one in kept}
    return min(binding or own or kept, key=lambda name: (worth(cells[name], is_whole=name in wholes), name))
