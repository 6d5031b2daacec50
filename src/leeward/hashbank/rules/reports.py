"""The weight of a report that a match was wrong: it depends on how often the reporter was right before. Pure.

Reports never switch a record off. They order the list that a person works through, and heavy ones add a note to
answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST_REPORTERS = 2
NOTED_FROM = 1.0


@dataclass(frozen=True, slots=True)
class History:
    """How a person settled a reporter's earlier reports: how many were right and how many wrong."""

    right: int = 0
    wrong: int = 0


def weight_of(history: History) -> float:
    """Return the share of correct reports, from 0 to 1, starting at one half for an unknown reporter."""
    return (history.right + 1) / (history.right + history.wrong + 2)


def total_weight(reporters: Iterable[str], histories: Mapping[str, History]) -> float:
    """Return the combined weight of several reporters; each counts once."""
    return sum(weight_of(histories.get(one, History())) for one in sorted(set(reporters)))


def is_noted(reporters: Iterable[str], histories: Mapping[str, History]) -> bool:
    """Return whether answers mention the doubt: at least two reporters, with at least the weight of two unknown ones."""
    names = set(reporters)
    return len(names) >= LEAST_REPORTERS and total_weight(names, histories) >= NOTED_FROM
