"""The bank's picture hashes as an index file that all processes of this machine map; it follows the rows and is never
ahead.

There is one file per hotline, `<data>/hashbank/<hotline>/likeness.index`. The rows are authoritative: IndexChange lists
the changes that a file has yet to apply, and a file that is missing, damaged or of another version is rebuilt from the
rows.

The file holds each picture hash of every record that counts, harmless or not, once: in the class of the widest radius
among the record's banks. What a hit means is read from the rows.
"""

import fcntl
import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import batched
from pathlib import Path
from threading import Lock

import numpy as np
from django.conf import settings

from leeward.hashbank.errors import IndexUnreadable
from leeward.hashbank.models import Bank, IndexChange, Membership, RecordHash
from leeward.hashbank.numbers import among, numbered
from leeward.hashbank.rules.kinds import KINDS, LIKENESS
from leeward.hashbank.rules.standing import COUNTING
from leeward.hashbank.scene import hotline_here
from leeward.matching.index import Bank as IndexBank
from leeward.matching.index import Index, IndexRefused

LIKENESS_NUMBERS = tuple(KINDS[name].number for name in LIKENESS)
CODE_BYTES = 32
FORM = 2
"""The version of the file's content; a file of another version is rebuilt."""
SHOWN_SECONDS = 86_400.0
"""For how long an alarm reports that an index file was damaged."""
MERGE_FROM = 20_000
REBUILD_FROM = 200_000
_BATCH = 20_000
_open: dict[Path, Index] = {}
_open_lock = Lock()
log = logging.getLogger(__name__)


def folder(hotline_id: int) -> Path:
    """Return the folder of a hotline's bank."""
    path = _place(hotline_id)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def index_path(hotline_id: int) -> Path:
    """Return the path of a hotline's index file."""
    return folder(hotline_id) / "likeness.index"


def index_here() -> Index:
    """Return the current hotline's index with every committed change; any thread may search it."""
    hotline_id = hotline_here()
    path = index_path(hotline_id)
    newest = _newest_change(hotline_id)
    if _taken_in(path) != newest or not path.exists():
        with alone(path):
            _follow(hotline_id, path, newest)
    try:
        index = mapped(path)
        if index.damage is None:
            return index
        refusal = index.damage
    except IndexRefused as refused:
        refusal = refused
    _note_damage(path, hotline_id, refusal)
    rebuild()
    return mapped(path)


def _note_damage(path: Path, hotline_id: int, refusal: IndexRefused) -> None:
    """Record that the file was damaged, so that an alarm reports it after the rebuild."""
    log.warning("hashbank.index_refused", extra={"hotline_id": hotline_id, "field": refusal.field})
    path.with_suffix(".damaged").write_text(json.dumps({"at": time.time(), "field": refusal.field}))


def damage_of(hotline_id: int, now: datetime) -> str | None:
    """Return what was wrong with a hotline's index file if damage was found within the last day; otherwise None."""
    try:
        kept = json.loads((_place(hotline_id) / "likeness.damaged").read_bytes())
        is_fresh = 0 <= now.timestamp() - float(kept["at"]) < SHOWN_SECONDS
        return str(kept["field"]) if is_fresh else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return "file"


def behind_since(hotline_id: int) -> datetime | None:
    """Return since when a hotline's index file here lacks what is in the rows; None where it has everything, or there is none yet."""
    if not is_there(hotline_id):
        return None
    taken_in = _taken_in(index_path(hotline_id)) or (0, "")
    lacking = IndexChange.objects.filter(hotline_id=hotline_id, id__gt=taken_in[0]).order_by("id")
    return lacking.values_list("at", flat=True).first()


def check_file(hotline_id: int) -> str | None:
    """Verify every checksum of a hotline's index file; return what is wrong with it, or None."""
    if not is_there(hotline_id):
        return None
    try:
        Index.open(index_path(hotline_id), verify=True)
    except IndexRefused as refusal:
        return refusal.field
    return None


