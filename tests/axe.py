"""axe-core on a page: what bars people with disabilities there.

Judging colours is most of the work: an element that stands in surroundings that were judged before, in this run and without a fault,
is not judged for them again.
"""

import hashlib
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
from playwright.sync_api import Page

type Scheme = Literal["light", "dark"]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Half a million letters take longer on their way to a page than to be run there: each later page of a browser's profile has them.
MAKE_AXE = f"window.makeAxe = () => {{ {AXE} }}"
# Only violations are described and sent back: what passed and what did not apply is most of the work otherwise.
# It loads every stylesheet a second time for one rule, on pages that lock the screen's turning; our one stylesheet never asks how
# the screen is held.
AXE_RUN = """([where, what, rules]) => {
    if (!window.makeAxe) return null;
    if (!window.axe) makeAxe();
    return axe.run(where, {runOnly: what, rules, resultTypes: ['violations'], preload: false}).then(found => found.violations);
}"""
ALL_RULES = {"type": "tag", "values": AXE_TAGS}
OF_COLOUR = ["color-contrast", "link-in-text-block"]
RULES_OF_COLOUR = {"type": "rule", "values": OF_COLOUR}
# What the rule of hidden content says is a hint to look at the page again, never a fault.
NEVER = [*OF_COLOUR, "hidden-content"]
OFF = {rule: {"enabled": False} for rule in NEVER}
# What hangs on the window's size; whatever else axe asks of an element has the same answer in any window that shows it.
OF_WINDOW = ["target-size", "scrollable-region-focusable"]
# What is asked of a page as a whole, or of elements beside each other: once more where another window shows more of them.
OF_PAGE = ["bypass", "region", "heading-order", "page-has-heading-one", "skip-link", "accesskeys", "duplicate-id-aria"]
OF_PAGE += ["landmark-one-main", "landmark-unique", "landmark-complementary-is-top-level"]
OF_PAGE += [f"landmark-{one}-is-top-level" for one in ("banner", "main", "contentinfo")]
OF_PAGE += [f"landmark-no-duplicate-{one}" for one in ("banner", "main", "contentinfo")]
# Whether something that is pressed lies over another, or is low or narrow and has another near its middle. Where nothing does, axe
# would find no target too small, and look longer than for all its other rules together. In doubt axe is asked.
TARGETS_IN_DOUBT = """() => {
    const passive = ':is(main, div, section, article, form, dialog, table, ul, ol, p, pre, h1, h2, h3, body):not([role])';
    const pressed = 'a[href], area[href], button, input, select, textarea, summary, [contenteditable], [tabindex]';
    const no_target = `${passive}, [role=group], [role=region]`;
    const is_clipped = (one, box) => box.width <= 1 && box.height <= 1 && getComputedStyle(one).clipPath !== 'none';
    const targets = [...document.querySelectorAll(pressed)]
        .filter(one => one.checkVisibility({opacityProperty: true, visibilityProperty: true}) && (one.isContentEditable || !one.matches(no_target)))
        .map(one => [one, one.getBoundingClientRect()])
        .filter(([one, box]) => !is_clipped(one, box))
        .map(([, {left, right, top, bottom}]) => ({left, right, top, bottom, x: (left + right) / 2, y: (top + bottom) / 2}));
    const outside = (at, from, to) => Math.max(from - at, at - to, 0);
    const is_clear = (one, other) => {
        if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom) return false;
        if (one.right - one.left >= 24 && one.bottom - one.top >= 24) return true;
        const side = Math.hypot(outside(one.x, other.left, other.right), outside(one.y, other.top, other.bottom));
        return side >= 12 && Math.hypot(one.x - other.x, one.y - other.y) >= 24;
    };
    return targets.some(one => targets.some(other => one !== other && !is_clear(one, other)));
}"""
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
    const focused = document.activeElement === document.body ? null : document.activeElement;  // the body, where nothing is
    const walk = (node, around) => {
        const state = [node.checked, node.open, node.disabled, node === focused].map(one => one ? 1 : 0);
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
PASSING += ["title", "alt", "aria-label", "placeholder", "lang", "dir", "hreflang", "name"]
PASSING += ["aria-keyshortcuts", "data-key"]
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
    """What axe finds on a page in a window of this size, but for colours: one line a fault. The window stays as high as the page."""
    _fit(page, width, height)
    off = OFF if page.evaluate(TARGETS_IN_DOUBT) else {**OFF, "target-size": {"enabled": False}}
    found = _axe(page, EVERYTHING, ALL_RULES, off)
    page.evaluate(SEEN)
    return found


def structure_again(page: Page, width: int, height: int) -> list[str]:
    """What axe finds on a page just judged by `structure` in a window of another size: what hangs on the window, and where this one
    shows more, the rest of that. The window stays as high as the page."""
    _fit(page, width, height)
    of_window = OF_WINDOW if page.evaluate(TARGETS_IN_DOUBT) else OF_WINDOW[1:]
    if not page.evaluate(MARK_ONLY_HERE):
        return _axe(page, EVERYTHING, {"type": "rule", "values": of_window}, {})
    found = _axe(page, EVERYTHING, {"type": "rule", "values": [*of_window, *OF_PAGE]}, {})
    found += _axe(page, ONLY_HERE, ALL_RULES, {**OFF, "target-size": {"enabled": False}})
    page.evaluate(UNMARK_ONLY_HERE)
    return list(dict.fromkeys(found))


def resize(page: Page, width: int, height: int) -> None:
    """Give the window this size, if it has another one: the whole page is laid out anew."""
    if page.viewport_size != {"width": width, "height": height}:
        page.set_viewport_size({"width": width, "height": height})


def _fit(page: Page, width: int, height: int) -> None:
    """Make the window as high as the page: what sticks to an edge of a lower one half covers whatever happens to be under it there."""
    resize(page, width, height)
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    resize(page, width, max(height, whole))


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
    found: list[dict[str, Any]] | None = page.evaluate(AXE_RUN, [where, what, rules])
    if found is None:
        page.context.add_init_script(MAKE_AXE)
        page.evaluate(MAKE_AXE)
        return _axe(page, where, what, rules)
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for fault in found
        for node in fault["nodes"]
    ]
