"""A text that is worded when it is shown: pure code keeps what is said and its values, whoever shows it knows the language."""

from collections.abc import Callable


class LazyText:
    """A text with placeholders such as `%(role)s` (or `{role}` in the sentence of an error), and what they stand for: other texts,
    names, numbers. `str` words it in the reader's language; where nobody translates it is English.

    `from leeward.foundation.said import LazyText as _`: so marked, texts are collected for the translators like all others.
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
        return f"Said({self.message!r}, **{self.values!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LazyText) and (self.message, self.values) == (other.message, other.values)

    def __hash__(self) -> int:
        return hash(self.message)


def storable(value: object) -> object:
    """A text, or whatever else is said, as JSON can keep it for a reader who comes later."""
    if isinstance(value, LazyText):
        return [value.message, {name: storable(one) for name, one in value.values.items()}]
    return value if isinstance(value, int | float | None) else str(value)


def lazy_text_from(found: object) -> object:
    """What was kept; a plain text stays as it is."""
    match found:
        case [str(message), dict(values)]:
            return LazyText(message, **{str(name): lazy_text_from(value) for name, value in values.items()})
    return found


class _Reader:
    """How this process puts a text into the language of whoever reads it."""

    translate: Callable[[str], str] = staticmethod(str)


def translate_with(translate: Callable[[str], str]) -> None:
    """Let every text of this process be worded so; once, when it starts."""
    _Reader.translate = staticmethod(translate)


def gettext_noop(text: str) -> str:
    """Mark a text for the translators and return it as it is: for one that is a key as well."""
    return text
