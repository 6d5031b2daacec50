"""What a report that a match was wrong weighs: as much as the reporter was right before. Pure.

Reports never switch a record off. They order the list that a person settles, and heavy ones put a note on the answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST_REPORTERS = 2
NOTED_FROM = 1.0


@dataclass(frozen=True, slots=True)
class History:
    """How a person settled a reporter's earlier reports: in how many it was right, in how many not."""

    right: int = 0
    wrong: int = 0


def weight_of(history: History) -> float:
    """From 0 to 1: the share of reports that were right, beginning at a half for somebody of whom nothing is known."""
    return (history.right + 1) / (history.right + history.wrong + 2)


def total_weight(reporters: Iterable[str], histories: Mapping[str, History]) -> float:
    """What several reporters weigh together; each counts once."""
    return sum(weight_of(histories.get(one, History())) for one in sorted(set(reporters)))


def is_noted(reporters: Iterable[str], histories: Mapping[str, History]) -> bool:
    """Whether the answer says that the match is doubted: at least two reporters, with as much weight as two unknown ones."""
    names = set(reporters)
    return len(names) >= LEAST_REPORTERS and total_weight(names, histories) >= NOTED_FROM
