"""Documents as trees of plain values, read within bounds: JSON and XML alike become mappings, lists and text. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from leeward.foundation.patterns import Pattern
from leeward.intake.rules import typed

MOST_BYTES = 10_000_000  # of one document
MOST_LEAVES, MOST_LEAF = 2000, 2000
MOST_DEPTH = 40
# Encoded data is never kept, whatever its field is called: a long run of letters and digits, over several lines or not.
_ENCODED = Pattern(r"[A-Za-z0-9+/=_\-]{500}")
_LINE_ENDS = str.maketrans("", "", "\r\n\t")
_MEDIA_FIELDS = frozenset({"payload", "evidencedata", "filecontent", "thumbnail"})
_HTML = (b"<!doctype html", b"<html")


class Refused(ValueError):
    """A document that can't be taken; the message is a code of `REFUSALS`."""


def read_tree(content: bytes) -> Any:
    """Return the tree of a document; raises Refused with the code of what is wrong with it."""
    if len(content) > MOST_BYTES:
        raise Refused("too_large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("not_utf8") from None
    start = text.lstrip()[:200].lower()
    if start.encode().startswith(_HTML):
        raise Refused("html")
    if start.startswith("<"):
        return _read_xml(text)
    if start.startswith(("{", "[", '"')):
        return _read_json(text)
    raise Refused("not_a_tip")


def _read_json(text: str, *, is_inner: bool = False) -> Any:
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        raise Refused("nested") from None
    except Refused:
        raise
    except ValueError:  # broken, or a number of thousands of digits
        raise Refused("torn") from None
    if isinstance(found, str):  # JSON that was written into a text of JSON
        if is_inner:
            raise Refused("not_a_tip")
        return _read_json(found, is_inner=True)
    _measure(found)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found and found[name] != value:
            raise Refused("field_twice")
        found[name] = value
    return found


def _read_xml(text: str) -> Any:
    lowered = text.lower()
    if "<!doctype" in lowered or "<!entity" in lowered:
        raise Refused("doctype")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refused("torn") from None
    found = {_name(root): _element(root, 0)}
    _measure(found)
    return found


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)


def _element(element: Any, depth: int) -> Any:
    """Return an element as its text, or as a mapping where it has children or attributes; repeated ones are a list."""
    if depth > MOST_DEPTH:
        raise Refused("nested")
    found: dict[str, Any] = {f"@{etree.QName(name).localname}": value for name, value in element.attrib.items()}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name, value = _name(child), _element(child, depth + 1)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)  # never copied: there may be a million
        else:
            found[name] = [found[name], value]
    text = (element.text or "").strip()
    if not found:
        return text
    return found | ({"#": text} if text else {})


def _measure(found: Any) -> None:
    """Raise Refused where a tree is too deep to be walked."""
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            raise Refused("nested")
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
        ]


def child(node: Any, name: str) -> Any:
    """Return what a mapping holds under a name; None where it holds nothing, or is none."""
    return node.get(name) if isinstance(node, Mapping) else None


def text_of(node: Any, *names: str) -> str:
    """Return the text at the end of a path as one clean line; "" where there is none."""
    for name in names:
        node = child(node, name)
    if isinstance(node, Mapping):
        node = node.get("#", node.get("value"))
    if isinstance(node, bool) or node is None or isinstance(node, list | Mapping):
        return ""
    return typed.clean_line(str(node))[:MOST_LEAF]


def listed(node: Any, *wrappers: str) -> list[Any]:
    """Return the entries of a list, however often it is wrapped in one of these names, without what is null."""
    while isinstance(node, Mapping):
        inner = [node[name] for name in wrappers if name in node]
        if not inner:
            return [node]
        node = inner[0]
    if node is None or node == "":
        return []
    if not isinstance(node, list):
        return [node]
    return [
        entry
        for one in node
        for entry in (listed(one, *wrappers) if isinstance(one, list) else [one])
        if entry is not None
    ]


def is_true(node: Any) -> bool:
    """Return whether a flag is set."""
    return node is True or (isinstance(node, str) and node.strip().lower() in ("true", "yes", "1"))


def flag(node: Any) -> bool | None:
    """Return a flag that may also be unstated."""
    if is_true(node):
        return True
    return False if node is False or (isinstance(node, str) and node.strip().lower() in ("false", "no", "0")) else None


def leaves(tree: Any) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return every text of a tree with the path of its field, without encoded data; and whether there was more of it
    than is kept."""
    found: list[tuple[str, str]] = []
    is_cut = False
    for path, value in _walk(tree, ""):
        if path.rpartition(".")[2].lower() in _MEDIA_FIELDS or _ENCODED.search(value.translate(_LINE_ENDS)):
            continue
        text = typed.clean(value)
        if not text:
            continue
        if len(found) >= MOST_LEAVES:
            return tuple(found), True
        is_cut = is_cut or len(text) > MOST_LEAF
        found.append((path[:MOST_LEAF], text[:MOST_LEAF]))
    return tuple(found), is_cut


def _walk(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for name, value in node.items():
            yield from _walk(value, f"{path}.{typed.clean_line(str(name))}" if path else typed.clean_line(str(name)))
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value, path)
    elif isinstance(node, bool):
        yield path, "true" if node else "false"
    elif node is not None:
        yield path, str(node)
