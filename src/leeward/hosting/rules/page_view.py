"""A page for somebody who must see none of its pictures: its words in order, and a box for each picture. Pure;
`decoders/page_view.py` parses pages."""

from dataclasses import dataclass
from typing import Literal

MOST_BLOCKS = 1500
MOST_LETTERS = 2000  # of one block
MOST_OF_PAGE = 120_000  # letters of all blocks together

type BlockKind = Literal["heading", "text", "item", "row", "quote", "code", "picture", "video", "frame", "field"]
KINDS: tuple[BlockKind, ...] = (
    "heading",
    "text",
    "item",
    "row",
    "quote",
    "code",
    "picture",
    "video",
    "frame",
    "field",
)


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a page. `text` is what it says: for a picture what its page calls it, for a field its label. `level`
    of a heading is 1 to 6, of an item the depth of its list. `is_hidden`: the page hides it."""

    kind: BlockKind
    text: str
    level: int = 0
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class PageView:
    """A page without its pictures. `language` is what the page declares, or ""; `is_cut`: there is more than is shown."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    is_cut: bool

    @property
    def pictures(self) -> int:
        """Return how many pictures and videos were masked."""
        return sum(block.kind in ("picture", "video") for block in self.blocks)
