"""Numbers that would be hidden, shown as a multiple of 5 from which nobody comes closer than the rule. Pure.

Rounding to the nearest would tell a range of 4 (“10” is 8 to 12), and of a small number 1 to 2 or 3 to 7. So each number goes down or up
to one of the two multiples beside it, and which is decided by an offset that nobody but us knows: “10” is 6 to 14, “5” is 1 to 9. Small
numbers always go up, as zeros are shown. A cell has the same offset in all editions of its year, so that the same number is always shown
the same; whoever has two editions knows that, and so does the attack (`raised_of`).
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

BASE = 5
_AWAY = BASE - 1

type Offsets = Callable[[str], int]  # of a cell: what is added before the next multiple below is taken


@dataclass(frozen=True, slots=True)
class Range:
    """What a hidden cell can be for somebody who solves everything that is shown."""

    low: int
    high: int

    def covers(self, other: "Range") -> bool:
        """Return whether whoever knows this knows nothing more than the other tells."""
        return self.low <= other.low and self.high >= other.high

    def within(self, other: "Range") -> "Range":
        """Return what both leave."""
        return Range(max(self.low, other.low), min(self.high, other.high))


OFFSETS = Range(0, _AWAY)


def offsets_by(secret: bytes, *, portal_id: int, year: int) -> Offsets:
    """Return the offset of each cell of a portal and year: always the same, and nobody can predict it."""

    def offset(cell: str) -> int:
        text = f"figures rounded {portal_id} {year} {cell}"
        return int.from_bytes(hmac.digest(secret, text.encode(), "sha256")) % BASE

    return offset


def rounded(number: int, offset: int) -> int:
    """Return the multiple of 5 that a number is shown as."""
    return max(BASE, (number + offset) // BASE * BASE)


def offsets_left(number: int, shown: int) -> Range:
    """Return which offsets show a number as this multiple."""
    return Range(0 if shown == BASE else max(0, shown - number), min(_AWAY, shown + _AWAY - number))


def raised_of(shown: int) -> Range:
    """Return what a number with its offset can be that is shown as this multiple."""
    return Range(1 if shown == BASE else shown, shown + _AWAY)


def range_of(shown: int) -> Range:
    """Return what a number can be that is shown as this multiple of 5: it is no further than 4 away, and 1 at least."""
    return Range(max(1, shown - _AWAY), shown + _AWAY)


def both(within: Mapping[str, Range], ranges: Mapping[str, Range]) -> dict[str, Range]:
    """Return the range of each cell for whoever knows the one and the other."""
    return {**within, **{name: reach.within(within.get(name, reach)) for name, reach in ranges.items()}}
