"""axe-core on a page: what bars people with disabilities there, judged once for every shape of a page.

Most pages of a journey differ from others in words and numbers alone, and judging one takes a second.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
from playwright.sync_api import Page

type Scheme = Literal["light", "dark"]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only violations are described and sent back: what passed and what did not apply is most of the work otherwise.
# It loads every stylesheet a second time for one rule, on pages that lock the screen's turning; our one stylesheet never asks how
# the screen is held.
AXE_RUN = """([where, what, rules]) => axe.run(where, {runOnly: what, rules, resultTypes: ['violations'], preload: false})
    .then(found => found.violations)"""
ALL_RULES = {"type": "tag", "values": AXE_TAGS}
OF_COLOUR = ["color-contrast", "link-in-text-block"]
RULES_OF_COLOUR = {"type": "rule", "values": OF_COLOUR}
NO_COLOUR = {rule: {"enabled": False} for rule in OF_COLOUR}
# What axe's answer hangs on: the elements, not the words and numbers in them, nor how many rows alike a list has.
SHAPE = """passing => {
    const said = ({name, value}) =>
        name + '=' + (passing.includes(name) ? '' : name === 'style' ? value : value.replace(/[0-9]+/g, '0'));
    const shape = node => {
        if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? '.' : '';
        if (node.nodeType !== Node.ELEMENT_NODE || node.localName === 'script') return '';
        if (node.localName === 'style') return node.textContent;
        const state = [node.checked, node.open, node.disabled, node === document.activeElement].map(Number).join('');
        const children = [...node.childNodes].map(shape).filter(Boolean);
        const unlike = children.filter((one, place) => one !== children[place - 1]);
        return `${node.localName} ${[...node.attributes].map(said).sort()} ${state} (${unlike.join('')})`;
    };
    return shape(document.documentElement);
}"""
# Attributes with values that pass: nothing hangs on them, and of colours nothing on these of the language either.
PASSING = ["value", "href", "src", "action", "content", "datetime", "nonce", "title"]
OF_LANGUAGE = ["lang", "dir", "hreflang"]
EVERYTHING = {"include": [["html"]]}
# Judging a colour is most of the work, and the tenth row has those of the rows before it.
NO_LONG_LISTS = EVERYTHING | {"exclude": [["tr:nth-child(n+10)"], ["li:nth-child(n+16)"]]}


class Clean:
    """Shapes of pages on which axe found nothing in this run; all its processes know them."""

    folder: Path

    def __contains__(self, shape: str) -> bool:
        return (self.folder / shape).exists()

    def add(self, shape: str) -> None:
        """Keep a shape."""
        (self.folder / shape).touch()


CLEAN = Clean()


def structure(page: Page, width: int, height: int) -> list[str]:
    """What axe finds on a page in a window of this size, but for colours: one line a fault."""

    def judge() -> list[str]:
        # In a window as high as the page: what sticks to an edge of a lower one half covers whatever happens to be under it.
        whole = int(page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": max(height, whole)})
        found = _axe(page, EVERYTHING, ALL_RULES, NO_COLOUR)
        page.set_viewport_size({"width": width, "height": height})
        return found

    return _once(page, f"structure at {width}", PASSING, judge)


def colours(page: Page, own: Scheme) -> list[str]:
    """What axe finds of colours in either scheme; the page is in its own one when this returns."""

    def judge() -> list[str]:
        found = []
        schemes: tuple[Scheme, Scheme] = ("dark", "light") if own == "light" else ("light", "dark")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            found += _axe(page, NO_LONG_LISTS, RULES_OF_COLOUR, {})
        return found

    return _once(page, "colours", PASSING + OF_LANGUAGE, judge)


def _once(page: Page, what: str, passing: list[str], judge: Callable[[], list[str]]) -> list[str]:
    """What a judgement finds; nothing where it found nothing on a page of the same shape before."""
    shape = hashlib.sha256(f"{what} {page.evaluate(SHAPE, passing)}".encode()).hexdigest()
    if shape in CLEAN:
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    if not (found := judge()):
        CLEAN.add(shape)
    return found


def _axe(page: Page, where: dict[str, Any], what: dict[str, Any], rules: dict[str, Any]) -> list[str]:
    found: list[dict[str, Any]] = page.evaluate(AXE_RUN, [where, what, rules])
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for fault in found
        for node in fault["nodes"]
    ]
