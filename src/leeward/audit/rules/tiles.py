"""Tiles: the hashes of a tree in files of 256 that never change once they are full (c2sp.org/tlog-tiles). Pure."""

from collections.abc import Sequence

from leeward.audit.rules.merkle import appended, root_of

HEIGHT = 8
WIDTH = 1 << HEIGHT


def path_of(level: int, number: int, width: int = WIDTH) -> str:
    """Return a tile's path: digits in threes, all but the last with an x; a partial tile names how many hashes it holds."""
    threes = [f"{number % 1000:03d}"]
    while number := number // 1000:
        threes.insert(0, f"x{number % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(threes)}{partial}"


def number_in(path: str) -> int | None:
    """Return the number that the digits of a tile's path spell (`x001/x234/067`), or None if they aren't as `path_of` writes them."""
    digits = path.replace("/", "").replace("x", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 3 * 6:
        return None
    number = int(digits)
    return number if path_of(0, number) == f"tile/0/{path}" else None


def root_in(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of one tile."""
    peaks: tuple[bytes, ...] = ()
    for size, each in enumerate(hashes):
        peaks = appended(size, peaks, each)
    return root_of(peaks)


def hashes_in(tile: bytes) -> list[bytes]:
    """Return the hashes of a tile's bytes."""
    return [tile[at : at + 32] for at in range(0, len(tile), 32)]
