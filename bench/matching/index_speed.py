"""Exact search of 256-bit codes within 31 bits against python-threatexchange and faiss, one core each.

The machine may be shared: times are CPU seconds of one thread, ours and theirs measured in turn in the same run; a ratio is the
median over the rounds. LEEWARD_BENCH_CODES (default 1000000,10000000) says how many codes; 10,000,000 takes some 10 minutes
and 9 GB.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.matching.code_sets import code_file, queries_for
from bench.matching.peers import FOLDER, Peer
from leeward.matching.index import Hits, Index

KINDS = ("threatexchange PDQIndex", "faiss IndexBinaryFlat", "faiss IndexBinaryMultiHash")
ROUNDS = 5
ROUND_SECONDS = 3.0
RADIUS = 31
Found = set[tuple[int, int, int]]


def run() -> Iterator[str]:
    """Print what was measured for each number of codes."""
    for count in map(int, os.environ.get("LEEWARD_BENCH_CODES", "1000000,10000000").split(",")):
        yield from _measure(count)


def _measure(count: int) -> Iterator[str]:
    codes = np.load(code_file(count), mmap_mode="r")
    queries, rows, distances = queries_for(codes)
    query_file = FOLDER / f"queries-{count}.npy"
    np.save(query_file, queries)
    path = FOLDER / f"bench-{count}.index"
    Index.build(FOLDER / "warm.index", codes[:40_000])
    cpu, wall = time.process_time(), time.perf_counter()
    Index.build(path, np.ascontiguousarray(codes))
    yield f"{count:,} codes: build {time.process_time() - cpu:.1f} s CPU, {time.perf_counter() - wall:.1f} s"
    facts = _in_a_process_of_its_own(path, query_file)
    yield (
        f"{count:,} codes: open {facts['open'] * 1e3:.1f} ms, one query p50 {facts['p50'] * 1e6:.0f} us, "
        f"p99 {facts['p99'] * 1e6:.0f} us, peak memory {facts['peak'] / 1e9:.2f} GB, {facts['rate']:,.0f} queries/s"
    )
    index = Index.open(path)
    ours = _as_set(index.search(queries, RADIUS))
    planted = {(number, int(row), int(distances[number])) for number, row in enumerate(rows.tolist()) if row >= 0}
    yield f"{count:,} codes: recall {len(planted & ours) / len(planted):.4f} of {len(planted)} planted at 0 to 31 bits"
    for kind in KINDS:
        yield from _against(kind, index, query_file, ours)


def _against(kind: str, index: Index, query_file: Path, ours: Found) -> Iterator[str]:
    count, queries = len(index), np.load(query_file)
    with Peer("peer_index.py") as peer:
        built = peer.ask(act="build", kind=kind, codes=str(code_file(count)), count=count)
        question = {"act": "search", "queries": str(query_file), "alone": False}
        once = peer.ask(**question, count=20)
        some = max(20, min(len(queries), int(20 * ROUND_SECONDS / max(once["cpu"], 1e-9))))
        ratios, rates = [], []
        for _ in range(ROUNDS):
            theirs = peer.ask(**question, count=some)
            cpu = time.process_time()
            index.search(queries, RADIUS)
            mine = (time.process_time() - cpu) / len(queries)
            ratios.append(theirs["cpu"] / some / mine)
            rates.append((some / theirs["cpu"], 1 / mine))
        alone = peer.ask(act="search", queries=str(query_file), alone=True, count=min(some, 200))
        cpu = time.process_time()
        for query in queries[:200]:
            index.search(query, RADIUS)
        single = (time.process_time() - cpu) / 200
    same = {hit for hit in ours if hit[0] < some} == {tuple(hit) for hit in theirs["hits"]}
    yield (
        f"{count:,} codes: {median(ratios):.0f} x {kind} in batches ({median(r[1] for r in rates):,.0f} against "
        f"{median(r[0] for r in rates):,.0f} queries/s), {alone['cpu'] / min(some, 200) / single:.0f} x one at a time; "
        f"{'the same hits' if same else 'OTHER HITS'} for {some} queries; "
        f"theirs: build {built['cpu']:.0f} s CPU, {theirs['peak_bytes'] / 1e9:.1f} GB"
    )


def _as_set(hits: Hits) -> Found:
    return set(zip(hits.query.tolist(), hits.id.tolist(), hits.distance.tolist(), strict=True))


def _in_a_process_of_its_own(path: Path, query_file: Path) -> dict[str, Any]:
    """Open and search in a fresh process, so that time to open and memory are those of a server that only searches."""
    command = [sys.executable, "-m", "bench.matching.searcher", path, query_file]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts
