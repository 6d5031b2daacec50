"""The desk with very many cases: queue, one case, and searches, each page ten times over HTTP.

`BENCH_DESK=FOLDER python -m bench desk` measures in a data directory that `leeward demo --fill N` has filled; without it 20,000
cases are made in a temporary one. The worker does not run meanwhile.
"""

import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote_plus

from leeward.demo.browserless import Browser
from leeward.demo.play import sign_in
from leeward.demo.ports import free_port
from leeward.site.serve import web_command

MADE_HERE, ROUNDS = 20_000, 10
MAKE = "from leeward.demo.whole import prepare, _fill; _fill({count}, prepare())"


def run() -> Iterator[str]:
    """Measure every page and print its median and slowest."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(os.environ.get("BENCH_DESK") or temporary)
        environment = {**os.environ, "LEEWARD_DATA": str(folder), "LEEWARD_DEMONSTRATION": "true"}
        if folder == Path(temporary):
            make = [sys.executable, "-c", MAKE.format(count=MADE_HERE)]
            subprocess.run(make, env=environment, check=True, stderr=subprocess.DEVNULL)
        with served(environment) as url:
            yield from _pages(url, folder)


def _pages(url: str, folder: Path) -> Iterator[str]:
    size = (folder / "leeward.sqlite3").stat().st_size / 1e9
    with sqlite3.connect(f"file:{folder / 'leeward.sqlite3'}?mode=ro", uri=True, timeout=30) as database:
        [cases] = database.execute("SELECT count(*) FROM casework_case").fetchone()
        question = (
            "SELECT reference, host, comparable FROM casework_case one JOIN hosting_location place ON place.id = one.location_id "
            "WHERE host != '' ORDER BY one.id LIMIT 1 OFFSET 1000"
        )
        reference, host, address = database.execute(question).fetchone()
        digest = database.execute(
            "SELECT sha256 FROM hosting_foundfile WHERE sha256 != '' ORDER BY id LIMIT 1 OFFSET 1000"
        ).fetchone()
        note = database.execute("SELECT text FROM casework_note ORDER BY id DESC LIMIT 1 OFFSET 50").fetchone()
        [notes] = database.execute("SELECT count(*) FROM casework_note").fetchone()
    yield f"{cases} cases, {notes} notes, {size:.1f} GB"
    stranger, ana = Browser(url, timeout_seconds=120), sign_in(Browser(url, timeout_seconds=120), "ana")
    part = re.sub(r"^\W+", "", address[len(host) // 2 :])
    yield from _timed(stranger, {"first page": "/", "form": "/jm/report"})
    searches = {
        "reference": reference,
        "host": host,
        f"part of an old address ({part})": part,
        "hash of a file": digest[0],
        "words of one note": " ".join(re.findall(r"\w+", note[0])[-2:]),
        "words of every note": " ".join(re.findall(r"\w+", note[0])[:3]),
        "the beginning of words of many notes": re.findall(r"\d+", note[0])[-1][:2],
        "nothing": "no-such-thing",
    }
    desk = {"queue": "/desk/", "queue, all": "/desk/?view=all", "case": f"/desk/case/{reference}"}
    pages = {f"search, {name}": f"/desk/?view=all&q={quote_plus(text)}" for name, text in searches.items()}
    yield from _timed(ana, desk | pages)


def _timed(browser: Browser, pages: dict[str, str]) -> Iterator[str]:
    for name, address in pages.items():
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            page = browser.open(address)
            times.append((time.perf_counter() - began) * 1000)
            assert page.is_good, (page.status, address)
        yield f"{name}: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms"


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    web = subprocess.Popen(
        web_command(f"127.0.0.1:{port}", 4),
        env={**environment, "LEEWARD_BASE_URL": url, "DJANGO_SETTINGS_MODULE": "leeward.site.settings"},
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/healthz", timeout=2)
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield url
    finally:
        web.terminate()
        web.wait(20)
