"""A numeric library for known images: hashing, exact Hamming search, index files, lists. Needs no Django; usable alone."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leeward.matching.lists import Matcher

__all__ = ["Matcher"]


def __getattr__(name: str) -> object:
    """Load `Matcher` on first use, so that importing one part of the package does not load the decoders."""
    if name == "Matcher":
        from leeward.matching.lists import Matcher

        return Matcher
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
