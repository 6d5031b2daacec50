"""A bank of 10,000,000 records on SQLite: filling it, the index, look-ups, an addition, status, a page of the list, a piece of an import.

Every record has an MD5 and a PDQ hash, a vote and a membership. BENCH_BANK_ROWS (default 10000000) says how many; ten million take some 12 GB
in the folder for temporary files, which is removed at the end.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from bench.hash_lists import _installation, _peak_mb, _size

if TYPE_CHECKING:
    from leeward.foundation.actor import Actor

ROWS = int(os.environ.get("BENCH_BANK_ROWS", "10000000"))
PIECE = 50_000
_AT_ONCE = 100_000
_TIMES = 200


def run() -> Iterator[str]:
    """Print what was measured."""
    with tempfile.TemporaryDirectory(prefix="leeward-bench-rows-") as name:
        folder = Path(name)
        os.environ |= {
            "LEEWARD_DATA": name,
            "LEEWARD_SECRET": "a bench needs no secret, only a long one",
            "DJANGO_SETTINGS_MODULE": "leeward.site.settings",
        }
        os.environ.pop("LEEWARD_DATABASE_URL", None)
        hotline_id, actor = _installation()
        from django_scopes import scope

        with scope(hotline=hotline_id):
            yield from _measured(folder, actor)


def _measured(folder: Path, actor: "Actor") -> Iterator[str]:
    from leeward.hashbank.lists.services.importing import import_list
    from leeward.hashbank.police.queries import index_status
    from leeward.hashbank.queries import known, records
    from leeward.hashbank.records import live
    from leeward.hashbank.records.services.counting import count_hashes
    from leeward.hashbank.rules.kinds import Hash
    from leeward.hashbank.services import add_record
    from leeward.web_security.paging import page_of

    began, busy = time.monotonic(), time.process_time()
    _fill(actor)
    yield f"{ROWS:,} records written: {_spent(began, busy)}; {_size(folder) / 1e9:.1f} GB"
    began, busy = time.monotonic(), time.process_time()
    live.rebuild()
    yield f"index built from the rows: {_spent(began, busy)}; data {_size(folder) / 1e9:.1f} GB, peak memory {_peak_mb()} MB"
    yield _timed("status of the index before the worker has counted", lambda: index_status({"pdq", "md5"}), 1)
    began, busy = time.monotonic(), time.process_time()
    count_hashes()
    yield f"counted by the worker: {_spent(began, busy)}"
    rng = np.random.default_rng(3)
    places = iter(lambda: int(rng.integers(ROWS)), None)
    yield _timed("a known file (MD5 and PDQ)", lambda: known(_hashes_of(next(places))), find=True)
    yield _timed("a picture nearby (PDQ, 20 bits off)", lambda: known([_near(next(places))]), find=True)
    yield _timed("an unknown file", lambda: known([Hash("md5", rng.bytes(16)), Hash("pdq", rng.bytes(32), 90)]))
    yield _timed(
        "adding a record",
        lambda: add_record([Hash("md5", rng.bytes(16)), Hash("pdq", rng.bytes(32), 90)], actor=actor),
        50,
    )
    yield _timed("the same, then a look-up that follows it", lambda: _add_and_ask(rng, actor), 20)
    yield _timed("status of the index", lambda: index_status({"pdq", "md5"}), 5)
    yield _timed("the first page of the records", lambda: page_of(records(), None).rows, 10)
    table = folder / "piece.csv"
    _write_piece(table, rng)
    began, busy = time.monotonic(), time.process_time()
    done = import_list(table, source="Another", actor=actor)
    yield f"import of {PIECE:,} entries, half known: {_spent(began, busy)}; {done.added:,} new, {done.joined:,} joined"
    began, busy = time.monotonic(), time.process_time()
    known([Hash("pdq", rng.bytes(32), 90)])
    yield f"the first look-up after it: {_spent(began, busy)}"


def _add_and_ask(rng: np.random.Generator, actor: "Actor") -> object:
    from leeward.hashbank.queries import known
    from leeward.hashbank.rules.kinds import Hash
    from leeward.hashbank.services import add_record

    new = Hash("pdq", rng.bytes(32), 90)
    add_record([new], actor=actor)
    found = known([new])
    assert found, "what was added is found at once"
    return found


def _spent(began: float, busy: float) -> str:
    return f"{time.monotonic() - began:.1f} s ({time.process_time() - busy:.1f} s of processor time)"


def _timed(what: str, act: Callable[[], object], times: int = _TIMES, *, find: bool = False) -> str:
    act()
    taken, spent, found = [], [], 0
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        found += bool(act())
        taken.append(1e3 * (time.perf_counter() - began))
        spent.append(1e3 * (time.process_time() - busy))
    taken.sort()
    told = f"; {found} of {times} found" if find else ""
    return (
        f"{what}: median {median(taken):.1f} ms ({median(spent):.1f} of processor time), "
        f"slowest of {times}: {taken[-1]:.0f} ms{told}"
    )


def _digests(first: int, count: int) -> np.ndarray:
    """Return 48 bytes for each row (an MD5, then a PDQ hash), the same at every call."""
    block = first // _AT_ONCE
    rows = np.random.default_rng([11, block]).integers(0, 256, (_AT_ONCE, 48), np.uint8)
    start = first - block * _AT_ONCE
    return rows[start : start + count]


def _hashes_of(place: int) -> list[object]:
    from leeward.hashbank.rules.kinds import Hash

    row = _digests(place, 1)[0].tobytes()
    return [Hash("md5", row[:16]), Hash("pdq", row[16:], 90)]


def _near(place: int) -> object:
    from leeward.hashbank.rules.kinds import Hash

    code = int.from_bytes(_digests(place, 1)[0].tobytes()[16:])
    bits = np.random.default_rng(place).choice(256, 20, replace=False).tolist()
    return Hash("pdq", (code ^ sum(1 << bit for bit in bits)).to_bytes(32), 90)


def _fill(actor: "Actor") -> None:
    """Write the rows that an import would write, without looking up whether they are there."""
    from leeward.hashbank.lists.services.bulk import (
        insert_hashes,
        insert_memberships,
        insert_records,
        insert_votes,
        kept_moment,
        many_rows,
        reserve_ids,
    )
    from leeward.hashbank.models import Bank, IndexChange, Record, RecordHash
    from leeward.hashbank.records.services.recording import GENERAL, keep_bank
    from leeward.hashbank.records.services.voting import source_named
    from leeward.hashbank.rules.kinds import KINDS, key_of
    from leeward.hashbank.scene import bank_transaction, hotline_here

    keep_bank(actor=actor)
    bank_id = Bank.objects.get(hotline_id=hotline_here(), name=GENERAL).pk
    at, md5, pdq = kept_moment(datetime.now(UTC)), KINDS["md5"].number, KINDS["pdq"].number
    with many_rows():
        for first in range(0, ROWS, _AT_ONCE):
            count = min(_AT_ONCE, ROWS - first)
            rows = [row.tobytes() for row in _digests(first, count)]
            with bank_transaction() as revision:
                source = source_named("Filler")
                ids = list(reserve_ids(Record, count))
                numbers = list(reserve_ids(RecordHash, 2 * count))
                record = ("image", "confirmed", False, "{}", "", "unknown", "unknown", at, at)
                insert_records(((number, *record) for number in ids), revision=revision, brought_by=0)
                insert_memberships(ids, bank_id=bank_id, brought_by=0)
                hashes = [
                    (own, kind, key_of(value), value, quality, None, False)
                    for own, row in zip(ids, rows, strict=True)
                    for kind, value, quality in ((md5, row[:16], None), (pdq, row[16:], 90))
                ]
                hashes.sort(key=lambda row: row[2])
                insert_hashes((number, *row) for number, row in zip(numbers, hashes, strict=True))
                vote = (source, source, "confirm", "", "{}", "", "", at)
                insert_votes(((number, *vote) for number in ids), brought_by=0, is_first=True)
                IndexChange.objects.create(hotline_id=hotline_here(), first=numbers[0], last=numbers[-1])


def _write_piece(path: Path, rng: np.random.Generator) -> None:
    known = _digests(0, min(PIECE // 2, ROWS))
    with path.open("w") as out:
        out.write("md5,pdq,quality\n")
        for row in [row.tobytes() for row in known] + [rng.bytes(48) for _ in range(PIECE - len(known))]:
            out.write(f"{row[:16].hex()},{row[16:].hex()},90\n")


if __name__ == "__main__":
    for line in run():
        print(line, flush=True)
