"""Worker in the peers' environment: the plain loop that threatexchange's documents show, over files and a list of codes."""

import json
import sys
import time


def main() -> None:
    """Read codes and paths from standard input as JSON, print seconds, files and matches."""
    from PIL import Image
    from threatexchange.signal_type.pdq.signal import PdqSignal

    Image.MAX_IMAGE_PIXELS = None
    task = json.load(sys.stdin)
    index = PdqSignal.get_index_cls().build([(code, row) for row, code in enumerate(task["codes"])])
    matched = 0
    started, cpu = time.perf_counter(), time.process_time()
    for path in task["paths"]:
        with open(path, "rb") as source:
            found = PdqSignal.hash_from_bytes(source.read())
        matched += bool(found and index.query(found))
    times = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}
    print(json.dumps(times | {"matched": matched}))


if __name__ == "__main__":
    main()
