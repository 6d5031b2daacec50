"""Taking reports in over HTTP from many clients at once: none lost, and every receipt opens.

`BENCH_REPORTS=N BENCH_CLIENTS=M python -m bench intake` sends N from M. Before them a quarter as many people walk the whole way, from the form to
a receipt.
"""

import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode

from bench.installed import SETUP, memory_mb, processor_seconds
from leeward.demo.browserless import Browser
from leeward.demo.ports import free_port
from leeward.demo.running import Installation
from leeward.demo.world import World

REPORTS, CLIENTS = int(os.environ.get("BENCH_REPORTS", "10000")), int(os.environ.get("BENCH_CLIENTS", "8"))
FORMS = 200
WALKS = REPORTS // 4 // CLIENTS * CLIENTS  # each takes four requests


def run() -> Iterator[str]:
    """Measure the form, the accepting of reports, and the opening of receipts."""
    with tempfile.TemporaryDirectory() as folder, World(mailbox=Path(folder) / "mailbox") as world:
        data = Path(folder) / "data"
        made = Installation(
            data=data,
            port=free_port(),
            environment=world.environment() | {"LEEWARD_CALLER_REPORTS": "1000000", "LEEWARD_WEB_PROCESSES": "2"},
        )
        made.command("setup", "--open", *SETUP.split())
        began = time.monotonic()
        with made:
            yield f"start to first page: {time.monotonic() - began:.1f} s (target under 5)"
            yield from _forms(made.url)
            yield from _reports(made)
            yield f"memory of the process tree: {memory_mb(made.pid)} MB (target under 400 at rest)"


def _forms(url: str) -> Iterator[str]:
    browser, times = Browser(url), []
    for _ in range(FORMS):
        began = time.perf_counter()
        browser.open("/jm/report")
        times.append(time.perf_counter() - began)
    yield f"form: median {statistics.median(times) * 1000:.1f} ms as seen by the client (target under 20 ms of server time)"


