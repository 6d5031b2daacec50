"""Search speed from 100,000 to 10,000,000 codes, as a chart: the index (*) and reading every code (o)."""

import math
import time
from collections.abc import Iterator
from statistics import median

import numpy as np

from bench.matching.code_sets import code_file, queries_for
from bench.matching.peers import FOLDER
from leeward.matching.index import Index, engine

COUNTS = (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
WIDTH = 60
LEAST, MOST = 2.0, 6.0
"""The chart's ends, as powers of ten."""


def run() -> Iterator[str]:
    """Print one line a size: queries a second (CPU of one thread) on a logarithmic scale."""
    yield f"{'codes':>12}  10^2 q/s {'':{WIDTH - 18}} 10^6 q/s"
    for count in COUNTS:
        codes = np.ascontiguousarray(np.load(code_file(max(COUNTS)), mmap_mode="r")[:count])
        queries, _, _ = queries_for(codes)
        index = Index.build(FOLDER / "growth.index", codes)
        columns = np.ascontiguousarray(codes.view(np.uint64).T)
        by_index = _rate(lambda part, index=index: index.search(part, 31), queries)
        words = queries.view(np.uint64)
        by_scan = _rate(lambda part, columns=columns: engine.scan(columns, part, 31), words[:50])
        places = {_place(by_scan): "o", _place(by_index): "*"}
        line = "".join(places.get(column, " ") for column in range(WIDTH + 1))
        yield f"{count:>12,}  |{line}|  {by_index:>9,.0f} index, {by_scan:>7,.0f} scan"


def _place(rate: float) -> int:
    share = (math.log10(max(rate, 1)) - LEAST) / (MOST - LEAST)
    return round(max(0.0, min(1.0, share)) * WIDTH)


def _rate(search, queries) -> float:
    rates = []
    for _ in range(5):
        cpu = time.process_time()
        search(queries)
        rates.append(len(queries) / (time.process_time() - cpu))
    return median(rates)
