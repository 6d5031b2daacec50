"""One spelling for what people write in many: case, accents, look-alike letters of a script, one letter wrong."""

import unicodedata
from collections.abc import Iterable
from functools import cache

from leeward.foundation.patterns import Pattern

_SAME = str.maketrans(
    {
        "ʻ": "'", "‘": "'", "’": "'", "ʼ": "'", "`": "'",
        "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ہ", "ه": "ہ", "ھ": "ہ",
        "ँ": "ं", "ৰ": "র",
        "\u093c": None, "\u09bc": None, "\u200c": None, "\u200d": None,
    }
)  # fmt: skip
_ACCENTS = Pattern(r"[\u0300-\u036f\u064b-\u0655]")
# Endings that Bengali joins to a name, longest first.
_ENDINGS = ("গুলোতে", "টাতে", "ের", "এর", "টার", "টা", "টি", "তে", "র", "ে", "এ", "য়")
_ELISIONS = frozenset("d l s c j m n t qu".split())
LEAST_FOR_GUESS, MOST_FOR_GUESS = 7, 16


def plain(word: str) -> str:
    """Return the spelling in which words are compared: small letters, no accents, one letter for letters that look alike."""
    small = word.casefold().translate(_SAME)
    return small if small.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", small).translate(_SAME))


def without_endings(word: str) -> list[str]:
    """Return a compared word without what its language joins to it: endings of Bengali, the short words of French with an
    apostrophe; nothing if it has none."""
    bare = [word.removesuffix(end) for end in _bare_endings() if word.endswith(end) and len(word) > len(end) + 2]
    joined = word.partition("'")
    return [*bare, joined[2]] if joined[0] in _ELISIONS and joined[2] else bare


@cache
def _bare_endings() -> tuple[str, ...]:
    return tuple(map(plain, _ENDINGS))


class Guesses[T]:
    """Finds a word with one letter too many, too few, wrong or exchanged, in time proportional to the word's square at
    most, whatever the number of words known.
    """

    def __init__(self, known: Iterable[tuple[str, T]]) -> None:
        self._by_part: dict[str, T] = {}
        for word, meaning in known:
            if LEAST_FOR_GUESS <= len(word) <= MOST_FOR_GUESS and word.isascii() and word.isalpha():
                for part in _parts(word):
                    self._by_part.setdefault(part, meaning)

    def find(self, word: str) -> T | None:
        """Return the meaning of the known word that this one was probably meant to be."""
        if not (LEAST_FOR_GUESS - 1 <= len(word) <= MOST_FOR_GUESS and word.isascii() and word.isalnum()):
            return None
        return next((self._by_part[part] for part in _parts(word) if part in self._by_part), None)


def _parts(word: str) -> list[str]:
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]
