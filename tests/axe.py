"""axe-core on a page: what bars people with disabilities there.

Judging colours is most of the work: an element that stands in surroundings that were judged before, in this run and without a fault,
is not judged for them again.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
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
# What the rule of hidden content says is a hint to look at the page again, never a fault.
NEVER = [*OF_COLOUR, "hidden-content"]
OFF = {rule: {"enabled": False} for rule in NEVER}
# What hangs on the window's size; whatever else axe asks of an element has the same answer in any window that shows it.
OF_WINDOW = ["target-size", "scrollable-region-focusable"]
RULES_OF_WINDOW = {"type": "rule", "values": OF_WINDOW}
# What is asked of a page as a whole, or of elements beside each other: once more where another window shows more of them.
OF_PAGE = ["bypass", "region", "heading-order", "page-has-heading-one", "skip-link", "accesskeys", "duplicate-id-aria"]
OF_PAGE += ["landmark-one-main", "landmark-unique", "landmark-complementary-is-top-level"]
OF_PAGE += [f"landmark-{one}-is-top-level" for one in ("banner", "main", "contentinfo")]
OF_PAGE += [f"landmark-no-duplicate-{one}" for one in ("banner", "main", "contentinfo")]
RULES_OF_LARGER_PAGE = {"type": "rule", "values": [*OF_WINDOW, *OF_PAGE]}
SEEN = "() => { window.seen = new WeakSet([...document.querySelectorAll('*')].filter(one => one.checkVisibility())) }"
# What this window alone shows, with all that is within; how many such places there are.
MARK_ONLY_HERE = """() => {
    const only = new Set([...document.querySelectorAll('*')].filter(one => one.checkVisibility() && !window.seen.has(one)));
    const places = [...only].filter(one => !only.has(one.parentElement));
    places.forEach(one => one.setAttribute('data-only-here', ''));
    return places.length;
}"""
UNMARK_ONLY_HERE = (
    "() => document.querySelectorAll('[data-only-here]').forEach(one => one.removeAttribute('data-only-here'))"
)
ONLY_HERE = {"include": [["[data-only-here]"]]}
# The colours of an element hang on it and on those around it, not on words and numbers.
SURROUNDINGS = """passing => {
    const said = ({name, value}) =>
        name + '=' + (passing.includes(name) ? value && '.' : name === 'style' ? value : value.replace(/[0-9]+/g, '0'));
    const found = new Map();
    const walk = (node, around) => {
        const state = [node.checked, node.open, node.disabled, node === document.activeElement].map(one => one ? 1 : 0);
        const here = `${around} > ${node.localName} ${[...node.attributes].map(said).sort()} ${state}`;
        found.has(here) ? found.get(here).push(node) : found.set(here, [node]);
        for (const child of node.children) walk(child, here);
    };
    walk(document.body, [...document.querySelectorAll('style')].map(one => one.textContent).join());
    window.surroundings = [...found.values()];
    return [...found.keys()];
}"""
# An element with new surroundings is judged with all that is within, for which they are new as well.
MARK = """numbers => numbers.flatMap(number => surroundings[number]).forEach(node =>
    node.parentElement.closest('[data-unjudged]') || node.setAttribute('data-unjudged', ''))"""
UNMARK = "() => document.querySelectorAll('[data-unjudged]').forEach(node => node.removeAttribute('data-unjudged'))"
# Attributes whose values say nothing of colours.
PASSING = ["value", "href", "src", "action", "formaction", "content", "datetime", "nonce", "hx-headers"]
PASSING += ["title", "alt", "aria-label", "placeholder", "lang", "dir", "hreflang"]
EVERYTHING = {"include": [["html"]]}
# Judging a colour is most of the work, and the tenth row has those of the rows before it.
LONG_LISTS = [["tr:nth-child(n+10)"], ["li:nth-child(n+16)"]]
UNJUDGED = {"include": [["[data-unjudged]"]], "exclude": LONG_LISTS}


class Clean:
    """Surroundings in which axe found no fault of colours in this run; all its processes know them."""

    folder: Path

    def __contains__(self, surroundings: str) -> bool:
        return (self.folder / surroundings).exists()

    def add(self, surroundings: str) -> None:
        """Keep them."""
        (self.folder / surroundings).touch()


CLEAN = Clean()


def structure(page: Page, width: int, height: int) -> list[str]:
    """What axe finds on a page in a window of this size, but for colours: one line a fault."""
    with _whole(page, width, height):
        found = _axe(page, EVERYTHING, ALL_RULES, OFF)
    page.evaluate(SEEN)
    return found


def structure_again(page: Page, width: int, height: int) -> list[str]:
    """What axe finds on a page just judged by `structure` in a window of another size: what hangs on the window, and where this one
    shows more, the rest of that."""
    page.set_viewport_size({"width": width, "height": height})
    with _whole(page, width, height):
        if not page.evaluate(MARK_ONLY_HERE):
            return _axe(page, EVERYTHING, RULES_OF_WINDOW, OFF)
        found = _axe(page, EVERYTHING, RULES_OF_LARGER_PAGE, OFF) + _axe(page, ONLY_HERE, ALL_RULES, OFF)
        page.evaluate(UNMARK_ONLY_HERE)
    return list(dict.fromkeys(found))


@contextmanager
def _whole(page: Page, width: int, height: int) -> Iterator[None]:
    """A window as high as the page: what sticks to an edge of a lower one half covers whatever happens to be under it there."""
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": max(height, whole)})
    yield
    page.set_viewport_size({"width": width, "height": height})


def colours(page: Page, own: Scheme) -> list[str]:
    """What axe finds of colours in either scheme; the page is in its own one when this returns."""
    surroundings: list[str] = page.evaluate(SURROUNDINGS, PASSING)
    names = [hashlib.sha256(one.encode()).hexdigest() for one in surroundings]
    unknown = [number for number, name in enumerate(names) if name not in CLEAN]
    if not unknown:
        return []
    page.evaluate(MARK, unknown)
    found: list[str] = []
    schemes: tuple[Scheme, Scheme] = ("dark", "light") if own == "light" else ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found += _axe(page, UNJUDGED, RULES_OF_COLOUR, {})
    page.evaluate(UNMARK)
    for number in unknown if not found else ():
        CLEAN.add(names[number])
    return found


def _axe(page: Page, where: dict[str, Any], what: dict[str, Any], rules: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(AXE_RUN, [where, what, rules])
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for fault in found
        for node in fault["nodes"]
    ]
