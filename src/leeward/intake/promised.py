"""The times that a portal's procedure promises to reporters, supplied by the slice that keeps the clocks, so that the
public pages need not know about clocks.
"""

from collections.abc import Callable

type Sentence = Callable[[int], str]
_KEPT: dict[str, Sentence] = {}


def promise(what: str, sentence: Sentence) -> None:
    """Register `words(portal)`, which returns in the reader's language how long `what` may take; called by the slice
    that keeps the time.
    """
    _KEPT[what] = sentence


def promised(what: str, portal_id: int) -> str:
    """Return how long something may take, in words, or "" if no slice keeps the time: then no page names one."""
    sentence = _KEPT.get(what)
    return sentence(portal_id) if sentence is not None else ""
