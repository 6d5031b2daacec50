"""Windows of pictures that were hashed here: with their codes, the plain hash of an upload finds crops of a known
picture.

There is one index file per hotline, `windows.index`, beside that of the hashes. It only grows; what a hit means and
whether it still counts is read from the rows. Nothing of it is ever published: a window is not a hash of the picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

import numpy as np

from leeward.hashbank.models import RecordHash, RecordWindow
from leeward.hashbank.numbers import among, by_number
from leeward.hashbank.records.live import CODE_BYTES, LIKENESS_NUMBERS, alone, folder, mapped, unmapped
from leeward.hashbank.rules.kinds import LEAST_QUALITY
from leeward.hashbank.scene import hotline_here
from leeward.matching.index import Bank as IndexBank
from leeward.matching.index import Index, IndexRefused

RADIUS = 31
_AT_ONCE = 800
_BATCH = 20_000
_MERGE_FROM = 20_000


@dataclass(frozen=True, slots=True)
class WindowHit:
    """A window near a queried code: its record and its distance in bits."""

    record_id: int
    bits: int


def windows_here() -> Index | None:
    """Return the current hotline's windows, including all committed ones; None where there are none."""
    hotline_id = hotline_here()
    rows = RecordWindow.objects.filter(hotline_id=hotline_id)
    newest = rows.order_by("-id").values_list("id", flat=True).first()
    if newest is None:
        return None
    path = folder(hotline_id) / "windows.index"
    try:
        index = mapped(path) if path.exists() else None
        if index is not None and index.damage is None and index.next_id == newest + 1:
            return index
        with alone(path):
            return _followed(path, hotline_id, newest)
    except IndexRefused:
        with alone(path):
            return _built(path, hotline_id)


def _followed(path: Path, hotline_id: int, newest: int) -> Index:
    """Return the index with every window up to the newest; it is rebuilt where it is damaged or ahead of rows restored
    from a backup.
    """
    index = mapped(path) if path.exists() else None
    if index is None or index.damage is not None or index.next_id > newest + 1:
        return _built(path, hotline_id)
    _take_in(index, hotline_id, index.next_id)
    if index.info()["in_tail"] > _MERGE_FROM:
        index.merge()
    return index


def _built(path: Path, hotline_id: int) -> Index:
    unmapped(path)
    Index.build(path, np.zeros((0, CODE_BYTES), np.uint8), banks=[IndexBank(0, "windows", RADIUS)])
    index = mapped(path)
    _take_in(index, hotline_id, 0)
    index.merge()
    return index


def _take_in(index: Index, hotline_id: int, first: int) -> None:
    rows = RecordWindow.objects.filter(hotline_id=hotline_id, id__gte=first).order_by("id").values_list("id", "code")
    for some in batched(rows.iterator(chunk_size=_BATCH), _BATCH):
        codes = np.frombuffer(b"".join(bytes(code) for _id, code in some), np.uint8).reshape(-1, CODE_BYTES)
        index.add(codes, [number for number, _code in some])


def near_windows(index: Index, codes: Sequence[bytes]) -> list[WindowHit]:
    """Return the remaining windows within 31 bits of any of these codes, the nearest of each record."""
    wanted = np.frombuffer(b"".join(codes), np.uint8).reshape(len(codes), CODE_BYTES)
    hits = list(index.search(wanted, RADIUS, now=0))
    there: dict[int, tuple[int, bytes]] = {}
    for ids in batched({hit.id for hit in hits}, _AT_ONCE):
        rows = by_number(RecordWindow, ids).values_list("id", "record_id", "code")
        there |= {number: (record_id, bytes(code)) for number, record_id, code in rows}
    nearest: dict[int, int] = {}
    for hit in hits:
        if hit.id in there:
            record_id, code = there[hit.id]
            bits = (int.from_bytes(code) ^ int.from_bytes(codes[hit.query])).bit_count()  # the row is authoritative
            if bits <= RADIUS:
                nearest[record_id] = min(bits, nearest.get(record_id, RADIUS))
    return [WindowHit(record_id, bits) for record_id, bits in nearest.items()]


def picture_hashes_of(record_ids: Iterable[int]) -> dict[int, int]:
    """Return a picture hash of each record that has one that counts; windows of other records don't count either."""
    rows = RecordHash.objects.filter(record_id__in=among(record_ids), kind__in=LIKENESS_NUMBERS, aside=False)
    rows = rows.exclude(quality__lt=LEAST_QUALITY).order_by("-id")
    return dict(rows.values_list("record_id", "id"))
