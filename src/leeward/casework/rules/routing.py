"""Whose language a report is in: who reads it looks at it. Pure."""

from collections.abc import Collection, Iterable


def left_to_others(mine: Collection[str], others: Iterable[Collection[str]]) -> frozenset[str]:
    """The languages whose cases somebody leaves to colleagues who read them.

    Nothing is left to others by somebody who has not said what they read, and nobody's language is left to nobody.
    """
    if not mine:
        return frozenset()
    return frozenset(language for languages in others for language in languages) - frozenset(mine)
