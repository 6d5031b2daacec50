"""A process that only opens an index and searches it: python -m bench.matching.searcher INDEX QUERIES.npy"""

import json
import resource
import sys
import time

import numpy as np

from leeward.matching.index import Index, engine

RADIUS = 31
SINGLE = 2000


def main(path: str, query_file: str) -> None:
    """Print the time to open, the percentiles of single queries, the rate of batches and the peak of memory as JSON."""
    engine.kernels()
    queries = np.load(query_file)
    started = time.perf_counter()
    index = Index.open(path)
    opened = time.perf_counter() - started
    for _ in range(3):
        index.search(queries, RADIUS)
    times = []
    for number in range(SINGLE):
        started = time.perf_counter()
        index.search(queries[number % len(queries)], RADIUS)
        times.append(time.perf_counter() - started)
    cpu = time.process_time()
    for _ in range(5):
        index.search(queries, RADIUS)
    rate = 5 * len(queries) / (time.process_time() - cpu)
    p50, p99 = np.percentile(times, [50, 99]).tolist()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"open": opened, "p50": p50, "p99": p99, "rate": rate, "peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
