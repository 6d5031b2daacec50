"""Words beside a place in a text: which of some names stand near, in time that doesn't grow with the text."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property

from leeward.foundation.patterns import Pattern

# Letters that nobody sees, which somebody may put between others.
INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF])


class Names:
    """Some names, each of which has forms; found as whole words, in any case, with blanks or a hyphen between their parts."""

    def __init__(self, forms: dict[str, tuple[str, ...]]) -> None:
        self._name_of = {_key(form): name for name, written in forms.items() for form in written}

    @cached_property
    def _pattern(self) -> Pattern[str]:
        longest_first = sorted(self._name_of, key=len, reverse=True)
        return Pattern(rf"(?:{'|'.join(form.replace(' ', r'[\s-]{1,3}') for form in longest_first)})", ignore_case=True)

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield each name that stands in the text with where it begins and ends."""
        for found in self._pattern.finditer(text):
            start, end = found.span()
            if not is_letter(text, start - 1) and not is_letter(text, end):
                yield self._name_of[_key(found[0])], start, end

    def stand_near(self, text: str, start: int, end: int, *, before: int, after: int) -> bool:
        """Return whether one stands in the same line at most so many letters away."""
        left, right = line_around(text, start, end, before=before, after=after)
        return any(True for _ in self.find(text[left:start])) or any(True for _ in self.find(text[end:right]))


def one_of(forms: Iterable[str]) -> Names:
    """Return names that needn't be told from each other."""
    return Names({"": tuple(forms)})


def line_around(text: str, start: int, end: int, *, before: int, after: int) -> tuple[int, int]:
    """Return where the part of a line begins and ends that has at most so many letters more on each side."""
    left, right = max(0, start - before), min(len(text), end + after)
    left += text[left:start].rfind("\n") + 1
    ends = text.find("\n", end, right)
    return left, right if ends < 0 else ends


def with_plain_digits(text: str) -> str:
    """Return a text of the same length with the decimal digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(letter if letter.isascii() else str(unicodedata.decimal(letter, letter)) for letter in text)


def is_letter(text: str, at: int) -> bool:
    """Return whether a letter, a digit or a line stands at a place, which may be outside the text."""
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def _key(form: str) -> str:
    return " ".join(form.lower().replace("-", " ").split())
