"""Tiles: the hashes of a tree in files of 256 that never change once they are full (c2sp.org/tlog-tiles). Pure."""

from collections.abc import Sequence

from leeward.audit.rules.merkle import appended, root_of

HEIGHT = 8
WIDTH = 1 << HEIGHT
MOST_DIGITS = 18


def path_of(level: int, number: int, width: int = WIDTH) -> str:
    """Return a tile's path: digits in threes, all but the last with an x; a partial tile names how many hashes it holds."""
    threes = [f"{number % 1000:03d}"]
    while number := number // 1000:
        threes.insert(0, f"x{number % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(threes)}{partial}"


def tile_in(path: str) -> tuple[int, int, int] | None:
    """Return the level, number and width that a tile's path names, or None if it isn't as `path_of` writes it."""
    whole, _, partial = path.partition(".p/")
    parts = whole.split("/")
    numbers = ["".join(parts[1:2]), "".join(parts[2:]).replace("x", ""), partial or str(WIDTH)]
    if not all(number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS for number in numbers):
        return None
    level, number, width = map(int, numbers)
    return (level, number, width) if path_of(level, number, width) == path else None


def root_in(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of one tile."""
    peaks: tuple[bytes, ...] = ()
    for size, each in enumerate(hashes):
        peaks = appended(size, peaks, each)
    return root_of(peaks)


def hashes_in(tile: bytes) -> list[bytes]:
    """Return the hashes of a tile's bytes."""
    return [tile[at : at + 32] for at in range(0, len(tile), 32)]
