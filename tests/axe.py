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
ELEMENT = """
    const said = ({name, value}) =>
        name + '=' + (passing.includes(name) ? value && '.' : name === 'style' ? value : value.replace(/[0-9]+/g, '0'));
    const element = node => {
        const state = [node.checked, node.open, node.disabled, node === document.activeElement].map(one => one ? 1 : 0);
        return `${node.localName} ${[...node.attributes].map(said).sort()} ${state}`;
    };
"""
SHAPE = f"""passing => {{ {ELEMENT}
    const shape = node => {{
        if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? '.' : '';
        if (node.nodeType !== Node.ELEMENT_NODE || node.localName === 'script') return '';
        if (node.localName === 'style') return node.textContent;
        const children = [...node.childNodes].map(shape).filter(Boolean);
        const unlike = children.filter((one, place) => one !== children[place - 1]);
        return `${{element(node)}} (${{unlike.join('')}})`;
    }};
    return [shape(document.documentElement)];
}}"""
# Colours hang on each element and those around it, in whatever order they stand on a page.
SURROUNDINGS = f"""passing => {{ {ELEMENT}
    const found = new Set();
    const walk = (node, around) => {{
        const here = around + ' > ' + element(node);
        found.add(here);
        for (const child of node.children) walk(child, here);
    }};
    walk(document.body, [...document.querySelectorAll('style')].map(one => one.textContent).join());
    return [...found];
}}"""
# Attributes with values on which nothing hangs but that there are some, and no colour on those of the language either.
PASSING = ["value", "href", "src", "action", "formaction", "content", "datetime", "nonce", "hx-headers"]
PASSING += ["title", "alt", "aria-label", "placeholder"]
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

    shape: list[str] = page.evaluate(SHAPE, PASSING)
    return _once(page, [f"structure at {width}: {one}" for one in shape], judge)


def colours(page: Page, own: Scheme) -> list[str]:
    """What axe finds of colours in either scheme; the page is in its own one when this returns."""

    def judge() -> list[str]:
        found = []
        schemes: tuple[Scheme, Scheme] = ("dark", "light") if own == "light" else ("light", "dark")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            found += _axe(page, NO_LONG_LISTS, RULES_OF_COLOUR, {})
        return found

    surroundings: list[str] = page.evaluate(SURROUNDINGS, PASSING + OF_LANGUAGE)
    return _once(page, [f"colours: {one}" for one in surroundings], judge)


def _once(page: Page, shapes: list[str], judge: Callable[[], list[str]]) -> list[str]:
    """What a judgement finds; nothing where every shape was on pages before on which it found nothing."""
    unknown = [name for name in (hashlib.sha256(shape.encode()).hexdigest() for shape in shapes) if name not in CLEAN]
    if not unknown:
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    if not (found := judge()):
        for name in unknown:
            CLEAN.add(name)
    return found


def _axe(page: Page, where: dict[str, Any], what: dict[str, Any], rules: dict[str, Any]) -> list[str]:
    found: list[dict[str, Any]] = page.evaluate(AXE_RUN, [where, what, rules])
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for fault in found
        for node in fault["nodes"]
    ]
