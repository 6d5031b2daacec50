"""Where white space is seen: for every gap of a template, over every path through its branches."""

import re
from functools import cache
from pathlib import Path

from tools.templates.tree import Item, Reader, Seq, name_of

SOURCE = Path(__file__).resolve().parents[2] / "src" / "leeward"
BLOCK = frozenset(
    "html head body main nav header footer section article aside div p ul ol li dl dt dd table caption colgroup col thead tbody"
    " tfoot tr th td form fieldset legend h1 h2 h3 h4 h5 h6 hr br figure figcaption details summary address blockquote meta link"
    " option optgroup datalist textarea path rect circle line polyline polygon g defs text".split()
)
ATOMS = frozenset("button select svg".split())  # what stands outside sees one letter; inside, edges are bare
UNSEEN = frozenset("script style template".split())
# What the stylesheets lay out as blocks: the children of these classes, and these elements inside others.
FLEX = frozenset("row acts toolbar brand tick pills words grid pager facts two-col four".split())
LAID_OUT = {"choice": frozenset(("b", "span")), "figcaption": frozenset(("b", "span")), "empty": frozenset(("strong",))}
NEVER_EMPTY = frozenset("translate state_tag clock place_words bdi_number moment day".split())
SILENT = frozenset("load extends url csrf_token comment get_current_language get_current_language_bidi".split())
SOMETIMES = frozenset(("if", "ifchanged"))

TEXT, SPACE, EDGE = (
    0,
    1,
    2,
)  # what stands beside a gap, on every path at least: something seen, white space, an edge of a block


def measure(seq: Seq, before: int, after: int) -> None:
    """Works out, for every gap, what surely stands on either side of it."""
    _walk(seq, before, forward=True)
    _walk(seq, after, forward=False)


def _walk(seq: Seq, state: int, *, forward: bool) -> int:
    count = len(seq.items)
    known = [0] * (count + 1)
    for step in range(count + 1):
        gap = step if forward else count - step
        known[gap] = state
        if seq.spaces[gap]:
            state = max(state, SPACE)
        if step < count:
            state = _past(seq.items[gap if forward else gap - 1], state, forward=forward)
    if forward:
        seq.before = known
    else:
        seq.after = known
    return state


def _past(item: Item, state: int, *, forward: bool) -> int:  # noqa: PLR0911 - one a kind
    if item.kind == "block":
        return _past_block(item, state, forward=forward)
    if item.kind == "element":
        inner = item.seqs[0][1]
        if item.is_block or item.name in ATOMS:
            _walk(inner, EDGE, forward=forward)
            return EDGE if item.is_block else TEXT
        # A space moved over the edge of a link or a tag would be seen: only a space that is before it already counts.
        _walk(inner, state if forward or state == EDGE else TEXT, forward=forward)
        return TEXT
    if item.kind == "loose":
        if item.is_block:
            return EDGE
        return state if 'type="hidden"' in item.text else TEXT
    if item.kind == "raw":
        return (
            state if item.name in UNSEEN or item.name == "comment" else EDGE if item.name in BLOCK | {"pre"} else TEXT
        )
    if item.kind == "tag":
        if item.name == "include":
            return _past_include(item.text, state, forward=forward)
        return state if is_silent(item) else TEXT
    return TEXT


def _past_block(item: Item, state: int, *, forward: bool) -> int:
    if item.name == "block":
        edge = TEXT if item.text.split()[2] == "title" else EDGE
        _walk(item.seqs[0][1], edge, forward=forward)
        return edge
    if item.name == "for":
        body = item.seqs[0][1]
        out = _walk(body, state, forward=forward)
        out = _walk(body, min(state, out), forward=forward)
        rest = [_walk(seq, state, forward=forward) for _, seq in item.seqs[1:]]
        return min(out, *(rest or [state]))
    outs = [_walk(seq, state, forward=forward) for _, seq in item.seqs]
    if item.name in SOMETIMES and name_of(item.seqs[-1][0]) != "else":
        outs.append(state)
    return min(outs)


def _past_include(text: str, state: int, *, forward: bool) -> int:
    named = re.search(r"""include\s+["']([^"']+)["']""", text)
    return TEXT if named is None else past_template(named.group(1), state, forward=forward)


def is_silent(item: Item) -> bool:
    return item.kind == "tag" and (item.name in SILENT or re.search(r"\sas\s+\w+\s*%}$", item.text) is not None)


@cache
def where() -> dict[str, Path]:
    return {
        path.relative_to(SOURCE).as_posix().split("templates/", 1)[1]: path
        for path in SOURCE.rglob("templates/**/*.html")
    }


def mark(seq: Seq, inside: frozenset[str] = frozenset(), *, is_flex: bool = False) -> None:
    """Says of each element whether a browser lays it out as a block."""
    for item in seq.items:
        laid_out = any(item.name in LAID_OUT[one] for one in inside & LAID_OUT.keys())
        item.is_block = item.name in BLOCK or (item.kind in ("element", "loose") and (is_flex or laid_out))
        for _, inner in item.seqs:
            if item.kind == "block":
                mark(inner, inside, is_flex=is_flex)
            else:
                classes = set(" ".join(re.findall(r'class="([^"]*)"', item.text)).split())
                mark(inner, inside | classes | {item.name}, is_flex=not FLEX.isdisjoint(classes))


@cache
def past_template(name: str, state: int, *, forward: bool) -> int:
    """What stands behind an included template, or before it."""
    if name not in where():
        return TEXT
    seq, _ = Reader(where()[name].read_text(encoding="utf-8")).seq()
    mark(seq)
    return _walk(seq, state, forward=forward)


def is_blocky(item: Item) -> bool:
    """Wants a line of its own."""
    if item.kind in ("element", "loose"):
        return item.is_block and item.name in BLOCK and item.name != "text"
    if item.kind == "block":
        return item.name == "block" or any(is_blocky(one) for _, seq in item.seqs for one in seq.items)
    if item.kind == "raw":
        return item.name in ("comment", "script", "style", "pre", "textarea")
    if item.kind == "tag" and item.name == "include":
        return min(_past_include(item.text, TEXT, forward=True), _past_include(item.text, TEXT, forward=False)) == EDGE
    return is_silent(item)


def is_sure(item: Item, given: str = "") -> bool:
    """Is something seen of it on every path? `given` is the condition under which it stands."""
    if item.kind == "block":
        whole = item.name in ("with", "language", "spaceless") or name_of(item.seqs[-1][0]) == "else"
        return whole and all(any(is_sure(one, head) for one in seq.items) for head, seq in item.seqs)
    if item.kind == "tag":
        return item.name in NEVER_EMPTY and not is_silent(item)
    if item.kind == "var":
        value = item.text[2:-2].strip()
        return re.search(r'\|default:"[^"]', value) is not None or value.split("|")[0].split(".")[0] in re.split(
            r"[\s.]+", given
        )
    return item.kind in ("element", "word", "loose") or item.name == "blocktranslate"


def bind_cells(seq: Seq, *, in_stack: bool = True, in_cell: bool = False) -> None:
    """A cell that may be empty stays empty: the stylesheet hides it where a table is stacked on a telephone."""
    seq.bound = in_cell and not any(is_sure(item) for item in seq.items)
    for item in seq.items:
        stacked = "stack" in item.text if item.name == "table" else in_stack
        for _, inner in item.seqs:
            bind_cells(
                inner, in_stack=stacked, in_cell=seq.bound if item.kind == "block" else item.name == "td" and in_stack
            )
