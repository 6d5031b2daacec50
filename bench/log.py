"""The log: what an append, a proof, the move of a million old rows into the tree, and checking them all cost.

`BENCH_LOG_ROWS=N python -m bench log` takes N rows.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.installed import command, set_up

ROWS = int(os.environ.get("BENCH_LOG_ROWS", "1000000"))


def run() -> Iterator[str]:
    """Write rows straight into the log of a new installation, then do with them what the log promises."""
    with tempfile.TemporaryDirectory() as folder:
        yield from command(set_up(Path(folder)), "bench.log_rows", str(ROWS)).splitlines()
