"""Plain text out of what others send. Pure."""

import unicodedata
from html.parser import HTMLParser

from leeward.ground.patterns import Pattern

# Letters that turn the direction of what follows, so that a text reads as something else.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MOST_HTML = 400_000
_GAP = Pattern(r"\n[ \t]*(?:\n[ \t]*)+")
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "hr"})


def clean(text: str) -> str:
    """The text without control characters and direction overrides, with single blank lines, trimmed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in lines if letter in "\n\t" or _is_visible(letter))
    return _GAP.sub("\n\n", kept).strip()


def _is_visible(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"} and letter not in _TURNS


def one_line(text: str, most: int) -> str:
    """The text on one line, shortened."""
    return " ".join(clean(text).split())[:most]


def from_html(markup: str) -> str:
    """The words of an HTML text; nothing is fetched, scripts and styles are left out."""
    reader = _Words()
    try:
        reader.feed(markup[:MOST_HTML])
        reader.close()
    except AssertionError:  # html.parser gives up on some broken declarations: keep what was read
        pass
    return clean("".join(reader.words))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)
