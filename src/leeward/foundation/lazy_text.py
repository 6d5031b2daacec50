"""Text translated when it is shown: pure code stores the message and its values, and the code that shows it knows the
language."""

from collections.abc import Callable


class LazyText:
    """A text with placeholders such as `%(role)s` (or `{role}` in the sentence of an error) and their values: other
    texts, names, numbers. `str` translates it into the reader's language; without a translation it is English.

    Import it as `from leeward.foundation.lazy_text import LazyText as _`, so that its texts are collected for translators
    like all others.
    """

    __slots__ = ("message", "values")

    def __init__(self, message: str, /, **values: object) -> None:
        self.message, self.values = message, values

    def __str__(self) -> str:
        text = _Reader.translate(self.message)
        if not self.values:
            return text
        return text % self.values if "%(" in self.message else text.format(**self.values)

    def __repr__(self) -> str:
        return f"LazyText({self.message!r}, **{self.values!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LazyText) and (self.message, self.values) == (other.message, other.values)

    def __hash__(self) -> int:
        return hash(self.message)


def storable(value: object) -> object:
    """Return a text, or any other value, as JSON that can be stored for a later reader."""
    if isinstance(value, LazyText):
        return [value.message, {name: storable(one) for name, one in value.values.items()}]
    return value if isinstance(value, int | float | None) else str(value)


def lazy_text_from(found: object) -> object:
    """Return the text that was stored; a plain text stays as it is."""
    match found:
        case [str(message), dict(values)]:
            return LazyText(message, **{str(name): lazy_text_from(value) for name, value in values.items()})
    return found


class _Reader:
    """How this process translates a text into the reader's language."""

    translate: Callable[[str], str] = staticmethod(str)


def translate_with(translate: Callable[[str], str]) -> None:
    """Set how this process translates texts; called once, when it starts."""
    _Reader.translate = staticmethod(translate)


def gettext_noop(text: str) -> str:
    """Mark a text for translators and return it unchanged: for one that is also a key."""
    return text
