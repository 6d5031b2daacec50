"""XML written from values of our own: elements with attributes, text and children. Nothing is read here."""

from dataclasses import dataclass, field

from leeward.foundation.patterns import Pattern

_DECLARED = "<?xml version='1.0' encoding='UTF-8'?>\n"
_NOT_IN_XML = Pattern(r"[^\t\n\r\x20-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]")
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_ATTRIBUTE = _IN_TEXT | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


@dataclass(slots=True)
class Element:
    """An element; `tail` is the text that follows it in its parent. Names are ours and not looked at."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    tail: str = ""
    children: list["Element"] = field(default_factory=list)

    def child(self, name: str, text: str = "", /, **attributes: str) -> "Element":
        """Add a child, and return it."""
        made = Element(name, attributes, text)
        self.children.append(made)
        return made


def written(root: Element, *, comment: str = "") -> bytes:
    """Return a document, indented where there is no text between elements, with a comment at its start if there is one. Raises
    ValueError for a text with signs that XML can't hold."""
    _indent(root, 1)
    parts: list[str] = []
    _write(root, parts, f"\n  <!--{_escaped(comment, {})}-->" if comment else "")
    return (_DECLARED + "".join(parts)).encode()


def _indent(element: Element, depth: int) -> None:
    if not element.children:
        return
    inner, outer = "\n" + "  " * depth, "\n" + "  " * (depth - 1)
    element.text = element.text if element.text.strip() else inner
    for child in element.children:
        _indent(child, depth + 1)
        child.tail = child.tail if child.tail.strip() else inner
    if not element.children[-1].tail.strip():
        element.children[-1].tail = outer


def _write(element: Element, parts: list[str], comment: str = "") -> None:
    given = "".join(f' {name}="{_escaped(value, _IN_ATTRIBUTE)}"' for name, value in element.attributes.items())
    text = comment + _escaped(element.text, _IN_TEXT)
    if not text and not element.children:
        parts.append(f"<{element.name}{given}/>")
    else:
        parts.append(f"<{element.name}{given}>{text}")
        for child in element.children:
            _write(child, parts)
        parts.append(f"</{element.name}>")
    parts.append(_escaped(element.tail, _IN_TEXT))


def _escaped(text: str, signs: dict[str, str]) -> str:
    if _NOT_IN_XML.search(text):
        raise ValueError("a text holds signs that XML can't")
    return "".join(signs.get(sign, sign) for sign in text)
