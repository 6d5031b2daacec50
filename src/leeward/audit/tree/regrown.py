"""The tree made again from a chain's rows, against every checkpoint and the tip: one pass over the rows for all."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from leeward.audit.models import AuditCheckpoint, AuditTip
from leeward.audit.rules.chain import Entry, Fault
from leeward.audit.rules.merkle import EMPTY_ROOT, Peaks, appended, root_of
from leeward.audit.rules.notes import Checkpoint, Key, NoteRefused, holds, line_in
from leeward.audit.tree.nodes import leaf_of, root_at

MISSING = "is missing"


@dataclass(frozen=True, slots=True)
class _Stated:
    """A root that the rows must have at some size, and since when a checkpoint says so; None: it is the tip that does."""

    root: bytes
    at: datetime | None

    @property
    def by(self) -> str:
        """Return who states it, as part of a sentence."""
        return f"the checkpoint of {_hour(self.at)}" if self.at else "the tree at its tip"


class Regrown:
    """Reads what is stated about a chain's tree when it is made; then the rows go through `over`, and `fault` says whether
    they fit. `signed` is the size of the largest checkpoint that holds, `signed_at` when it was made, `unsigned_since` the time of
    the first row after it."""

    def __init__(self, chain: int, signer: bytes | None = None) -> None:
        self._chain = chain
        self._signer = signer
        self._stated: dict[int, list[_Stated]] = {}
        self._fault: Fault | None = None
        self._agreed: tuple[int, datetime] | None = None
        self._against: list[datetime] = []
        self._tip = AuditTip.objects.filter(chain=chain).first()
        self.signed, self.unsigned_since = 0, ""
        self.signed_at: datetime | None = None
        for row in AuditCheckpoint.objects.filter(chain=chain).order_by("id").iterator(1000):
            self._take(row)
        if self._tip is not None and self._tip.peaks is not None:
            self._state(self._tip.number, root_at(self._tip), None)
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
            if self._size == self.signed + 1:
                self.unsigned_since = entry.at
            yield entry

    def fault(self) -> Fault | None:
        """Return the first thing that doesn't fit, once all rows went through."""
        beyond = [size for size in self._stated if size > self._size]
        if beyond and self._fault is None:
            self._found(self._size + 1, f"{MISSING}: a signed checkpoint speaks of {max(beyond)} rows")
        return self._fault

    def dated(self, fault: Fault | None) -> Fault | None:
        """Add to a fault, where checkpoints show it, up to which row and when the log was still as it was signed, and after which
        checkpoint it was changed: the newest one that knew it otherwise."""
        if fault is None:
            return None
        against = list(self._against)
        if fault.what.startswith(MISSING):
            against += [
                one.at for size, stated in self._stated.items() if size >= fault.number for one in stated if one.at
            ]
        if not against:
            return fault
        after = f"this happened after {_hour(max(against))}"
        if self._agreed and self._agreed[0] < fault.number:
            after = f"up to row {self._agreed[0]} the log is as it was signed at {_hour(self._agreed[1])}; {after}"
        return replace(fault, what=f"{fault.what}; {after}")

    def _compare(self) -> None:
        if self._size not in self._stated:
            return
        root = root_of(self._peaks)
        for stated in self._stated[self._size]:
            if stated.root == root:
                if stated.at and self._fault is None:
                    self._agreed = (self._size, stated.at)
                continue
            self._found(self._size, f"or one before it differs from {stated.by}")
            if stated.at:
                self._against.append(stated.at)

    def _take(self, row: AuditCheckpoint) -> None:
        try:
            checkpoint, key = Checkpoint.read(row.body), Key.read(row.vkey)
            is_good = checkpoint.size == row.size and holds(row.body, line_in(row.line), key)
        except NoteRefused:
            self._found(row.size, "has a checkpoint with a false signature")
            return
        is_ours = (
            self._signer is None
            or self._tip is None
            or checkpoint.origin != self._tip.origin
            or key.raw == self._signer
        )
        if not is_good:
            self._found(row.size, "has a checkpoint with a false signature")
        elif not is_ours:
            self._found(row.size, "has a checkpoint that another key than the signer’s has signed")
        else:
            self._state(row.size, checkpoint.root, row.at)
            if row.size >= self.signed:
                self.signed, self.signed_at = row.size, row.at

    def _state(self, size: int, root: bytes, at: datetime | None) -> None:
        if size:
            self._stated.setdefault(size, []).append(_Stated(root, at))
        elif root != EMPTY_ROOT:
            self._found(1, f"differs from {_Stated(root, at).by}")

    def _found(self, number: int, what: str) -> None:
        self._fault = self._fault or Fault(self._chain, number, what)


def _hour(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else ""
