"""Patterns for untrusted text, matched in linear time whatever the text (RE2 instead of the backtracking `re`).

They use the syntax of `re`: `\\s`, `\\w` and `\\d` are Unicode's in patterns for text and ASCII's in patterns for
bytes. There is no lookahead or lookbehind, and `$` is the very end. `tests/contracts/test_patterns.py` forbids `re`
where untrusted text is read.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Protocol, cast

import re2

_MOST_MEMORY = 2 << 20
_UNICODE = {
    "s": r"\t-\r\x1c-\x20\x{85}\pZ",
    "d": r"\p{Nd}",
    "w": r"\pL\pN_",
}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


class Match[T: (str, bytes)](Protocol):
    """Where a pattern matched; a group that took no part is None."""

    def __getitem__(self, group: int | str, /) -> T | Any: ...

    def groups(self) -> tuple[T | Any, ...]: ...

    def start(self, group: int = 0, /) -> int: ...

    def end(self, group: int = 0, /) -> int: ...

    def span(self, group: int = 0, /) -> tuple[int, int]: ...


class Pattern[T: (str, bytes)]:
    """A pattern, compiled when it is first used: most processes need few of them, and all take a fifth of a second. A lone
    surrogate in a text counts as U+FFFD and is returned as that."""

    def __init__(self, pattern: T, *, ignore_case: bool = False) -> None:
        self._written: T = pattern
        self._ignore_case = ignore_case

    @cached_property
    def _pattern(self) -> Any:
        options = re2.Options()
        options.max_mem = _MOST_MEMORY
        options.log_errors = False
        options.case_sensitive = not self._ignore_case
        written = self._written
        if isinstance(written, bytes):
            options.encoding = re2.Options.Encoding.LATIN1
        return re2.compile(_in_unicode(written) if isinstance(written, str) else written, options)

    def match(self, text: T, start: int = 0) -> Match[T] | None:
        """Match the pattern at the start of the text."""
        return cast("Match[T] | None", self._pattern.match(_whole(text), start))

    def fullmatch(self, text: T) -> Match[T] | None:
        """Match the pattern against the whole text."""
        return cast("Match[T] | None", self._pattern.fullmatch(_whole(text)))

    def search(self, text: T, start: int = 0) -> Match[T] | None:
        """Find the first match of the pattern."""
        return cast("Match[T] | None", self._pattern.search(_whole(text), start))

    def finditer(self, text: T) -> Iterator[Match[T]]:
        """Yield all non-overlapping matches."""
        return cast("Iterator[Match[T]]", self._pattern.finditer(_whole(text)))

    def findall(self, text: T) -> list[Any]:
        """Return what the pattern or its single group matched each time; tuples of all groups if there are more."""
        return cast("list[Any]", self._pattern.findall(_whole(text)))

    def split(self, text: T, most: int = 0) -> list[T]:
        """Split the text at each match (the first `most`), with the pattern's groups between the parts."""
        return cast("list[T]", self._pattern.split(_whole(text), most))

    def sub(self, put: Callable[[Match[T]], T] | T, text: T) -> T:
        """Replace each match in the text. The replacement is literal: it can't refer to groups."""
        return cast("T", self._pattern.sub(put if callable(put) else lambda _match: put, _whole(text)))


def _whole[T: (str, bytes)](text: T) -> T:
    if isinstance(text, str) and not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return text.translate(_SURROGATES)
    return text


def _in_unicode(pattern: str) -> str:
    """Rewrite `\\s`, `\\w`, `\\d` and their opposites as Unicode classes, and `\\Z` as RE2 writes it."""
    made: list[str] = []
    letters = iter(pattern)
    in_class = False
    for letter in letters:
        if letter != "\\":
            in_class = letter == "[" or (in_class and letter != "]")
            made.append(letter)
            continue
        escaped = next(letters)
        if escaped == "u":
            made.append(f"\\x{{{''.join(next(letters) for _ in range(4))}}}")
            continue
        name = escaped.lower()
        if escaped == "Z":
            made.append(r"\z")
        elif name not in _UNICODE:
            made.append(f"\\{escaped}")
        elif in_class:
            if escaped != name:
                raise ValueError(f"\\{escaped} stands within a class of {pattern}")
            made.append(_UNICODE[name])
        else:
            made.append(f"[{'' if escaped == name else '^'}{_UNICODE[name]}]")
    return "".join(made)
