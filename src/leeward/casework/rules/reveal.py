"""How much of a picture is shown next: a blurred quarter first, more of it by one wish each, clear only what was seen blurred. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

PARTS = (25, 50, 100)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """How much of a picture is shown, in percent of its height (or of a video's length), and whether blurred."""

    part: int = PARTS[0]
    blurred: bool = True


FIRST = Glimpse()


def may_show(wish: Glimpse, seen: Collection[Glimpse]) -> bool:
    """Whether this may come now: the blurred quarter always, more of it after that, and clear only as much as was seen blurred."""
    if wish.part not in PARTS:
        return False
    if wish.blurred:
        return wish == FIRST or bool(seen)
    return any(one.blurred and one.part >= wish.part for one in seen)


def more_of(now: Glimpse, seen: Collection[Glimpse]) -> list[Glimpse]:
    """What can be asked for next: more of it, or the same without the blur; of a clear one the next part, blurred where that much was
    not seen before."""
    larger = [Glimpse(part, now.blurred) for part in PARTS if part > now.part]
    if now.blurred:
        return [*larger, Glimpse(now.part, blurred=False)]
    return [one if may_show(one, seen) else Glimpse(one.part) for one in larger[:1]]
