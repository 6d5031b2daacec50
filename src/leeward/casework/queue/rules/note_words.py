"""Which notes a search finds: those with every word of it, each at the beginning of a word, whatever its accents and capitals."""

import unicodedata
from collections.abc import Sequence
from itertools import islice

from leeward.foundation.patterns import Pattern

MOST_WORDS = 12
_WORD = Pattern(r"[\pL\pN]+")
_ACCENTS = dict.fromkeys(range(0x300, 0x370))


def terms_of(text: str) -> list[str]:
    """Return the words to search for: letters and digits only, whatever else was typed."""
    return [word[0] for word in islice(_WORD.finditer(text), MOST_WORDS)]


def plain(text: str) -> str:
    """Return a text as it is compared: without accents and capitals."""
    folded = text.casefold()
    return folded if folded.isascii() else unicodedata.normalize("NFD", folded).translate(_ACCENTS)


def has_all(text: str, terms: Sequence[str]) -> bool:
    """Return whether words of a text begin with each of these, which are `plain`."""
    compared = plain(text)
    return all(_begins_a_word(term, compared) for term in terms)


def _begins_a_word(term: str, text: str) -> bool:
    at = text.find(term)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(term, at + 1)
    return at >= 0
