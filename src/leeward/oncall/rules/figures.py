"""How long pages waited for somebody. Pure."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class AnsweredIn(NamedTuple):
    """Of how many pages, in how many minutes half of them were answered, and the longest time."""

    pages: int
    half: int
    longest: int


def answered_in(minutes: Sequence[int]) -> AnsweredIn | None:
    """Return how soon pages were answered, or None if there were none."""
    return AnsweredIn(len(minutes), round(median(minutes)), max(minutes)) if minutes else None
