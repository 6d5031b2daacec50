"""A million URL expressions: opening the list, and answering addresses, parsing included, in a second of one core's time."""

import pickle
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.blocklist.sample import ASKED, asked_for, mixed_scopes, scopes
from leeward.blocklist.rules.expressions import digest
from leeward.blocklist.rules.lookup import comparable_of, first_hit
from leeward.blocklist.snapshot import Heading, Snapshot, write_snapshot
from leeward.hosting.rules.urls import canonical_url

_ROUNDS = 3
TARGET_PER_SECOND = 80_000
TARGET_OPEN_MS = 50
Answer = Callable[[str], bool]


def run() -> Iterator[str]:
    """Yield one line for each measure, with the ratio to the others."""
    with tempfile.TemporaryDirectory() as folder:
        places = _written(Path(folder))
        comparable_of("http://User@warm.up.example:8080/")
        opened = {name: _opened(name, places[name]) for name in ("snapshot", "set", "sqlite")}
        for name, (milliseconds, _) in opened.items():
            yield (
                f"open and ask once, {name:8} {milliseconds:9.2f} ms, {places[name].stat().st_size / 1e6:5.1f} MB file"
                f"{_against(opened['snapshot'][0], milliseconds)}"
            )
        yield f"  target: under {TARGET_OPEN_MS} ms for a snapshot"
        for kind in ("listed", "open"):
            speeds = {name: _speed(answer, kind) for name, (_, answer) in opened.items()}
            for name, speed in speeds.items():
                ratio = (
                    f"; the snapshot does {speeds['snapshot'] / speed:.2f} times as many" if name != "snapshot" else ""
                )
                yield f"{kind} addresses/s, {name:8} {speed:9,.0f}{ratio}"
            mixed = _speed(_snapshot(places["mixed"]), kind)
            yield f"{kind} addresses/s, a snapshot that has folders, hosts and domains, too: {mixed:,.0f}"
            yield f"  target: at least {TARGET_PER_SECOND:,}"
        yield f"canonical form alone, of all addresses: {_speed_of(comparable_of):,.0f}/s; read in full: {_speed_of(canonical_url):,.0f}/s"


def _written(folder: Path) -> dict[str, Path]:
    snapshot, mixed, pickled, database = (folder / name for name in ("snapshot", "mixed", "set", "sqlite"))
    for place, listed in ((snapshot, scopes()), (mixed, mixed_scopes())):
        write_snapshot(place, Heading("bench", 1, "2026-11-24T00:00:00Z"), listed)
    pickled.write_bytes(pickle.dumps(scopes(), protocol=5))
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE entry (digest BLOB PRIMARY KEY, scopes INTEGER) WITHOUT ROWID")
        connection.executemany("INSERT INTO entry VALUES (?, ?)", sorted(scopes().items()))
    connection.close()
    return {"snapshot": snapshot, "mixed": mixed, "set": pickled, "sqlite": database}


def _opened(name: str, path: Path) -> tuple[float, Answer]:
    times = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        answer = {"snapshot": _snapshot, "set": _set, "sqlite": _sqlite}[name](path)
        answer("http://neighbour.example/")
        times.append((time.perf_counter() - begun) * 1e3)
    return min(times), answer


def _snapshot(path: Path) -> Answer:
    held = Snapshot.open(path)
    return lambda url: held.look_up_url(url) is not None


def _set(path: Path) -> Answer:
    held = pickle.loads(path.read_bytes())
    return lambda url: first_hit(comparable_of(url), lambda text: held.get(digest(text), 0)) is not None


def _sqlite(path: Path) -> Answer:
    connection = sqlite3.connect(path)

    def scopes_of(text: str) -> int:
        row = connection.execute("SELECT scopes FROM entry WHERE digest = ?", (digest(text),)).fetchone()
        return row[0] if row else 0

    return lambda url: first_hit(comparable_of(url), scopes_of) is not None


def _speed(answer: Answer, kind: str) -> float:
    urls = list(asked_for(kind))
    best = 0.0
    for _ in range(_ROUNDS):
        begun = time.process_time()
        found = sum(map(answer, urls))
        best = max(best, ASKED / (time.process_time() - begun))
    assert found == (ASKED if kind == "listed" else 0)
    return best


def _speed_of(read: Callable[[str], object]) -> float:
    urls = list(asked_for("open"))
    begun = time.process_time()
    for url in urls:
        read(url)
    return ASKED / (time.process_time() - begun)


def _against(ours: float, theirs: float) -> str:
    return "" if ours == theirs else f"; {theirs / ours:,.2g} times a snapshot"
