"""Format the HTML templates: one element a line, at most 120 columns, and not one visible space more or less.

    python -m tools.templates           format every template in place
    python -m tools.templates --check   name those that are not formatted, change nothing

A line break is put only where a browser shows none: where white space stands already, beside a block-level element, or
between attributes. Whether that holds is worked out over every path through {% if %} and {% for %} (`spaces.py`). Where no break is
allowed a line stays long, and the template wants another structure. Texts in {% blocktranslate %} keep their message ids.
"""

import sys

from tools.templates.layout import render
from tools.templates.spaces import EDGE, SOURCE, TEXT, bind_cells, mark, measure, where
from tools.templates.tree import Reader
from tools.templates.write import gap, write

WIDTH = 120


def format_source(source: str) -> str:
    for _ in range(6):
        formatted = _once(source)
        if formatted == source:
            return formatted
        source = formatted
    raise ValueError("The layout doesn't settle.")


def _once(source: str) -> str:
    seq, _ = Reader(source).seq()
    is_child = source.lstrip().startswith("{% extends")
    edge = EDGE if is_child or "<!DOCTYPE" in source else TEXT
    mark(seq)
    measure(seq, edge, edge)
    if is_child:  # what stands between its blocks goes nowhere
        seq.before = [EDGE] * len(seq.before)
    bind_cells(seq)
    doc = write(seq)
    last = gap(seq, len(seq.items))
    text = render(doc, WIDTH).strip("\n")
    return ("\n" if gap(seq, 0) == "space" else "") + text + ("\n" if last in ("free", "space") else "")


def too_wide(source: str) -> list[int]:
    """The lines that are wider than 120 columns: no break may stand in them, so their template wants another structure."""
    return [number for number, text in enumerate(source.split("\n"), 1) if len(text) > WIDTH]


def main() -> int:
    check = "--check" in sys.argv[1:]
    wrong = 0
    for path in sorted(where().values()):
        name, source = path.relative_to(SOURCE.parents[1]), path.read_text(encoding="utf-8")
        formatted = format_source(source)
        for number in too_wide(formatted):
            wrong += 1
            print(f"{name}:{number}: over {WIDTH} columns")
        if formatted == source:
            continue
        if check:
            wrong += 1
            print(f"{name}: not formatted (make format)")
        else:
            print(f"{name}: formatted")
            path.write_text(formatted, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
