"""How much of a letter to the police each report has: whoever reports much pushes nobody else's words out. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

REST = " […]"
# Of a report's share its own words have half at most, and what was added to it last a quarter, where both are longer.
PARTS = (2, 4)


@dataclass(frozen=True, slots=True)
class Line:
    """What the police read of a report: the reporter's `text`, which can be shortened, between what is put around them. `at` is when it
    was written."""

    at: datetime
    report: int
    before: str
    text: str = ""
    after: str = ""

    @property
    def whole(self) -> str:
        """Return the whole line."""
        return self.before + self.text + self.after

    @property
    def size(self) -> int:
        """Return how many bytes it takes."""
        return len(self.whole.encode())

    def shortened(self, most: int) -> "Line":
        """Return it with no more words than fit in `most` bytes, then `REST`; as it is where it fits or has no words."""
        if not self.text or self.size <= most:
            return self
        room = most - len((self.before + REST + self.after).encode())
        kept = self.text.encode()[: max(room, 0)].decode(errors="ignore").rstrip()
        return replace(self, text=kept + REST)


def fair_share(lines: Sequence[Line], *, most: int, most_bytes: int | None) -> list[Line]:
    """Return no more than `most` of these lines, oldest first. Each report has a turn after the other, the newest first: with its own
    words, with what was added to it last, then with the rest of it. Where all are more than `most_bytes`, each report has an equal share
    of these, into which its first two lines are shortened (`PARTS`); what is longer waits until all others had theirs."""
    of_report = defaultdict[int, list[Line]](list)
    for line in sorted(lines, key=lambda one: one.at):
        of_report[line.report].append(line)
    left = sum(line.size for line in lines)
    share = None
    if most_bytes is not None and left > most_bytes:
        left, share = most_bytes, most_bytes // len(of_report)
    waiting = [one for ours in of_report.values() for one in _waiting(_in_turn(ours), share)]
    kept = dict[tuple[int, int], Line]()
    for _is_over, rank, _newest, line in sorted(waiting, key=lambda one: one[:3]):
        shorter = kept.get((line.report, rank))
        more = line.size - (shorter.size if shorter else 0)
        if more <= left and (shorter or len(kept) < most):
            kept[line.report, rank] = line
            left -= more
    return sorted(kept.values(), key=lambda line: line.at)


def _in_turn(ours: Sequence[Line]) -> list[Line]:
    """Return the lines of a report, oldest first, in the order in which they go: what it began with first, then the newest."""
    begun = [line for line in ours if line.at == ours[0].at]
    added = [*reversed(ours[len(begun) :])]
    return [begun[0], *added[:1], *begun[1:], *added[1:]]


def _waiting(ours: Sequence[Line], share: int | None) -> list[tuple[bool, int, float, Line]]:
    """Return for each line of a report whether it is over its share, its rank, minus when it was written, and the line; one that is
    shortened once more as it is."""
    used, found = 0, list[tuple[bool, int, float, Line]]()
    for rank, line in enumerate(ours):
        newest, first = -line.at.timestamp(), line
        if share is not None and rank < len(PARTS):
            first = line.shortened(share // PARTS[rank])
        used += first.size
        found.append((share is not None and used > share, rank, newest, first))
        if first != line:
            found.append((True, rank, newest, line))
    return found
