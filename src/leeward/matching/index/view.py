"""One state of an index: a segment, its tail, removals and pauses. It never changes; any thread may search it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from leeward.matching.index import engine
from leeward.matching.index.banks import DEFAULT_BANK, Bank
from leeward.matching.index.hits import Hits, joined_hits, not_outdone_by_harmless
from leeward.matching.index.journal import ADD, BANK, PAUSE, REMOVE, Record
from leeward.matching.index.layout import Segment
from leeward.matching.index.plan import MAX_RADIUS, is_scan_cheaper, thresholds
from leeward.matching.index.reference import Bands, SoftQueries
from leeward.matching.index.soft import SoftLimits, doubtful_bits, each_once, in_word_order, soft_distances
from leeward.matching.index.tail import Tail, empty_tail

FOREVER = -1
"""The end of an indefinite pause."""
_NO_IDS = np.empty(0, np.uint64)


@dataclass(frozen=True)
class View:
    """A searchable state. `removed`: sorted ids that no longer count in the segment; `pauses`: ids and their end."""

    segment: Segment
    tail: Tail
    removed: NDArray[np.uint64]
    banks: dict[int, Bank]
    pauses: dict[int, int]
    next_id: int
    journal: tuple[str, int, int] | None = None
    """id and inode of the journal, and the byte up to which this view has read it"""
    _columns: list[NDArray[np.uint64]] = field(default_factory=list, compare=False)

    def ids_of(self, rows: NDArray[np.uint32]) -> NDArray[np.uint64]:
        """Return the ids of rows of the segment."""
        return rows.astype(np.uint64) if self.segment.ids is None else self.segment.ids[rows]

    def is_removed(self, ids: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Return for each id whether it was removed from the segment."""
        if not len(self.removed):
            return np.zeros(len(ids), np.bool_)
        places = np.minimum(np.searchsorted(self.removed, ids), len(self.removed) - 1)
        found: NDArray[np.bool_] = self.removed[places] == ids
        return found

    def search(
        self,
        queries: NDArray[np.uint8],
        radius: int,
        *,
        banks: Iterable[int] | None,
        suppress: bool,
        now: float,
    ) -> Hits:
        """Return every entry that counts and lies within `radius`, and within its bank's radius, of a query [q, bytes]."""
        widest = max((bank.radius for bank in self.banks.values()), default=MAX_RADIUS)
        words = queries.view(np.uint64)
        reach = min(radius, widest)
        parts = [self._search_segment(words, reach)]
        if len(self.tail):
            parts.append(self._search_tail(words, reach))
        hits = joined_hits(parts)
        return self._chosen(hits.where(self._counts(hits, now)), banks, len(queries), suppress=suppress)

    def search_softly(
        self,
        queries: NDArray[np.uint8],
        weights: NDArray[np.float32],
        limits: SoftLimits,
        *,
        banks: Iterable[int] | None,
        suppress: bool,
        now: float,
    ) -> Hits:
        """Return the entries that count and are near a query [q, bytes] by its weights [q, bits]; see `soft.py`."""
        soft_queries = SoftQueries(queries.view(np.uint64), doubtful_bits(weights), in_word_order(weights))
        parts = [self._search_segment_softly(soft_queries, limits)]
        if len(self.tail):
            tail = self.tail
            columns = tail.columns[:, : tail.count]
            query, rows, distance = engine.scan(columns, soft_queries.words, limits.max_bits)
            soft = soft_distances(np.ascontiguousarray(columns[:, rows].T), soft_queries, query)
            hits = Hits(query, tail.ids[rows], distance, tail.bank_of[rows], soft)
            parts.append(hits if tail.gone is None else hits.where(~tail.gone[rows]))
        hits = joined_hits(parts)
        hits = hits.where(self._counts(hits, now) & limits.admits(hits, self.banks))
        return self._chosen(hits, banks, len(queries), suppress=suppress)

    def _search_segment_softly(self, soft_queries: SoftQueries, limits: SoftLimits) -> Hits:
        segment = self.segment
        if segment.offsets is None:
            query, rows, distance = engine.scan(self._segment_columns(), soft_queries.words, limits.max_bits)
        else:
            bands = Bands(segment.offsets, segment.rows, segment.following)
            needed = thresholds(segment.code_bits, limits.sure_bits)
            sure = engine.probe(segment.codes, bands, soft_queries.words, needed, limits.sure_bits)
            soft = engine.probe_softly(segment.codes, bands, soft_queries, limits.max_bits, limits.max_soft)
            query, rows, distance = each_once(sure, soft)
        bank = np.zeros(len(rows), np.uint16) if segment.bank_of is None else segment.bank_of[rows]
        soft_by_row = soft_distances(segment.codes[rows], soft_queries, query)
        hits = Hits(query, self.ids_of(rows), distance, bank, soft_by_row)
        return hits.where(~self.is_removed(hits.id)) if len(self.removed) else hits

    def _chosen(self, hits: Hits, banks: Iterable[int] | None, queries: int, *, suppress: bool) -> Hits:
        """Return the hits of these banks, in order; `suppress` drops harmless entries and whatever is further off than
        they are.
        """
        if not len(hits):
            return hits
        harmless = np.zeros(len(hits), np.bool_)
        for bank in self.banks.values():
            if bank.harmless:
                harmless |= hits.bank == bank.number
        if banks is not None:
            chosen = np.isin(hits.bank, np.fromiter(banks, np.uint16))
            keep = chosen | harmless if suppress else chosen
            hits, harmless = hits.where(keep), harmless[keep]
        if suppress:
            hits = not_outdone_by_harmless(hits, harmless, queries)
        return hits.ordered()

    def _search_segment(self, words: NDArray[np.uint64], radius: int) -> Hits:
        segment = self.segment
        if segment.offsets is None or is_scan_cheaper(segment.code_bits, radius, len(segment)):
            query, rows, distance = engine.scan(self._segment_columns(), words, radius)
        else:
            needed = thresholds(segment.code_bits, radius)
            bands = Bands(segment.offsets, segment.rows, segment.following)
            query, rows, distance = engine.probe(segment.codes, bands, words, needed, radius)
        bank = np.zeros(len(rows), np.uint16) if segment.bank_of is None else segment.bank_of[rows]
        hits = Hits(query, self.ids_of(rows), distance, bank)
        return hits.where(~self.is_removed(hits.id)) if len(self.removed) else hits

    def _segment_columns(self) -> NDArray[np.uint64]:
        if not self._columns:
            self._columns.append(np.ascontiguousarray(self.segment.codes.T))
        return self._columns[0]

    def _search_tail(self, words: NDArray[np.uint64], radius: int) -> Hits:
        tail = self.tail
        query, rows, distance = engine.scan(tail.columns[:, : tail.count], words, radius)
        hits = Hits(query, tail.ids[rows], distance, tail.bank_of[rows])
        return hits if tail.gone is None else hits.where(~tail.gone[rows])

    def _counts(self, hits: Hits, now: float) -> NDArray[np.bool_]:
        """Return for each hit whether its bank's radius covers it (soft limits check that themselves) and its entry is
        not paused.
        """
        keep = np.ones(len(hits), np.bool_)
        for bank in self.banks.values():
            if bank.radius < MAX_RADIUS and hits.soft is None:
                keep &= (hits.bank != bank.number) | (hits.distance <= bank.radius)
        if self.pauses:
            ends = [self.pauses.get(entry, 0) for entry in hits.id.tolist()]
            keep &= np.array([end != FOREVER and end <= now for end in ends], np.bool_)
        return keep

    def after(self, record: Record) -> "View":
        """Return the state after one more record of the journal."""
        if record.kind == ADD and record.codes is not None:
            tail = self.tail.added(record.codes, record.ids, record.number)
            return replace(self, tail=tail, next_id=max(self.next_id, int(record.ids.max()) + 1))
        if record.kind == REMOVE:
            return replace(self, tail=self.tail.without(record.ids), removed=np.union1d(self.removed, record.ids))
        if record.kind == PAUSE:
            changed = dict.fromkeys(record.ids.tolist(), record.number)
            return replace(self, pauses={key: end for key, end in (self.pauses | changed).items() if end})
        if record.kind == BANK and record.bank is not None:
            return replace(self, banks=self.banks | {record.bank.number: record.bank})
        return self


def view_of(segment: Segment) -> View:
    """Return the state of a segment without a journal."""
    return View(
        segment=segment,
        tail=empty_tail(segment.code_bits),
        removed=_NO_IDS,
        banks=segment.banks or {0: DEFAULT_BANK},
        pauses=dict(zip(segment.disabled_ids.tolist(), segment.disabled_until.tolist(), strict=True)),
        next_id=segment.next_id,
    )
