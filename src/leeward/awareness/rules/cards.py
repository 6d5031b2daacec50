"""Cards and posters: their sizes, and what a code on paper can hold. Pure."""

from dataclasses import dataclass

# What a phone still reads from a card in poor light; a code could hold ten times as much.
MOST_CODE = 300


@dataclass(frozen=True, slots=True)
class Size:
    """A sheet: its name in CSS, the text size in points, the width of the code in millimetres, and whether the code
    stands beside the text or below it.
    """

    page: str
    points: float
    code_mm: int
    is_beside: bool = True


SIZES = {
    "a6": Size("A6 landscape", 12, 36),
    "a5": Size("A5 landscape", 17.5, 54),
    "a3": Size("A3 portrait", 32, 130, is_beside=False),
}


def short_address(address: str) -> str:
    """Return an address as people type it: without the scheme and the last slash."""
    return (address.partition("://")[2] or address).rstrip("/")


def fits_in_code(text: str) -> bool:
    """Return whether a text can stand in a code on paper: short enough, and one line of visible characters."""
    return 0 < len(text) <= MOST_CODE and text.isprintable()
