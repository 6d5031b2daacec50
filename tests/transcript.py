"""What a screen reader has to say of a page: the browser's accessibility tree, in reading order, as lines of text."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

TOLD_BY_NAME = frozenset(
    {"link", "button", "heading", "radio", "checkbox", "image", "LabelText", "DisclosureTriangle", "legend"}
)
SILENT = frozenset({"InlineTextBox", "ListMarker", "LineBreak", "Legend", "SvgRoot", "splitter"})
NAMED = frozenset(
    "RootWebArea alert banner button checkbox combobox complementary contentinfo DisclosureTriangle form group heading image link "
    "main navigation note radio region search status table textbox columnheader rowheader radiogroup".split()
)
STATES = ("checked", "expanded", "invalid", "required", "disabled", "focused", "level", "readonly")
# What is another one each time.
CHANGING = (
    (re.compile(r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?"), "DAY"),
    (re.compile(r"\b\d{1,2}:\d{2}\b"), "TIME"),
    (re.compile(r"\b[0-9a-f]{32,64}\b"), "HEX"),
    (re.compile(r"\b\d{4}\b"), "0000"),
)  # fmt: skip


def transcript(page: Page, *, whole: bool = True) -> str:
    """Return what is on the page as it stands, one thing a line: its role, its name, its description and its state; of its
    main part only, or of the whole.
    """
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()
    root = next(node for node in nodes.values() if not node.get("parentId"))
    main = next(node for node in nodes.values() if node.get("role", {}).get("value") == "main")
    lines = list(_lines(root if whole else main, nodes))
    # The words of a label stand beside what they name and are in its name: they are heard once.
    text = "\n".join(line for before, line in pairwise(["", *lines]) if line not in before)
    for pattern, word in CHANGING:
        text = pattern.sub(word, text)
    return text


def _lines(node: dict[str, Any], nodes: dict[str, dict[str, Any]], within: str = "") -> Iterator[str]:
    role = node.get("role", {}).get("value", "") if not node.get("ignored") else ""
    if role in SILENT:
        return
    name = " ".join(str(node.get("name", {}).get("value", "")).split())
    if role == "StaticText":
        if name and within not in TOLD_BY_NAME:
            yield name
        return
    if role in NAMED and (name or role in ("textbox", "main", "navigation", "status")):
        yield " ".join(filter(None, (f"[{role}]", name, *_more(node))))
    for child in node.get("childIds", ()):
        if child in nodes:
            yield from _lines(nodes[child], nodes, role or within)


def _more(node: dict[str, Any]) -> Iterator[str]:
    description = " ".join(str(node.get("description", {}).get("value", "")).split())
    if description:
        yield f"({description})"
    states = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    shown = [f"{name} {states[name]}" for name in STATES if states.get(name) not in (None, False, "false", "")]
    if shown:
        yield "· " + ", ".join(shown)
