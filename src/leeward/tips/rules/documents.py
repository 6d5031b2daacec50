"""Documents become trees of plain values, within bounds: JSON and XML alike. Pure; it runs in a child (`decoders/files.py`)."""

import json
from typing import Any

from lxml import etree

from leeward.tips.rules.trees import Refused

MOST_BYTES = 10_000_000  # of one document
MOST_DEPTH = 40
_HTML = (b"<!doctype html", b"<html")


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