def rebuild() -> int:
    """Rebuild the current hotline's index from its rows; return how many hashes it holds."""
    hotline_id = hotline_here()
    path = index_path(hotline_id)
    with alone(path):
        return _build(hotline_id, path, _newest_change(hotline_id))


def merge_if_needed() -> bool:
    """Merge additions and removals into the file once there are many; searches continue meanwhile."""
    index = index_here()
    facts = index.info()
    loose = facts["in_tail"] + facts["removed"]
    if loose < max(MERGE_FROM, facts["in_segment"] // 20):
        return False
    with alone(index.path):
        index.merge()
    return True


type Stand = tuple[int, str]
"""A change by its number and time. Rows restored from a backup have other times, which makes the file start anew."""


def _newest_change(hotline_id: int) -> Stand:
    newest = IndexChange.objects.filter(hotline_id=hotline_id).order_by("-id").values_list("id", "at").first()
    return (newest[0], newest[1].isoformat()) if newest else (0, "")


def _spans_after(hotline_id: int, stand: Stand, newest: Stand) -> list[tuple[int, int]] | None:
    """Return the spans of the changes after `stand` up to the newest; None where `stand` itself is no longer among
    them.
    """
    changes = IndexChange.objects.filter(hotline_id=hotline_id, id__gte=stand[0], id__lte=newest[0]).order_by("id")
    rows = list(changes.values_list("id", "at", "first", "last"))
    if stand != (0, ""):
        if not rows or (rows[0][0], rows[0][1].isoformat()) != stand:
            return None
        del rows[0]
    return [(first, last) for _id, _at, first, last in rows]


def mapped(path: Path) -> Index:
    """Return the index at a path, mapped once per process, with the changes made by others."""
    with _open_lock:
        index = _open.get(path)
        if index is None:
            index = _open[path] = Index.open(path)
    index.refresh()
    return index


def _state_path(path: Path) -> Path:
    return path.with_suffix(".state")


def _taken_in(path: Path) -> Stand | None:
    """Return the change up to which the file follows the rows; None where that is unknown."""
    try:
        state = json.loads(_state_path(path).read_bytes())
        return (int(state["change"]), str(state["at"])) if state["form"] == FORM else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note_taken_in(path: Path, stand: Stand) -> None:
    fresh = _state_path(path).with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps({"change": stand[0], "at": stand[1], "form": FORM}))
    fresh.replace(_state_path(path))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Lock the index at a path against changes by other processes."""
    with path.with_suffix(".lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _follow(hotline_id: int, path: Path, newest: Stand) -> None:
    """Apply every change that the file lacks; the caller holds the lock."""
    done = _taken_in(path)
    spans = None
    if done is not None and done[0] <= newest[0] and path.exists():
        spans = _spans_after(hotline_id, done, newest)
    if spans is None or sum(last - first + 1 for first, last in spans) > REBUILD_FROM:
        _build(hotline_id, path, newest)
        return
    radii = _radii(hotline_id)
    try:
        index = mapped(path)
        _set_banks(index, radii)
        for first, last in spans:
            _take_in(hotline_id, index, radii, first, last)
    except IndexRefused as refusal:
        _note_damage(path, hotline_id, refusal)
        _build(hotline_id, path, newest)
        return
    _note_taken_in(path, newest)


def _set_banks(index: Index, radii: Mapping[int, int]) -> None:
    there = {bank.number: bank for bank in index.banks}
    for bank in _classes(radii.values()):
        if there.get(bank.number) != bank:
            index.set_bank(bank)


def _radii(hotline_id: int) -> dict[int, int]:
    """Return the radius of every bank, by id."""
    return dict(Bank.objects.filter(hotline_id=hotline_id).values_list("id", "radius"))


def _classes(radii: Iterable[int]) -> list[IndexBank]:
    """Return one index bank for each radius in use, numbered by the radius."""
    return [IndexBank(radius, f"radius {radius}", radius) for radius in sorted(set(radii))]


def _widest(radii: Mapping[int, int], record_ids: Iterable[int]) -> Callable[[int], int]:
    """Return the widest radius among the banks of each of these records."""
    if len(set(radii.values())) < 2:
        only = next(iter(radii.values()), 0)
        return lambda _record: only
    least = min(radii.values())
    rows = Membership.objects.filter(record_id__in=among(record_ids)).values_list("record_id", "bank_id")
    found: dict[int, int] = {}
    for record_id, bank_id in rows:
        found[record_id] = max(found.get(record_id, least), radii[bank_id])
    return lambda record_id: found.get(record_id, least)


def _take_in(hotline_id: int, index: Index, radii: Mapping[int, int], first: int, last: int) -> None:
    """Read the hashes of a span again: remove them from the index and add those that count now."""
    rows = numbered(RecordHash, hotline_id).filter(id__range=(first, last), kind__in=LIKENESS_NUMBERS)
    found = list(rows.order_by("id").values_list("id", "value", "aside", "record__state", "record_id"))
    before = [row[0] for row in found if row[0] < index.next_id]
    if before:
        index.remove(before)
    radius_of = _widest(radii, {row[4] for row in found})
    counting = [row for row in found if not row[2] and row[3] in COUNTING]
    for radius in sorted({radius_of(row[4]) for row in counting}):
        some = [row for row in counting if radius_of(row[4]) == radius]
        codes = np.frombuffer(b"".join(bytes(row[1]) for row in some), np.uint8).reshape(-1, CODE_BYTES)
        index.add(codes, [row[0] for row in some], bank=radius)


def _build(hotline_id: int, path: Path, newest: Stand) -> int:
    """Build the file from everything that counts now; `newest`: a change that is included."""
    radii = _radii(hotline_id)
    codes = bytearray()
    rows = RecordHash.objects.filter(
        hotline_id=hotline_id, kind__in=LIKENESS_NUMBERS, aside=False, record__state__in=COUNTING
    ).values_list("id", "value", "record_id")
    ids = [np.zeros(0, np.uint64)]
    classes = [np.zeros(0, np.uint16)]
    for some in batched(rows.iterator(chunk_size=_BATCH), _BATCH):
        radius_of = _widest(radii, {row[2] for row in some})
        codes += b"".join(bytes(row[1]) for row in some)
        ids.append(np.fromiter((row[0] for row in some), np.uint64, len(some)))
        classes.append(np.fromiter((radius_of(row[2]) for row in some), np.uint16, len(some)))
    array = np.frombuffer(codes, np.uint8).reshape(-1, CODE_BYTES)
    unmapped(path)
    Index.build(
        path,
        array,
        ids=np.concatenate(ids),
        bank_of=np.concatenate(classes),
        banks=_classes(radii.values()) or [IndexBank(0, "none")],
    )
    _note_taken_in(path, newest)
    return len(array)


def is_there(hotline_id: int) -> bool:
    """Return whether the hotline's bank has an index file, as far as can be seen."""
    try:
        return (_place(hotline_id) / "likeness.index").exists()
    except OSError:
        return False


def closed(hotline_id: int) -> IndexUnreadable | None:
    """Return what is wrong where nobody can see whether the hotline's bank has an index file: a folder that is another user's."""
    try:
        (_place(hotline_id) / "likeness.index").stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        return IndexUnreadable(path=_place(hotline_id), why=(error.strerror or str(error)).lower())
    return None


def _place(hotline_id: int) -> Path:
    return Path(settings.LEEWARD.data_dir) / "hashbank" / str(hotline_id)


def unmapped(path: Path) -> None:
    """Forget the index at a path before another takes its place."""
    with _open_lock:
        _open.pop(path, None)


def forget() -> None:
    """Close what this process has mapped; the next search opens it again."""
    with _open_lock:
        _open.clear()
