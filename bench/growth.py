"""What a hotline's years cost: KB a case on disk, and milliseconds a page, at 10,000, 100,000 and 1,000,000 cases.

`BENCH_GROWTH=10000,100000 python -m bench growth` says at how many; the default leaves the million out, which takes some 20 minutes to
make and 6 GB of disk (`BENCH_GROWTH=10000,100000,1000000`). Cases are made as `leeward demo --fill` makes them; the worker does not run.
"""

import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.desk import MAKE, ROUNDS, served
from leeward.demo.browserless import Browser
from leeward.demo.play import sign_in

SIZES = [int(size) for size in os.environ.get("BENCH_GROWTH", "10000,100000").split(",")]
ODDLY_SLOW = 3.0  # times as long as at the smallest size


def run() -> Iterator[str]:
    """Measure each size, and say what grew more than it should."""
    first: dict[str, float] = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="leeward-bench-growth-") as folder:
            environment = {**os.environ, "LEEWARD_DATA": folder, "LEEWARD_DEMONSTRATION": "true"}
            began = time.monotonic()
            subprocess.run(
                [sys.executable, "-c", MAKE.format(count=size)], env=environment, check=True, stderr=subprocess.DEVNULL
            )
            cases, kilobytes, reference = _disk(Path(folder))
            yield f"{cases:,} cases, made in {time.monotonic() - began:.0f} s: {kilobytes:.1f} KB a case"
            with served(environment) as url:
                times = _times(url, reference)
        yield "  " + ", ".join(f"{name} {milliseconds:.0f} ms" for name, milliseconds in times.items())
        first = first or times
        grew = [name for name, milliseconds in times.items() if milliseconds > ODDLY_SLOW * first[name]]
        yield f"  more than {ODDLY_SLOW:g} times as long as at {SIZES[0]:,}: {', '.join(grew) or 'none'}"


def _disk(folder: Path) -> tuple[int, float, str]:
    place = folder / "leeward.sqlite3"
    with closing(sqlite3.connect(place)) as database:
        database.execute("ANALYZE")
        [cases] = database.execute("SELECT count(*) FROM casework_case").fetchone()
        [reference] = database.execute("SELECT reference FROM casework_case ORDER BY id LIMIT 1 OFFSET 100").fetchone()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return cases, place.stat().st_size / 1024 / cases, reference


def _times(url: str, reference: str) -> dict[str, float]:
    stranger, ana = Browser(url, timeout_seconds=120), sign_in(Browser(url, timeout_seconds=120), "ana")
    pages = {
        "form": (stranger, "/jm/report"),
        "queue": (ana, "/desk/"),
        "all cases": (ana, "/desk/?view=all"),
        "a case": (ana, f"/desk/case/{reference}"),
        "search by reference": (ana, f"/desk/?view=all&q={reference}"),
        "search for nothing": (ana, "/desk/?view=all&q=no-such-thing"),
        "figures": (stranger, "/jm/figures"),
    }
    return {
        name: statistics.median(_once(browser, page) for _ in range(ROUNDS)) for name, (browser, page) in pages.items()
    }


def _once(browser: Browser, page: str) -> float:
    began = time.perf_counter()
    assert browser.open(page).is_good, page
    return (time.perf_counter() - began) * 1000
