"""What has to be settled before a portal goes to another hotline. Pure."""

from collections.abc import Mapping, Sequence

AT_ONCE = 200
"""Reports that go along with the portal itself, in one transaction. 300 took 6 s; others who want to write wait for up to 30 s."""
PIECE = 50
"""Of the others, how many follow in one transaction each."""
# What keeps a portal here, in the order in which it is shown; each is counted.
IN_THE_WAY = (
    "urgent", "paging", "in_hand", "held", "protection", "appealed", "from_peers", "from_abroad", "changes", "partners", "no_bank",
    "nobody",
)  # fmt: skip


def in_the_way(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the names of what has to be settled first; what was not counted is in the way."""
    return tuple(name for name in IN_THE_WAY if counts.get(name) != 0)


def pieces_of(reports: Sequence[int]) -> list[tuple[int, ...]]:
    """Return reports in the pieces in which they follow a portal, in their order."""
    return [tuple(reports[first : first + PIECE]) for first in range(0, len(reports), PIECE)]
