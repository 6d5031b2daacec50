"""A fingerprint of a page's words that changes little when few of them change (M. S. Charikar, "Similarity estimation
techniques from rounding algorithms", 2002), so that a page with a clock on it is still the same page. The words can't
be recovered from it. Pure."""

import hashlib
from collections.abc import Sequence
from itertools import pairwise

BITS = 64
SAME_TEXT_BITS = 12
_MOST_WORDS = 3000


def text_print(words: Sequence[str]) -> str:
    """Return 16 hex digits for the words and neighbouring pairs of a page; '' for none."""
    kept = [word.casefold() for word in words[:_MOST_WORDS]]
    if not kept:
        return ""
    weights = [0] * BITS
    for feature in {*kept, *(f"{one} {other}" for one, other in pairwise(kept))}:
        number = int.from_bytes(hashlib.blake2b(feature.encode("utf-8", "replace"), digest_size=8).digest())
        for bit in range(BITS):
            weights[bit] += 1 if number >> bit & 1 else -1
    return f"{sum(1 << bit for bit in range(BITS) if weights[bit] > 0):016x}"


def has_same_text(one: str, other: str) -> bool:
    """Return whether two fingerprints are of pages with nearly the same words."""
    return bool(one and other) and (int(one, 16) ^ int(other, 16)).bit_count() <= SAME_TEXT_BITS
