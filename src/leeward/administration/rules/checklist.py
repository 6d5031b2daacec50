"""What must be true before a portal takes reports. Pure: the facts are read elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

# In the order in which they are best settled.
POINTS = (
    "emergency", "languages", "law", "second_factor", "appeals", "backup", "mail", "paging", "police", "test_report",
)  # fmt: skip
# Nobody can take it upon themselves to open without these.
INDISPENSABLE = frozenset({"emergency", "paging"})


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the list: settled or open, the fact behind it in one sentence, and a word for what is to be done next where
    that isn't always the same."""

    code: str
    is_done: bool
    says: str
    next: str = ""

    @property
    def step(self) -> str:
        """What is to be done next."""
        return self.next or self.code


def open_points(points: Sequence[Point]) -> list[str]:
    """The codes of what is still open."""
    return [point.code for point in points if not point.is_done]


def may_ever_open(points: Sequence[Point]) -> bool:
    """Whether an administrator may open the portal although points are open."""
    return not in_the_way(points)


def in_the_way(points: Sequence[Point]) -> list[str]:
    """The codes of open points without which nobody can open the portal."""
    return [code for code in open_points(points) if code in INDISPENSABLE]
