"""A scan of photographs: two processes here against a plain loop of threatexchange; two Dask workers against one.

Against threatexchange in CPU time of all processes, which a shared machine does not change, and in wall time beside it; the
Dask ratio is wall time, so it needs both cores for itself.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.matching.peers import peer_python
from bench.matching.photos import photos
from leeward.matching.hashing import hash_stream
from leeward.matching.index import Index
from leeward.scanning.engines.cluster import client_of, run_cluster
from leeward.scanning.engines.local import run_local
from leeward.scanning.engines.work import Done, Work
from leeward.scanning.lists import compiled_list
from leeward.scanning.sources import Since, items_of

CODES = 100_000
PEER_PHOTOS = 24
COPIES = 3
LOCAL_COPIES = 4
PLANTED = 8


def run() -> Iterator[str]:
    """Print files a second and ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chosen = photos()
        codes = _codes(chosen[:PLANTED])
        Index.build(folder / "known.index", codes).merge()
        work = Work((compiled_list(folder / "known.index", folder),))
        few, many = folder / "few", folder / "many"
        _fill(few, chosen[:: max(1, len(chosen) // PEER_PHOTOS)][:PEER_PHOTOS], 1)
        theirs = _peer(sorted(few.iterdir()), codes)
        few_again = folder / "again"
        _fill(few_again, sorted(few.iterdir()), LOCAL_COPIES)
        files = PEER_PHOTOS * LOCAL_COPIES
        rate, cpu, matched = _local(few_again, work)
        yield (
            f"local, 2 processes, {files} photographs: {files / cpu:.1f} a CPU second, {rate:.1f} a second; plain loop of "
            f"threatexchange {PEER_PHOTOS / theirs['cpu']:.2f} and {PEER_PHOTOS / theirs['seconds']:.2f}: "
            f"{files / cpu / (PEER_PHOTOS / theirs['cpu']):.1f} x in CPU time, "
            f"{rate / (PEER_PHOTOS / theirs['seconds']):.1f} x in wall time; "
            f"{matched // LOCAL_COPIES} matched, there {theirs['matched']:.0f}"
        )
        _fill(many, chosen, COPIES)
        single, double = (_dask(many, work, workers) for workers in (1, 2))
        yield f"Dask on loopback: 1 worker {single:.1f}/s, 2 workers {double:.1f}/s: {double / single:.2f} x"


def _codes(known: list[Path]) -> np.ndarray:
    codes = np.random.default_rng(1).integers(0, 256, (CODES, 32), dtype=np.uint8)
    for row, path in enumerate(known):
        with path.open("rb") as stream:
            found = hash_stream(stream, only=("pdq",), exact=True).pdq
        assert found is not None
        codes[row] = np.frombuffer(found.code, np.uint8)
    return codes


def _fill(folder: Path, paths: list[Path], copies: int) -> None:
    folder.mkdir()
    for copy in range(copies):
        for number, path in enumerate(paths):
            target = folder / f"{copy}-{number}-{path.name}"
            try:
                os.link(path, target)
            except OSError:
                shutil.copyfile(path, target)


def _peer(paths: list[Path], codes: np.ndarray) -> dict[str, float]:
    task = json.dumps({"codes": [code.tobytes().hex() for code in codes], "paths": [str(path) for path in paths]})
    script = Path(__file__).with_name("peer_loop.py")
    ran = subprocess.run([peer_python(), script], input=task, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return found


def _local(folder: Path, work: Work) -> tuple[float, float, int]:
    """Return files a second from the first file that is done to the last, CPU seconds with those of starting, and matches."""
    before = os.times()
    rate, matched = _rate(run_local(items_of(str(folder), Since()), work, processes=2, threads=2))
    after = os.times()
    return rate, sum(after[:4]) - sum(before[:4]), matched


def _dask(folder: Path, work: Work, workers: int) -> float:
    with client_of(None, workers) as client:
        client.wait_for_workers(workers)
        return _rate(run_cluster(items_of(str(folder), Since()), work, client))[0]


def _rate(results: Iterator[Done]) -> tuple[float, int]:
    first = next(results)
    started = time.perf_counter()
    rest = list(results)
    return len(rest) / (time.perf_counter() - started), first.tally.matched + sum(done.tally.matched for done in rest)
