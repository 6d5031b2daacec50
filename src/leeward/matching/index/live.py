"""`Index`: an index file opened for searching and changing."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leeward.matching.index import engine
from leeward.matching.index.banks import Bank
from leeward.matching.index.changes import Change, apply_change, merge_segment, read_view
from leeward.matching.index.checking import Checked
from leeward.matching.index.codes import as_codes
from leeward.matching.index.errors import BankUnknown, CodesRefused, IndexRefused
from leeward.matching.index.hits import Hits, joined_hits
from leeward.matching.index.journal import ADD, BANK, PAUSE, REMOVE, Record, journal_path
from leeward.matching.index.leftovers import sweep
from leeward.matching.index.plan import MAX_RADIUS
from leeward.matching.index.soft import SoftLimits
from leeward.matching.index.view import FOREVER, View
from leeward.matching.index.writing import BANDED_FROM, Content, Progress, write_segment

_NO_IDS = np.empty(0, np.uint64)


class Index:
    """Exact Hamming search in a file that processes share without copying it. Any thread may call any method.

    Searches read an immutable view; `add`, `remove`, `pause`, `set_bank` append to the journal beside the file; `merge`
    writes a new file and replaces the old one while searches continue; `refresh` loads the changes of other processes.
    """

    def __init__(self, path: Path, view: View, clock: Callable[[], float]) -> None:
        self.path = path
        self._view = view
        self._clock = clock
        self._lock = Lock()
        self._checked = Checked(view.segment)

    @classmethod
    def open(cls, path: str | Path, *, verify: bool | None = None, clock: Callable[[], float] = time.time) -> Self:
        """Map the index at `path`, and remove what killed programs left beside it.

        `verify`: compute all checksums first; by default for files up to 64 MB, while larger ones are verified in the
        background (see `verification`); False if they were verified elsewhere. Raises IndexRefused naming the wrong
        field, OSError when a file can't be read.
        """
        path = Path(path)
        sweep(path)
        index = cls(path, read_view(path, verify=verify), clock)
        if verify is None:
            index._verify_later()
        return index

    @classmethod
    def build(
        cls,
        path: str | Path,
        codes: ArrayLike | Iterable[str],
        *,
        ids: ArrayLike | None = None,
        banks: Iterable[Bank] = (),
        bank_of: ArrayLike | None = None,
        banded_from: int = BANDED_FROM,
        progress: Progress | None = None,
    ) -> Self:
        """Write an index of codes uint8 [n, bytes] to `path` and open it.

        ids uint64 [n] (default: row numbers; several entries may share one); bank_of: the bank number of all entries or
        of each; `progress(done, total)` counts the bands. An existing index is replaced atomically and its journal
        dropped.
        """
        path = Path(path)
        sweep(path)
        array = as_codes(codes)
        content = Content(
            array, next_id=len(array), banks={bank.number: bank for bank in banks} or {0: Bank(0, "default")}
        )
        if ids is not None:
            content.ids = as_ids(ids, len(array))
            content.next_id = int(content.ids.max()) + 1 if len(array) else 0
        if bank_of is not None:
            content.bank_of = np.broadcast_to(np.asarray(bank_of, np.uint16), len(array)).copy()
            for number in np.unique(content.bank_of).tolist():
                if number not in content.banks:
                    raise BankUnknown(number)
        write_segment(path, content, banded_from=banded_from, progress=progress)
        journal_path(path).unlink(missing_ok=True)
        return cls.open(path, verify=False)

    @property
    def verification(self) -> str:
        """The state of the segment's checksums: "verified", "unverified" (so far) or "damaged"."""
        return self._checked.state

    @property
    def damage(self) -> IndexRefused | None:
        """The damage found after opening; a damaged index answers no more searches."""
        return self._checked.damage

    def wait_verified(self, seconds: float = 600.0) -> str:
        """Wait for the verification in the background; return its state."""
        self._checked.wait(seconds)
        return self.verification

    def _verify_later(self) -> None:
        """Verify the present segment in the background unless that was done."""
        self._checked.forget()
        self._checked = Checked(self._view.segment)
        if not self._view.segment.is_verified:
            self._checked.start()

    def _whole_view(self) -> View:
        """Return the current state; raises IndexRefused where damage was found: no answer is better than a wrong one."""
        if self._checked.damage is not None:
            raise self._checked.damage
        return self._view

    def __len__(self) -> int:
        view = self._view
        return len(view.segment) - int(self._removed_rows(view)) + int(view.tail.alive.sum())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    @property
    def code_bits(self) -> int:
        """The length of its codes."""
        return self._view.segment.code_bits

    @property
    def banks(self) -> tuple[Bank, ...]:
        """Its banks, by number."""
        return tuple(bank for _, bank in sorted(self._view.banks.items()))

    @property
    def next_id(self) -> int:
        """The id after the highest one ever used."""
        return self._view.next_id

    def bank_named(self, name: str) -> Bank:
        """Return the bank of this name; raises BankUnknown."""
        for bank in self.banks:
            if bank.name == name:
                return bank
        raise BankUnknown(name)

    def search(
        self,
        codes: ArrayLike | Iterable[str],
        radius: int = MAX_RADIUS,
        *,
        banks: Iterable[int] | None = None,
        harmless: Literal["suppress", "report"] = "suppress",
        now: float | None = None,
        threads: int = 1,
    ) -> Hits:
        """Return every entry within `radius` (0–63) bits, and within its bank's radius, of codes uint8 [q, bytes] or
        hex text.

        `banks`: only these. Entries of harmless banks are not reported but suppress whatever is further from the query
        than they are; "report" returns everything instead. `now` (seconds since 1970; default: the clock) is for
        pauses. The GIL is released; `threads` splits the queries. Raises CodesRefused.
        """
        if not 0 <= radius <= MAX_RADIUS:
            raise CodesRefused(f"the radius is {radius}; it can be 0 to {MAX_RADIUS}")
        view = self._whole_view()
        queries = as_codes(codes, view.segment.code_bits)
        moment = self._clock() if now is None else now
        chosen = None if banks is None else tuple(banks)
        suppress = harmless == "suppress"

        def answer(part: NDArray[np.uint8]) -> Hits:
            return view.search(part, radius, banks=chosen, suppress=suppress, now=moment)

        if threads < 2 or len(queries) < 2 * threads:
            return answer(queries)
        bounds = np.linspace(0, len(queries), threads + 1).astype(int)
        parts = [queries[start:end] for start, end in pairwise(bounds.tolist())]
        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(answer, parts))
        return joined_hits(
            [replace(hits, query=hits.query + start) for hits, start in zip(found, bounds, strict=False)]
        )

    def search_softly(
        self,
        codes: ArrayLike | Iterable[str],
        weights: ArrayLike,
        limits: SoftLimits = SoftLimits(),  # noqa: B008 - it never changes
        *,
        banks: Iterable[int] | None = None,
        harmless: Literal["suppress", "report"] = "suppress",
        now: float | None = None,
    ) -> Hits:
        """Return entries near codes uint8 [q, bytes] by the weights float32 [q, bits] of their bits, with `soft`
        distances.

        Everything within `limits.sure_bits` is found; of what only the soft distance admits, 99.8 to 100 percent (see
        `soft.py`). A bank with a radius below 31 narrows both limits in proportion. Otherwise like `search`. Raises
        CodesRefused.
        """
        view = self._whole_view()
        queries = as_codes(codes, view.segment.code_bits)
        sure = np.ascontiguousarray(weights, np.float32)
        if sure.shape != (len(queries), view.segment.code_bits) or not np.isfinite(sure).all() or (sure < 0).any():
            raise CodesRefused(f"weights are {len(queries)} x {view.segment.code_bits} numbers from 0 on")
        moment = self._clock() if now is None else now
        chosen = None if banks is None else tuple(banks)
        return view.search_softly(queries, sure, limits, banks=chosen, suppress=harmless == "suppress", now=moment)

    def add(
        self, codes: ArrayLike | Iterable[str], ids: ArrayLike | None = None, *, bank: int = 0
    ) -> NDArray[np.uint64]:
        """Add entries and return their ids (default: the next free ones); several entries may share an id."""
        array = as_codes(codes, self.code_bits)
        wanted = None if ids is None else as_ids(ids, len(array))

        def record(view: View) -> Record:
            if bank not in view.banks:
                raise BankUnknown(bank)
            numbers = np.arange(view.next_id, view.next_id + len(array), dtype=np.uint64) if wanted is None else wanted
            return Record(ADD, bank, numbers, array)

        return self._change(record).ids if len(array) else _NO_IDS

    def remove(self, ids: ArrayLike) -> int:
        """Remove every entry with these ids; return how many of the ids existed."""
        gone = np.unique(as_ids(ids))
        there = self._present(gone)
        self._change(lambda view: Record(REMOVE, 0, there))
        return len(there)

    def pause(self, ids: ArrayLike, until: float | None = None) -> None:
        """Exclude the entries with these ids from searches until a time (seconds since 1970), or until `resume`."""
        end = FOREVER if until is None else max(1, int(np.ceil(until)))
        self._change(lambda view: Record(PAUSE, end, as_ids(ids)))

    def resume(self, ids: ArrayLike) -> None:
        """End the pause of entries with these ids."""
        self._change(lambda view: Record(PAUSE, 0, as_ids(ids)))

    def set_bank(self, bank: Bank) -> None:
        """Add a bank or change its name, radius or kind."""
        self._change(lambda view: Record(BANK, 0, _NO_IDS, bank=bank))

    def merge(self, *, progress: Progress | None = None) -> None:
        """Merge journal and segment into a new segment and swap it in; searches and changes continue meanwhile."""
        merge_segment(self.path, progress=progress)
        self.refresh()

    def refresh(self) -> bool:
        """Load the changes of other processes; return whether there were any. Without changes it costs two file
        look-ups.
        """
        with self._lock:
            before = self._view
            self._view = read_view(self.path, known=before)
            if self._view.segment is not before.segment:
                self._verify_later()
            return self._view is not before

    def verify(self) -> None:
        """Compute every checksum of segment and journal; raises IndexRefused naming what is damaged."""
        read_view(self.path, verify=True)

    def info(self) -> dict[str, Any]:
        """Return facts about the index: counts, sizes, banks, engine."""
        view = self._view
        removed = self._removed_rows(view)
        return {
            "path": str(self.path),
            "code_bits": view.segment.code_bits,
            "entries": len(self),
            "in_segment": len(view.segment),
            "in_tail": len(view.tail),
            "removed": removed + len(view.tail) - int(view.tail.alive.sum()),
            "paused": len(view.pauses),
            "next_id": view.next_id,
            "bands": 0 if view.segment.offsets is None else len(view.segment.offsets),
            "bytes": view.segment.bytes,
            "generation": view.segment.generation,
            "engine": engine.engine_name(),
            "checksums": self.verification,
            "banks": [bank.as_dict() for bank in self.banks],
        }

    def _change(self, change: Change) -> Record:
        with self._lock:
            before = self._whole_view()
            self._view, record = apply_change(self.path, before, change)
            if self._view.segment is not before.segment:
                self._verify_later()
        return record

    def _present(self, ids: NDArray[np.uint64]) -> NDArray[np.uint64]:
        view = read_view(self.path, known=self._view)
        there = np.isin(ids, view.tail.ids[: view.tail.count][view.tail.alive])
        in_segment = np.isin(ids, view.segment.ids) if view.segment.ids is not None else ids < len(view.segment)
        return ids[there | (in_segment & ~view.is_removed(ids))]

    @staticmethod
    def _removed_rows(view: View) -> int:
        if not len(view.removed):
            return 0
        if view.segment.ids is None:
            return int((view.removed < len(view.segment)).sum())
        return int(view.is_removed(view.segment.ids).sum())


def as_ids(ids: ArrayLike, count: int | None = None) -> NDArray[np.uint64]:
    """Return ids as uint64 [n]; raises CodesRefused for negative or other numbers, or not `count` of them."""
    array = np.atleast_1d(np.asarray(ids))
    if array.size == 0:
        array = array.astype(np.uint64)
    if array.dtype.kind not in "iu" or array.ndim != 1 or (array.dtype.kind == "i" and array.min() < 0):
        raise CodesRefused("ids must be whole numbers from 0 on")
    if count is not None and len(array) != count:
        raise CodesRefused(f"there are {len(array)} ids for {count} codes")
    return array.astype(np.uint64)
