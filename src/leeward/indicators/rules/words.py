"""What a country says in its own words in a year’s report: how long it may be, and its paragraphs. Pure."""

MOST_WORDS = 6000
# What no XML can hold, so no feed, and nobody sees: control characters, halves of pairs, and two that are no characters.
_UNSEEN = dict.fromkeys((*range(9), *range(14, 28), 127, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))


def one_line(text: str) -> str:
    """Return a text as one line of what can be seen, with single spaces."""
    return " ".join(text.translate(_UNSEEN).split())


def tidy(text: str) -> str:
    """Return a text as it is kept: lines end alike, no space at their ends, one empty line at most between two paragraphs."""
    lines = [one_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    if kept and not kept[-1]:
        kept.pop()
    return "\n".join(kept)


def paragraphs(text: str) -> list[list[str]]:
    """Return the paragraphs of a tidy text, each as its lines."""
    return [part.split("\n") for part in text.split("\n\n") if part]
