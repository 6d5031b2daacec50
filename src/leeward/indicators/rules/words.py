"""What a country says in its own words in a year’s report: how long it may be, and its paragraphs. Pure."""

MOST_WORDS = 6000


def tidy(text: str) -> str:
    """Return a text as it is kept: lines end alike, no space at their ends, one empty line at most between two paragraphs."""
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
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
