"""Check that browsers before 2021 can show public pages: what the style sheet gives them uses only what they know.

The sheet has a part for them (`@supports not (aspect-ratio: 1)`), the part for all others (`@supports (aspect-ratio: 1)`),
which they skip whole, and rules for both. Everything but the second part is checked: Chrome 49, Firefox 48, Opera's
servers and whatever stands on them know these properties.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

SHEET = Path(__file__).resolve().parents[1] / "src/leeward/web/static/leeward/leeward.css"
FOR_OTHERS = "@supports (aspect-ratio: 1)"
PROPERTIES = frozenset(
    "background border border-bottom border-collapse border-left border-radius box-sizing clip color display fill font font-size "
    "font-weight height left line-height list-style margin max-width overflow overflow-x padding padding-bottom padding-left padding-top "
    "position stroke stroke-width text-align text-anchor text-decoration top vertical-align width word-wrap z-index".split()
)
# Unknown to them and harmless: the rule then leaves the margins of a sheet of paper as they are.
SKIPPED = frozenset({"page"})
_DISPLAYS = frozenset({"block", "inline-block", "none"})
_NEW_IN_VALUES = re.compile(r"\b(?:var|min|max|clamp|env|attr|color-mix)\(|\b\d+(?:\.\d+)?(?:dvh|svh|lvh|ch|cap|lh)\b")
_NEW_IN_SELECTORS = re.compile(r":(?:is|where|has|focus-visible|any-link|dir)\b|:not\([^)]*[ ,>+~]|:not\((?:[^()]*\()")


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before each outermost pair of braces, and what stands between them."""
    depth = start = 0
    head = ""
    for place, letter in enumerate(css):
        if letter == "{":
            depth += 1
            if depth == 1:
                head, start = css[start:place].rpartition(";")[2].strip(), place + 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield head, css[start:place]
                start = place + 1


def faults_of(css: str) -> list[str]:
    """Return what old browsers would not understand, a line each."""
    found: list[str] = []
    for head, inside in blocks(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if head == FOR_OTHERS:
            continue
        if "{" in inside:
            found += faults_of(inside)
            continue
        if _NEW_IN_SELECTORS.search(head):
            found.append(f"{head}: they don't know this selector")
        for line in filter(None, map(str.strip, inside.split(";"))):
            name, _, value = (part.strip() for part in line.partition(":"))
            is_known = name in PROPERTIES and (name != "display" or value in _DISPLAYS)
            if name not in SKIPPED and (not is_known or _NEW_IN_VALUES.search(value)):
                found.append(f"{head} {{ {line} }}: they don't know this")
    return found


def main() -> int:
    """Print what is wrong; return 1 if anything is."""
    faults = faults_of(SHEET.read_text(encoding="utf-8"))
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
