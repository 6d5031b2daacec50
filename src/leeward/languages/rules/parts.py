"""What a translation must preserve of its source: placeholders, tags, and characters with a meaning in HTML."""

from collections.abc import Sequence

from leeward.foundation.patterns import Pattern

PLACEHOLDER = Pattern(r"%\([A-Za-z_]\w*\)[a-z]|%[sd%]|\{[A-Za-z_]\w*\}")
TAG = Pattern(r"</?[a-zA-Z][^>]*>")
# They could open a tag or end an attribute; typographic marks serve as well.
STRONG = '<>"'


def parts(text: str) -> list[str]:
    """Return the placeholders and tags of a text, which a translation must preserve."""
    tags = [_bare(tag) for tag in TAG.findall(text)]
    return sorted(PLACEHOLDER.findall(text)) + sorted(tags)


def _bare(tag: str) -> str:
    """Return a closing tag without anything after its name."""
    name = tag.split(maxsplit=1)[0]
    return tag if not tag.startswith("</") or name == tag else f"{name}>"


def strong_letters(text: str) -> dict[str, int]:
    """Return how many special characters are outside of tags."""
    rest = TAG.sub("", text)
    return {letter: rest.count(letter) for letter in STRONG}


def brings_in(source: str, translation: str) -> bool:
    """Return whether a translation has special characters that its source lacks."""
    had = strong_letters(source)
    return any(count > had[letter] for letter, count in strong_letters(translation).items())


def wrong_with(source: str, plural: str, forms: Sequence[str]) -> str:
    """Return what is wrong with a translation: `missing`, `format`, or nothing.

    The first of several plural forms, which is for one, may omit the number: any other covers many numbers, so it must
    show which. No form may add anything that the source lacks.
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
