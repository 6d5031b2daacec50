"""The table that sets each element of the toolkit's two appendices beside our clause: `python -m leeward.laws.drafting.trace`."""

import sys
from collections.abc import Iterator

from leeward.laws.drafting.text import plain_text
from leeward.laws.files.packaged import packaged
from leeward.laws.rules.bill import Bill, Clause, compose
from leeward.laws.rules.bill_options import BillOptions

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
ELEMENTS = (
    "IV.1.a",
    *(f"IV.1.b.{number}" for number in _ROMAN[:4]),
    *(f"IV.2.a.{number}" for number in _ROMAN),
    *(f"IV.3.{letter}" for letter in "abcdefg"),
    "V",
)
_HEAD = """# The model bill and the toolkit

Every element of Appendices IV and V of the toolkit, and the clause of the model bill (`src/leeward/laws/data/bill.yaml`)
that carries it. The words are ours. This page is made by
`python -m leeward.laws.drafting.trace`; a test fails if it is not up to date or if an element is missing.

| element | clause | our words |
|---|---|---|
"""
_BEYOND = """
## Beyond the toolkit

| clause | why |
|---|---|
"""


def as_table() -> str:
    """Return the page."""
    options = BillOptions(solicitation="extended", preservation_days=21, only_gaps=False)
    bill = compose(packaged("bill.yaml"), options, country="XX", country_name="Model", criteria=())
    rows = [
        f"| {element} | {number} `{clause.id}` | {text} |\n"
        for element in ELEMENTS
        for number, clause, text in _of(bill, element)
    ]
    beyond = [
        f"| {section.number} {section.heading} | {section.origin} |\n"
        for part in bill.parts
        for section in part.children
        if section.beyond
    ]
    return _HEAD + "".join(rows) + _BEYOND + "".join(beyond)


def _of(bill: Bill, element: str) -> Iterator[tuple[str, Clause, str]]:
    for part in bill.parts:
        for section in part.children:
            for clause in section.walk():
                if element in clause.traces:
                    words = " ".join(plain_text(piece.runs) for piece in (clause, *clause.children) if piece.runs)
                    _part, own, *below = (piece.rpartition("_")[2] for piece in clause.eid.split("__"))
                    number = own + "".join(f"({piece})" for piece in below)
                    yield number, clause, words


if __name__ == "__main__":
    sys.stdout.write(as_table())
