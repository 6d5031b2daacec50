"""Three-valued logic in which unknown never counts as no (Kleene's strong logic)."""

from enum import IntEnum


class Three(IntEnum):
    """No, unknown, yes, ordered so that `min` is AND and `max` is OR."""

    NO = 0
    UNKNOWN = 1
    YES = 2


NO, UNKNOWN, YES = Three.NO, Three.UNKNOWN, Three.YES

_WORDS = {"yes": YES, "no": NO, "unknown": UNKNOWN}


def three(word: str) -> Three:
    """Return the value of the word yes, no or unknown."""
    return _WORDS[word]


def agreed(*, some_yes: bool, some_no: bool) -> Three:
    """Return the value of a test that some possibilities pass and others fail."""
    if some_yes and some_no:
        return UNKNOWN
    return YES if some_yes else NO


def below(low: int, high: int, limit: int) -> Three:
    """Return whether a number between `low` and `high` (both possible) is below `limit`."""
    return agreed(some_yes=low < limit, some_no=high >= limit)
