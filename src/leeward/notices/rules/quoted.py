"""Words of reporters in mail that quotes our letters. Pure."""

from collections.abc import Iterable

from leeward.foundation.patterns import Pattern

LEFT_OUT = "[…]"
FEWEST_LETTERS = 4  # what is shorter stands in any text
_TOKEN = Pattern(r"[^\s>|]+")  # mail programs break lines and put these before them
_INNER = Pattern(r"(?s)“(.*)”")


def without_words(text: str, lines: Iterable[str]) -> str:
    """Return a mail's text without these lines of our letters, wherever it breaks them, and without what such a line has after its
    heading, or within its quotation marks."""
    places: list[int] = []  # where each letter of the text's words stands, with one space between the words
    for found in _TOKEN.finditer(text):
        places += [*range(found.start(), found.end()), found.end()]
    joined = " ".join(found[0] for found in _TOKEN.finditer(text))
    gone = bytearray(len(text) + 1)  # its last letter is none, and stays
    for wanted in set(_pieces(lines)):
        at = joined.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            if not (joined[at - 1 : at].isalnum() or joined[end : end + 1].isalnum()):
                first, last = places[at], places[end - 1] + 1
                gone[first:last] = b"\x01" * (last - first)
            at = joined.find(wanted, at + 1)
    return _with_marks(text, gone)


def _pieces(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        inner = _INNER.search(line)
        for piece in (line, line.partition(": ")[2], inner[1] if inner else ""):
            wanted = " ".join(found[0] for found in _TOKEN.finditer(piece))
            if len(wanted) >= FEWEST_LETTERS:
                yield wanted


def _with_marks(text: str, gone: bytearray) -> str:
    parts, at = [], 0
    while (first := gone.find(1, at)) >= 0:
        parts += [text[at:first], LEFT_OUT]
        at = gone.find(0, first)
    return "".join([*parts, text[at:]])