def _reports(made: Installation) -> Iterator[str]:
    """Whole walks first: a person opens the form, takes its three steps and gets a receipt, each on a connection of their own.

    Then the accepting alone: forms that are filled in already are sent, so that only the last step is counted. At last every receipt is opened.
    """
    with ProcessPoolExecutor(CLIENTS, mp_context=get_context("spawn")) as crew:
        list(crew.map(time.sleep, repeat(0.5, CLIENTS)))  # their start is not measured
        before, began = processor_seconds(made.pid), time.monotonic()
        walks = list(crew.map(_clients_share, repeat(made.url), range(CLIENTS), repeat(WALKS // CLIENTS)))
        seconds, after = time.monotonic() - began, processor_seconds(made.pid)
        yield from _walked(walks, seconds, {name: after[name] - before.get(name, 0.0) for name in after})
        forms = list(crew.map(_clients_forms, repeat(made.url), repeat(REPORTS // CLIENTS, CLIENTS)))
        before = processor_seconds(made.pid)
        accepting = list(crew.map(_clients_filled_in, repeat(made.url), range(CLIENTS), forms))
        after = processor_seconds(made.pid)
        looked = list(crew.map(_clients_look, repeat(made.url), accepting))
        yield from _accepted(looked, {name: after[name] - before.get(name, 0.0) for name in after})
        began = time.monotonic()
        opened = list(crew.map(_clients_open, repeat(made.url), [one.receipts for one in [*walks, *looked]]))
        seconds = time.monotonic() - began
    yield (
        f"{sum(opened[CLIENTS:])} of the {REPORTS} receipts open, and {sum(opened[:CLIENTS])} of the walks' {WALKS}: "
        f"{sum(opened) / seconds:.0f} a second"
    )


def _walked(walks: list["_Share"], seconds: float, spent: dict[str, float]) -> Iterator[str]:
    receipts = [receipt for one in walks for receipt in one.receipts]
    posts = sorted(second for one in walks for second in one.last_posts)
    yield (
        f"{len(receipts)} of {WALKS} whole walks (4 requests each) in {seconds:.0f} s: "
        f"{len(receipts) / seconds:.0f} reports/s, {4 * len(receipts) / seconds:.0f} requests/s"
    )
    yield f"{sum(one.lost for one in walks)} lost, {len(set(receipts))} different receipts"
    clients = sum(one.cpu_seconds for one in walks)
    yield "processor time a walk: " + ", ".join(
        f"{name} {seconds_spent / len(receipts) * 1000:.1f} ms"
        for name, seconds_spent in [*spent.items(), (f"the {CLIENTS} clients", clients)]
    )
    yield f"the last step, as the client waits for it: median {statistics.median(posts) * 1000:.0f} ms"


def _accepted(accepting: list["_Share"], spent: dict[str, float]) -> Iterator[str]:
    receipts = [receipt for one in accepting for receipt in one.receipts]
    longest = max(one.seconds for one in accepting)
    yield (
        f"forms already filled in: {len(receipts)} of {REPORTS} accepted in {longest:.0f} s, "
        f"{len(receipts) / longest:.0f} reports/s with two web processes (target 300)"
    )
    each = ", ".join(f"{name} {seconds / max(len(receipts), 1) * 1000:.1f} ms" for name, seconds in spent.items())
    yield f"processor time of one of them: {each} (target 5 ms for taking it)"
    yield f"{sum(one.lost for one in accepting)} of them lost, {len(set(receipts))} different receipts"


@dataclass
class _Share:
    """What one client did."""

    receipts: list[str] = field(default_factory=list)
    last_posts: list[float] = field(default_factory=list)
    led_to: list[str] = field(default_factory=list)
    lost: int = 0
    cpu_seconds: float = 0.0
    seconds: float = 0.0


def _clients_share(url: str, number: int, reports: int) -> _Share:
    """Report so many times, in a process of its own, with as little work as a client can have."""
    done, began = _Share(), time.process_time()
    for count in range(reports):
        line = HTTPConnection(url.removeprefix("http://"), timeout=60)
        try:
            key = _between(_ask(line, "GET", {}), b'name="once" value="', b'"')
            said = {"once": key, "kind": "page", "step": "1", "go": "next"}
            _ask(line, "POST", said)
            said |= {"where": f"http://bench-{number}-{count}.example/x", "step": "2"}
            _ask(line, "POST", said)
            asked = time.perf_counter()
            page = _ask(line, "POST", said | {"step": "3", "go": "send"})
            done.last_posts.append(time.perf_counter() - asked)
            done.receipts.append(_receipt_on(page))
        except (AssertionError, OSError, ValueError, HTTPException):
            done.lost += 1
        finally:
            line.close()
    done.cpu_seconds = time.process_time() - began
    return done


def _clients_forms(url: str, reports: int) -> list[tuple[str, str]]:
    """Open so many forms; returns the mark and the key of each."""
    line = HTTPConnection(url.removeprefix("http://"), timeout=60)
    pages = (_ask(line, "GET", {}) for _ in range(reports))
    forms = [(_between(page, b"?form=", b'"'), _between(page, b'name="once" value="', b'"')) for page in pages]
    line.close()
    return forms


def _clients_filled_in(url: str, number: int, forms: list[tuple[str, str]]) -> _Share:
    """Send these forms, filled in, while nobody asks for anything else."""
    done, address = _Share(), url.removeprefix("http://")
    began = time.monotonic()
    for count, (form, key) in enumerate(forms):
        line = HTTPConnection(address, timeout=60)
        said = {
            "once": key,
            "kind": "page",
            "where": f"http://filled-{number}-{count}.example/x",
            "step": "3",
            "go": "send",
        }
        try:
            done.led_to.append(_once(line, "POST", said, f"/jm/report?form={form}")[1])
        except (OSError, HTTPException):
            done.led_to.append("")
        finally:
            line.close()
    done.seconds = time.monotonic() - began
    return done


def _clients_look(url: str, done: _Share) -> _Share:
    """Look at what each form got, once nothing is measured any more."""
    line = HTTPConnection(url.removeprefix("http://"), timeout=60)
    for place in done.led_to:
        try:
            assert "/receipt/" in place, place
            done.receipts.append(_receipt_on(_ask(line, "GET", {}, place)))
        except (AssertionError, OSError, ValueError, HTTPException):
            line.close()
            done.lost += 1
    line.close()
    return done


def _receipt_on(page: bytes) -> str:
    receipt = re.sub(r"<[^>]*>|\D", "", _between(page, b'class="words', b"</p>").partition(">")[2])
    assert re.fullmatch(r"\d{16}", receipt), receipt
    return receipt


def _ask(line: HTTPConnection, method: str, said: dict[str, str], path: str = "/jm/report") -> bytes:
    """Ask for a page, and follow where it leads."""
    for _ in range(3):
        status, where, body = _once(line, method, said, path)
        if status not in (302, 303):
            break
        method, said, path = "GET", {}, where
    assert status == 200, status
    return body


def _once(line: HTTPConnection, method: str, said: dict[str, str], path: str = "/jm/report") -> tuple[int, str, bytes]:
    """Ask once; return the status, where it leads, and the page."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if said else {}
    line.request(method, path, urlencode(said) or None, headers)
    answer = line.getresponse()
    return answer.status, answer.headers.get("Location", ""), answer.read()


def _between(page: bytes, before: bytes, after: bytes) -> str:
    start = page.index(before) + len(before)
    return page[start : page.index(after, start)].decode()


def _clients_open(url: str, receipts: list[str]) -> int:
    """How many receipts open a page that says where the report stands."""
    opened, line = 0, HTTPConnection(url.removeprefix("http://"), timeout=60)
    for receipt in receipts:
        try:
            opened += b"Where it stands" in _ask(line, "POST", {"receipt": receipt}, "/jm/receipt")
        except (AssertionError, OSError, HTTPException):
            line.close()
    line.close()
    return opened
