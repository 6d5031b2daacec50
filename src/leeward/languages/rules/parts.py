"""What a translation must keep of its source: placeholders, tags, and the letters that mean something in a page."""

from collections.abc import Sequence

from leeward.foundation.patterns import Pattern

PLACEHOLDER = Pattern(r"%\([A-Za-z_]\w*\)[a-z]|%[sd%]|\{[A-Za-z_]\w*\}")
TAG = Pattern(r"</?[a-zA-Z][^>]*>")
# In a page they could open a tag or end an attribute; typographic marks serve as well.
STRONG = '<>"'


def parts(text: str) -> list[str]:
    """The placeholders and tags of a text, which a translation must keep."""
    tags = [_bare(tag) for tag in TAG.findall(text)]
    return sorted(PLACEHOLDER.findall(text)) + sorted(tags)


def _bare(tag: str) -> str:
    """A closing tag without what follows its name."""
    name = tag.split(maxsplit=1)[0]
    return tag if not tag.startswith("</") or name == tag else f"{name}>"


def strong_letters(text: str) -> dict[str, int]:
    """How many of the strong letters stand outside of tags."""
    rest = TAG.sub("", text)
    return {letter: rest.count(letter) for letter in STRONG}


def brings_in(source: str, translation: str) -> bool:
    """Whether a translation has strong letters that its source has not."""
    had = strong_letters(source)
    return any(count > had[letter] for letter, count in strong_letters(translation).items())


def wrong_with(source: str, plural: str, forms: Sequence[str]) -> str:
    """What is wrong with a translation: `missing`, `format`, or nothing.

    The first of several forms, which stands for one, may leave the number out: any other stands for many numbers, and a page that
    does not say which is wrong. None may bring in something that the source does not have.
    """
    if not forms or not all(forms):
        return "missing"
    longest = plural or source
    if any(brings_in(longest, form) for form in forms):
        return "format"
    if not plural:
        return "" if parts(source) == parts(forms[0]) else "format"
    first, *others = forms
    is_foreign = not set(parts(first)) <= set(parts(plural))
    return "format" if is_foreign or any(parts(form) != parts(plural) for form in others or forms) else ""
