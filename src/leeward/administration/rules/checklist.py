"""What must be true before a portal takes reports. Pure: the facts are read elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

# In the best order for settling them.
POINTS = (
    "emergency", "who_runs_it", "languages", "law", "second_factor", "appeals", "backup", "mail", "paging", "police", "test_report",
)  # fmt: skip
# Nobody can decide to open without these.
INDISPENSABLE = frozenset({"emergency", "paging"})


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the list: settled or open, the fact behind it in one sentence, and a word for the next step if that
    varies."""

    code: str
    is_done: bool
    sentence: str
    next: str = ""

    @property
    def step(self) -> str:
        """Return the next step."""
        return self.next or self.code


def open_points(points: Sequence[Point]) -> list[str]:
    """Return the codes of open points."""
    return [point.code for point in points if not point.is_done]


def may_ever_open(points: Sequence[Point]) -> bool:
    """Return whether an administrator may open the portal despite open points."""
    return not in_the_way(points)


def in_the_way(points: Sequence[Point]) -> list[str]:
    """Return the codes of open points that nobody can override."""
    return [code for code in open_points(points) if code in INDISPENSABLE]
