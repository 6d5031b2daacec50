"""Parses a page for `rules/page_view.py`: its words in order, with boxes for pictures and media. Nothing is executed.
Runs in a child (`foundation/sandbox`)."""

from typing import Any

from lxml import etree, html

from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.page_view import MOST_BLOCKS, MOST_LETTERS, MOST_OF_PAGE
from leeward.hosting.rules.pages import MOST_BYTES

_SILENT = frozenset({"script", "style", "noscript", "template", "head"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS = {
    "li": "item",
    "dt": "item",
    "dd": "item",
    "tr": "row",
    "blockquote": "quote",
    "pre": "code",
    "button": "field",
    **dict.fromkeys(_HEADINGS, "heading"),
}
_LISTS = frozenset({"ul", "ol", "dl", "menu"})
_CELLS = frozenset({"td", "th"})
_INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span "
        "strike strong sub sup time tt u var wbr"
    ).split()
)
_BOXES = {
    "img": "picture", "image": "picture", "amp-img": "picture", "svg": "picture", "canvas": "picture",
    "video": "video", "audio": "video", "object": "video", "embed": "video",
    "iframe": "frame", "frame": "frame",
    "input": "field", "textarea": "field", "select": "field",
}  # fmt: skip
_NAMED_BY = ("alt", "title", "aria-label", "placeholder", "value", "name")
_NOT_SEEN = Pattern(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", ignore_case=True)
_HAS_PICTURE = Pattern(r"url\(", ignore_case=True)
_LANGUAGE = Pattern(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")


class _Reader:
    """Walks a tree once, building blocks in order."""

    def __init__(self) -> None:
        self.blocks: list[list[Any]] = []
        self.words: list[str] = []
        self.kind, self.level = "text", 0
        self.silent = self.hidden = self.depth = 0
        self.left = MOST_OF_PAGE
        self.is_cut = False

    def read(self, tree: html.HtmlElement) -> None:
        """Read a whole page."""
        for event, element in etree.iterwalk(tree, events=("start", "end")):
            if len(self.blocks) >= MOST_BLOCKS or self.left <= 0:
                self.is_cut = True
                return
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                self._begin(element)
            else:
                self._end(element)
        self._close()

    def _begin(self, element: html.HtmlElement) -> None:
        tag, style = element.tag, (element.get("style") or "")[:MOST_LETTERS]
        self.silent += tag in _SILENT
        self.hidden += _is_hidden(element, style)
        self.depth += tag in _LISTS
        if self.silent:
            return
        if tag in _BOXES:
            self._box(_BOXES[tag], element)
        elif tag in _CELLS:
            self.words.append(" · " if any(word.strip() for word in self.words) else "")
        elif tag not in _INLINE:
            self._close()
            self.kind = _KINDS.get(tag, self.kind if self.kind in ("quote", "code") else "text")
            self.level = _HEADINGS.get(tag, self.depth)
        if _HAS_PICTURE.search(style):
            self._box("picture", element)
        self._say(element.text, element)

    def _end(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if not self.silent and tag not in _INLINE and tag not in _CELLS and tag not in _BOXES:
            self._close()
            self.kind, self.level = "text", self.depth
        self.silent -= tag in _SILENT
        self.hidden -= _is_hidden(element, (element.get("style") or "")[:MOST_LETTERS])
        self.depth -= tag in _LISTS
        if not self.silent:
            self._say(element.tail, element.getparent())

    def _say(self, text: str | None, element: html.HtmlElement | None) -> None:
        in_box = element is not None and element.tag in _BOXES
        if text and not in_box:
            self.words.append(text)

    def _box(self, kind: str, element: html.HtmlElement) -> None:
        if kind == "field" and element.get("type") == "hidden":
            return
        before = (self.kind, self.level)
        self._close()
        named = next((value for name in _NAMED_BY if (value := (element.get(name) or "").strip())), "")
        size = [side for name in ("width", "height") if (side := element.get(name) or "").isdecimal() and len(side) < 6]
        self._keep(kind, f"{named[:MOST_LETTERS]} ({size[0]} × {size[1]})".strip() if len(size) == 2 else named, 0)
        self.kind, self.level = before

    def _close(self) -> None:
        """Turn the text since the last block into a block."""
        raw = "".join(self.words)
        self.words.clear()
        text = " ".join(raw.split()) if self.kind != "code" else raw.strip("\n")
        if text:
            self._keep(self.kind, text, self.level)

    def _keep(self, kind: str, text: str, level: int) -> None:
        self.is_cut = self.is_cut or len(text) > MOST_LETTERS
        self.left -= min(len(text), MOST_LETTERS)
        self.blocks.append([kind, text[:MOST_LETTERS], min(level, 6), bool(self.hidden)])


def _is_hidden(element: html.HtmlElement, style: str) -> bool:
    return element.get("hidden") is not None or bool(_NOT_SEEN.search(style))


def read_view(body: bytes, charset: str) -> dict[str, Any]:
    """Return title, language and blocks (kind, text, level, hidden) of a page as plain data; accepts any input."""
    tree = _parsed(body[:MOST_BYTES], charset)
    if tree is None:
        return {"title": "", "language": "", "blocks": [], "is_cut": False}
    reader = _Reader()
    reader.read(tree)
    declared = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    title = " ".join((tree.findtext(".//title") or "")[:MOST_LETTERS].split())
    return {
        "title": title,
        "language": declared if _LANGUAGE.fullmatch(declared) else "",
        "blocks": reader.blocks,
        "is_cut": reader.is_cut or len(body) > MOST_BYTES,
    }


def _parsed(body: bytes, charset: str) -> html.HtmlElement | None:
    for encoding in dict.fromkeys((charset or None, None)):
        try:
            parser = html.HTMLParser(encoding=encoding, huge_tree=False, remove_comments=True, remove_pis=True)
            tree: html.HtmlElement = html.document_fromstring(body, parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError, AssertionError):
            continue
        return tree
    return None
