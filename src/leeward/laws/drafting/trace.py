"""Make the page that compares the toolkit's two appendices with our clauses: `python -m leeward.laws.drafting.trace`."""

import sys
from collections.abc import Iterator
from difflib import SequenceMatcher

from leeward.laws.drafting.formats import model, styles
from leeward.laws.drafting.text import plain_text
from leeward.laws.files.packaged import packaged
from leeward.laws.rules.bill import Country, compose
from leeward.laws.rules.bill_clauses import Bill, Clause
from leeward.laws.rules.bill_need import WANTED, Need
from leeward.laws.rules.bill_options import YES_OR_NO, parse_options

_HEAD = """# The model bill and the toolkit

Every element of Appendices IV and V of the toolkit, and the clause of the model bill (`src/leeward/laws/data/bill.yaml`) that carries
it, word for word: what our text does not have is ~~struck through~~, what it adds is **bold**. “Child pornography” is the
toolkit's term and a choice of ours. This page is made by `python -m leeward.laws.drafting.trace`; a test fails if it is not up to date
or if an element is missing.

| element | the toolkit's words | clause | our words | what was changed, and why |
|---|---|---|---|---|
"""
_BEYOND = """
## Beyond the appendices

| clause | where it comes from |
|---|---|
"""


def model_bill() -> Bill:
    """Return the model bill with every optional clause."""
    choices = {"term": "child pornography", "solicitation": "extended", "own_images": "peers"}
    options = parse_options({**choices, **dict.fromkeys(YES_OR_NO, True)})
    need = Need("act", WANTED, (), (), (), None)
    return compose(model(), options, need, styles()["uk"], Country("XX", "Model"))


def as_table() -> str:
    """Return the page."""
    bill = model_bill()
    rows = []
    for element, seed in packaged("appendices.yaml").items():
        for number, clause in _of(bill, element):
            theirs, ours = _side_by_side(seed, _words(clause))
            rows.append(f"| {element} | {theirs} | {number} `{clause.id}` | {ours} | {clause.differs} |\n")
    beyond = [
        f"| {section.number} {section.heading} | {section.origin} |\n"
        for section in bill.sections
        if section.beyond and section.origin
    ]
    return _HEAD + "".join(rows) + _BEYOND + "".join(beyond)


def _words(clause: Clause) -> str:
    return " ".join(plain_text(piece.runs) for piece in (clause, *clause.children) if piece.runs)


def _of(bill: Bill, element: str) -> Iterator[tuple[str, Clause]]:
    for section in bill.sections:
        for number, clause in _numbered(section, section.number):
            if element in clause.traces:
                yield number, clause


def _numbered(clause: Clause, number: str) -> Iterator[tuple[str, Clause]]:
    yield number, clause
    for child in clause.children:
        yield from _numbered(child, number + child.number)


def _side_by_side(seed: str, ours: str) -> tuple[str, str]:
    """Return both texts with the words marked that occur in only one of them."""
    old, new = seed.split(), ours.split()
    plain = [[word.strip(".,;:—“”‘’").lower() for word in clause] for clause in (old, new)]
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, plain[0], plain[1], autojunk=False).get_opcodes():
        left.append(_marked(old[a:b], "" if kind == "equal" else "~~"))
        right.append(_marked(new[c:d], "" if kind == "equal" else "**"))
    return " ".join(filter(None, left)), " ".join(filter(None, right))


def _marked(words: list[str], mark: str) -> str:
    return f"{mark}{' '.join(words)}{mark}" if words else ""


if __name__ == "__main__":
    sys.stdout.write(as_table())
