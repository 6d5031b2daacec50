"""What has to be settled before a portal goes to another hotline. Pure."""

from collections.abc import Mapping

MOST_REPORTS = 500
"""Reports that go along at once: in one transaction, while nobody else writes. Others wait for up to 30 s."""
# What keeps a portal here, in the order in which it is shown; each is counted.
IN_THE_WAY = (
    "urgent", "paging", "in_hand", "held", "protection", "appealed", "from_others", "changes", "partners", "no_bank", "nobody",
    "too_many",
)  # fmt: skip


def in_the_way(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the names of what has to be settled first; what was not counted is in the way."""
    return tuple(name for name in IN_THE_WAY if counts.get(name) != 0)
