"""The counts of a scan in progress: the same whether counted from rows as they come or from a file of rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from leeward.foundation.patterns import Pattern

_MOST_REASONS = 200
_MOST_LETTERS = 1000
_NUMBER = Pattern(r"\d[\d.,]*")
_OTHER = "other reasons"
NEAR_STEPS = (0, 10, 20, 31, 63)


@dataclass(slots=True)
class Tally:
    """Counts of rows. `matched` counts rows with at least one match; `near` counts matches by list, kind and distance."""

    rows: int = 0
    files: int = 0
    bytes: int = 0
    matched: int = 0
    errors: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    near: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one row of the output."""
        self.rows += 1
        self.kinds[str(row.get("kind"))] += 1
        if not row.get("inside") and "line" not in row:
            self.files += 1
            self.bytes += row.get("size") or 0
        if row.get("error"):
            self.errors += 1
            self._count_reason(_NUMBER.sub("N", str(row["error"])[:_MOST_LETTERS]), 1)
        matches = row.get("matches") or ()
        self.matched += bool(matches)
        for match in matches:
            kind = f"{match['kind']}, altered" if match.get("alteration") else match["kind"]
            self.near[match["list"], kind, step_of(match["distance"])] += 1

    def merge(self, other: "Tally") -> None:
        """Add another tally."""
        self.rows += other.rows
        self.files += other.files
        self.bytes += other.bytes
        self.matched += other.matched
        self.errors += other.errors
        self.kinds.update(other.kinds)
        self.near.update(other.near)
        for reason, count in other.reasons.items():
            self._count_reason(reason, count)

    def _count_reason(self, reason: str, count: int) -> None:
        """Count a reason; files made to produce ever new ones can't fill the memory."""
        known = reason in self.reasons or len(self.reasons) < _MOST_REASONS
        self.reasons[reason if known else _OTHER] += count


def step_of(distance: int) -> str:
    """Return the group in which a distance is counted."""
    if distance == 0:
        return "0"
    low, high = next(pair for pair in pairwise(NEAR_STEPS) if distance <= pair[1])
    return f"{low + 1}–{high}"
