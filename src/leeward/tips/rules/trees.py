"""Trees of plain values, as `documents.py` reads them: mappings, lists and text, and what is found in them. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from leeward.foundation.patterns import Pattern
from leeward.intake.rules import typed

MOST_LEAVES, MOST_LEAF = 2000, 2000
# Encoded data is never kept, whatever its field is called: a long run of letters and digits, over several lines or not.
_ENCODED = Pattern(r"[A-Za-z0-9+/=_\-]{500}")
_LINE_ENDS = str.maketrans("", "", "\r\n\t")
_MEDIA_FIELDS = frozenset({"payload", "evidencedata", "filecontent", "thumbnail"})


class Refused(ValueError):
    """A document that can't be taken; the message is a code of `REFUSALS`."""


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
