"""What a portal's procedure promises to whoever reports, as those say it who keep its clocks: the public pages know no clocks."""

from collections.abc import Callable

type Sentence = Callable[[int], str]
_KEPT: dict[str, Sentence] = {}


def promise(what: str, sentence: Sentence) -> None:
    """Let `words(portal)` say in the reader's language how long `what` may take; said by the slice that keeps the time."""
    _KEPT[what] = sentence


def promised(what: str, portal_id: int) -> str:
    """How long something may take, in words, or nothing where nobody keeps the time: then no page names one."""
    sentence = _KEPT.get(what)
    return sentence(portal_id) if sentence is not None else ""
