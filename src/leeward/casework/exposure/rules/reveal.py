"""How much of a picture is shown next: a blurred quarter first, more with each request, and clear only what was seen
blurred. A long video is split into pages, each viewed separately. Pure.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from leeward.foundation.patterns import Pattern

PARTS = (25, 50, 100)
MOST_CHOICES = 30


@dataclass(frozen=True, slots=True)
class Glimpse:
    """How much of a picture is shown: the percentage of its height (or of a page of video frames), whether it is
    blurred, and which page.
    """

    part: int = PARTS[0]
    blurred: bool = True
    page: int = 1

    def __str__(self) -> str:
        return f"{self.part}{'' if self.blurred else 'c'}{f'@{self.page}' if self.page > 1 else ''}"


WISH = Pattern(r"(25|50|100)(c?)(?:@([1-9]\d{0,5}))?")


def glimpse_of(wish: str) -> Glimpse:
    """Parse a glimpse: `50`, `50c` without the blur, `50c@3` on the third page. Raises ValueError."""
    found = WISH.fullmatch(wish)
    if found is None:
        raise ValueError(wish)
    return Glimpse(int(found[1]), not found[2], int(found[3] or 1))


FIRST = Glimpse()


def may_show(wish: Glimpse, seen: Collection[Glimpse]) -> bool:
    """Return whether this may be shown now: the first blurred quarter always; more of it and other pages after that;
    clear only as much of a page as was seen blurred.
    """
    if wish.part not in PARTS:
        return False
    if wish.blurred:
        return wish == FIRST or bool(seen)
    return any(one.blurred and one.page == wish.page and one.part >= wish.part for one in seen)


def more_of(now: Glimpse, seen: Collection[Glimpse]) -> list[Glimpse]:
    """Return what can be requested next: more of it, or the same without the blur; after a clear one the next part,
    blurred if that much was not seen before.
    """
    larger = [replace(now, part=part) for part in PARTS if part > now.part]
    if now.blurred:
        return [*larger, replace(now, blurred=False)]
    return [one if may_show(one, seen) else replace(one, blurred=True) for one in larger[:1]]


def page_of(now: Glimpse, page: int) -> Glimpse:
    """Return the same amount of another page, blurred."""
    return replace(now, blurred=True, page=page)


def pages_to_choose(pages: int) -> range:
    """Return the pages offered for direct access: all of them, or evenly spread ones if there are many."""
    return range(1, pages + 1, -(-pages // MOST_CHOICES)) if pages > 1 else range(0)
