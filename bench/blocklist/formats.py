"""A million entries written, packed and updated: policy zone, prefix list, an update of two thousand changes."""

import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np

from bench.blocklist.sample import ENTRIES, scopes
from leeward.blocklist.rules.hash_list import HashList, difference, prefixes_of, updated, whole
from leeward.blocklist.rules.hash_list_wire import read_update, write_update
from leeward.blocklist.rules.rpz import Zone, owners_of, zone_text

_CHANGES = 1000
_WAIT = timedelta(minutes=30)


def run() -> Iterator[str]:
    """Yield one line for each measure."""
    yield from _zone()
    prefixes = prefixes_of(scopes())
    held = HashList("bench", b"1", prefixes, _WAIT)
    begun = time.perf_counter()
    message = write_update(whole(held))
    packed = time.perf_counter()
    assert updated(HashList("bench", b"", prefixes[:0]), read_update(message)).checksum == held.checksum
    unpacked = time.perf_counter()
    raw = 32 * ENTRIES
    yield (
        f"prefix list of {len(prefixes):,}: {len(message):,} bytes (target: under 2,000,000; {raw / len(message):.1f} times"
        f" smaller than the digests), packed in {packed - begun:.2f} s, read and checked in {unpacked - packed:.2f} s"
    )
    yield from _update(held)


def _zone() -> Iterator[str]:
    names = [(f"name{number}.site{number % 977}.example", True) for number in range(ENTRIES // 2)]
    zone = Zone("rpz.bench.example.", 1, "ns.bench.example.", "desk.bench.example.")
    with tempfile.TemporaryFile("w") as stream:
        begun = time.perf_counter()
        owners = owners_of(names, zone.origin, Counter())
        stream.writelines(zone_text(zone, owners))
        stream.flush()
        seconds = time.perf_counter() - begun
    yield f"policy zone of {len(owners):,} rules: {seconds:.2f} s (target: under 5)"


def _update(held: HashList) -> Iterator[str]:
    rng = np.random.default_rng(7)
    keep = np.ones(len(held), bool)
    keep[rng.choice(len(held), _CHANGES, replace=False)] = False
    fresh = np.setdiff1d(rng.integers(0, 1 << 32, 2 * _CHANGES, dtype=np.uint32), held.prefixes)[:_CHANGES]
    new = HashList("bench", b"2", np.union1d(held.prefixes[keep], fresh), _WAIT)
    begun = time.perf_counter()
    message = write_update(difference(held, new))
    made = time.perf_counter()
    assert updated(held, read_update(message)).checksum == new.checksum
    applied = time.perf_counter() - made
    yield (
        f"update of {_CHANGES:,} additions and {_CHANGES:,} removals: {len(message):,} bytes (target: under 20,000),"
        f" made in {made - begun:.3f} s, applied and checked in {applied:.3f} s (target: under 1)"
    )
    removed, added = held.prefixes[~keep].tolist(), fresh.tolist()
    for name, seconds in (("set", _in_a_set(held, removed, added)), ("sqlite", _in_sqlite(held, removed, added))):
        yield f"  the same in a {name}, unpacked and unchecked: {seconds:.4f} s, {seconds / applied:.2f} times ours"


def _in_a_set(held: HashList, removed: list[int], added: list[int]) -> float:
    members = set(held.prefixes.tolist())
    begun = time.perf_counter()
    members.difference_update(removed)
    members.update(added)
    return time.perf_counter() - begun


def _in_sqlite(held: HashList, removed: list[int], added: list[int]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "prefixes")
        connection.execute("CREATE TABLE prefix (value INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO prefix VALUES (?)", ((value,) for value in held.prefixes.tolist()))
        connection.commit()
        begun = time.perf_counter()
        connection.executemany("DELETE FROM prefix WHERE value = ?", ((value,) for value in removed))
        connection.executemany("INSERT INTO prefix VALUES (?)", ((value,) for value in added))
        connection.commit()
        seconds = time.perf_counter() - begun
        connection.close()
    return seconds
