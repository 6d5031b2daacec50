"""How much of a picture is shown next: a blurred quarter first, more of it by one wish each, clear only what was seen blurred. A long
video comes on pages, each of them a look of its own. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from leeward.foundation.patterns import Pattern

PARTS = (25, 50, 100)
MOST_CHOICES = 30


@dataclass(frozen=True, slots=True)
class Glimpse:
    """How much of a picture is shown, in percent of its height (or of a page of a video's pictures), whether blurred, and which page."""

    part: int = PARTS[0]
    blurred: bool = True
    page: int = 1

    def __str__(self) -> str:
        return f"{self.part}{'' if self.blurred else 'c'}{f'@{self.page}' if self.page > 1 else ''}"


WISH = Pattern(r"(25|50|100)(c?)(?:@([1-9]\d{0,5}))?")


def glimpse_of(wish: str) -> Glimpse:
    """A glimpse as it is written: `50`, `50c` without the blur, `50c@3` on the third page. Raises ValueError."""
    found = WISH.fullmatch(wish)
    if found is None:
        raise ValueError(wish)
    return Glimpse(int(found[1]), not found[2], int(found[3] or 1))


FIRST = Glimpse()


def may_show(wish: Glimpse, seen: Collection[Glimpse]) -> bool:
    """Whether this may come now: the first blurred quarter always, more of it and other pages after that, and clear only as much of a
    page as was seen blurred."""
    if wish.part not in PARTS:
        return False
    if wish.blurred:
        return wish == FIRST or bool(seen)
    return any(one.blurred and one.page == wish.page and one.part >= wish.part for one in seen)


def more_of(now: Glimpse, seen: Collection[Glimpse]) -> list[Glimpse]:
    """What can be asked for next: more of it, or the same without the blur; of a clear one the next part, blurred where that much was
    not seen before."""
    larger = [replace(now, part=part) for part in PARTS if part > now.part]
    if now.blurred:
        return [*larger, replace(now, blurred=False)]
    return [one if may_show(one, seen) else replace(one, blurred=True) for one in larger[:1]]


def page_of(now: Glimpse, page: int) -> Glimpse:
    """The same much of another page, blurred."""
    return replace(now, blurred=True, page=page)


def pages_to_choose(pages: int) -> range:
    """The pages that can be gone to at once: all of them, or evenly spread ones where they are many."""
    return range(1, pages + 1, -(-pages // MOST_CHOICES)) if pages > 1 else range(0)
