"""The tree made again from a chain's rows, against every checkpoint and the tip: one pass over the rows for all."""

from collections.abc import Iterator
from dataclasses import dataclass

from leeward.audit.models import AuditCheckpoint, AuditTip
from leeward.audit.rules.chain import Entry, Fault
from leeward.audit.rules.merkle import EMPTY_ROOT, Peaks, appended, root_of
from leeward.audit.rules.notes import Checkpoint, Key, NoteRefused, holds, line_in
from leeward.audit.tree.nodes import leaf_of, root_at


@dataclass(frozen=True, slots=True)
class _Stated:
    """A root that the rows must have at some size, and who states it, as part of a sentence."""

    root: bytes
    by: str


class Regrown:
    """Reads what is stated about a chain's tree when it is made; then the rows go through `over`, and `fault` says whether
    they fit."""

    def __init__(self, chain: int) -> None:
        self._chain = chain
        self._stated: dict[int, list[_Stated]] = {}
        self._fault: Fault | None = None
        self._tip = AuditTip.objects.filter(chain=chain).first()
        for row in AuditCheckpoint.objects.filter(chain=chain).order_by("id").iterator(1000):
            self._take(row)
        if self._tip is not None and self._tip.peaks is not None:
            self._state(self._tip.number, root_at(self._tip), "the tree at its tip")
        self._size, self._peaks = 0, Peaks(())

    def over(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        """Pass the rows on, and compare the root at each size of which something is stated."""
        for entry in entries:
            try:
                leaf = leaf_of(entry.number, entry.hash, entry.nonce, self._tip.salt if self._tip else None)
            except ValueError:
                self._found(entry.number, "has no nonce")
            else:
                self._peaks = appended(self._size, self._peaks, leaf)
            self._size += 1
            self._compare()
            yield entry

    def fault(self) -> Fault | None:
        """Return the first thing that doesn't fit, once all rows went through."""
        beyond = [size for size in self._stated if size > self._size]
        if beyond and self._fault is None:
            self._found(self._size + 1, f"is missing: a signed checkpoint speaks of {max(beyond)} rows")
        return self._fault

    def _compare(self) -> None:
        if self._fault is None and self._size in self._stated:
            root = root_of(self._peaks)
            for stated in self._stated[self._size]:
                if stated.root != root:
                    self._found(self._size, f"or one before it differs from {stated.by}")

    def _take(self, row: AuditCheckpoint) -> None:
        try:
            checkpoint = Checkpoint.read(row.body)
            is_good = checkpoint.size == row.size and holds(row.body, line_in(row.line), Key.read(row.vkey))
        except NoteRefused:
            is_good = False
        if is_good:
            self._state(row.size, checkpoint.root, f"the checkpoint of {row.at:%Y-%m-%d %H:%M} UTC")
        else:
            self._found(row.size, "has a checkpoint with a false signature")

    def _state(self, size: int, root: bytes, by: str) -> None:
        if size:
            self._stated.setdefault(size, []).append(_Stated(root, by))
        elif root != EMPTY_ROOT:
            self._found(1, f"differs from {by}")

    def _found(self, number: int, what: str) -> None:
        self._fault = self._fault or Fault(self._chain, number, what)
