"""Which pictures of a video are shown: one every ten seconds, on pages of four minutes. Pure."""

from math import ceil

EVERY_SECONDS = 10
ON_A_PAGE = 24
PAGE_SECONDS = EVERY_SECONDS * ON_A_PAGE


def pages_of(seconds: float) -> int:
    """Return how many pages the pictures of a video fill if the last one is at `seconds`."""
    return ceil(_count(seconds) / ON_A_PAGE)


def moments_on(page: int, seconds: float) -> list[int]:
    """Return the seconds of the pictures on one page, counted from 1; none beyond the last."""
    here = range(_count(seconds))[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return [number * EVERY_SECONDS for number in here]


def _count(seconds: float) -> int:
    return int(max(seconds, 0) // EVERY_SECONDS) + 1
