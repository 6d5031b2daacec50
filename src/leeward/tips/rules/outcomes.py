"""What became of a tip, as its sender hears it. Pure.

NCMEC's own codes are not public; these are ours.
"""

import csv
import io
from collections.abc import Iterable
from typing import Literal

Outcome = Literal[
    "received", "duplicate", "not_ours", "no_data", "investigating", "safeguarded", "arrest", "unfounded", "more_needed"
]
OUTCOMES: tuple[Outcome, ...] = (
    "received", "duplicate", "not_ours", "no_data", "investigating", "safeguarded", "arrest", "unfounded", "more_needed",
)  # fmt: skip
# After these nothing more is done about a tip here.
ENDINGS = ("duplicate", "not_ours", "no_data", "unfounded")
COLUMNS = ("system", "number", "sender", "provider", "label", "arrived", "versions", "outcome", "since")


def outcome_now(recorded: str, *, is_folded: bool) -> str:
    """Return what a sender hears: what somebody recorded, else that it is a duplicate or was received."""
    return recorded or ("duplicate" if is_folded else "received")


def feedback_csv(rows: Iterable[dict[str, str]]) -> str:
    """Return the feedback as CSV; no cell begins like a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(row[name]) for name in COLUMNS})
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
