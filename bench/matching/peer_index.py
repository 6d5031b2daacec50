"""Worker in the peers' environment: builds an index of theirs and searches it, telling CPU and wall time of each."""

import json
import resource
import sys
import time
from typing import Any


def main() -> None:
    """Answer questions until the input ends."""
    import faiss
    import numpy as np

    faiss.omp_set_num_threads(1)
    index: Any = None
    for line in sys.stdin:
        question = json.loads(line)
        cpu, wall = time.process_time(), time.perf_counter()
        if question["act"] == "build":
            codes = np.load(question["codes"], mmap_mode="r")[: question["count"]]
            index = _built(question["kind"], codes)
            answer: dict[str, Any] = {}
        else:
            queries = np.load(question["queries"])[: question["count"]]
            cpu, wall = time.process_time(), time.perf_counter()
            answer = {"hits": _search(index, queries, alone=question["alone"])}
        answer["cpu"], answer["wall"] = time.process_time() - cpu, time.perf_counter() - wall
        answer["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps(answer), flush=True)


def _built(kind: str, codes: Any) -> Any:
    import faiss
    import numpy as np

    if kind == "threatexchange PDQIndex":
        from threatexchange.signal_type.pdq.pdq_index import PDQIndex

        return PDQIndex([(code.tobytes().hex(), row) for row, code in enumerate(codes)])
    index = faiss.IndexBinaryFlat(256) if kind == "faiss IndexBinaryFlat" else faiss.IndexBinaryMultiHash(256, 16, 16)
    if kind != "faiss IndexBinaryFlat":
        index.nflip = 1
    index.add(np.ascontiguousarray(codes))
    return index


def _search(index: Any, queries: Any, *, alone: bool) -> list[tuple[int, int, int]]:
    """Return (query, row, distance) of every hit within 31 bits; `alone`: one query a call."""
    import numpy as np

    if not hasattr(index, "range_search"):
        return _search_threatexchange(index, queries, alone=alone)
    hits = []
    for start in range(0, len(queries), 1 if alone else len(queries)):
        part = queries[start : start + (1 if alone else len(queries))]
        limits, distances, rows = index.range_search(part, 32)
        for number in range(len(part)):
            span = slice(limits[number], limits[number + 1])
            found = zip(np.unique(rows[span], return_index=True)[1].tolist(), strict=True)
            hits += [(start + number, int(rows[span][at]), int(distances[span][at])) for (at,) in found]
    return hits


def _search_threatexchange(index: Any, queries: Any, *, alone: bool) -> list[tuple[int, int, int]]:
    texts = [query.tobytes().hex() for query in queries]
    if alone:
        return [
            (number, match.metadata, int(match.similarity_info.distance))
            for number, text in enumerate(texts)
            for match in index.query(text)
        ]
    found = index.index.search_with_distance_in_result(texts, 31)
    return [
        (number, index.local_id_to_entry[row][1], int(distance))
        for number, text in enumerate(texts)
        for row, _, distance in found[text]
    ]


if __name__ == "__main__":
    main()
