"""A flood of reports from one address, honest reporters among it, then a child in danger: who gets through, and how soon.

`FLOOD_RATE=600 FLOOD_SECONDS=30 FLOOD_KIND=page python -m bench flood`; with FLOOD_KIND=danger every report of the flood says that a
child is in danger. The forms of the flood carry keys that the installation signed, as if each had been opened before.
"""

import asyncio
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.installed import SETUP
from leeward.demo.ports import free_port
from leeward.demo.running import Installation
from leeward.demo.world import World

RATE, SECONDS = int(os.environ.get("FLOOD_RATE", "600")), float(os.environ.get("FLOOD_SECONDS", "30"))
KIND = os.environ.get("FLOOD_KIND", "page")
HONEST_RATE, CLIENTS, PATIENCE = 5, 2, 90.0


def run() -> Iterator[str]:
    """Flood an installation, and measure whoever is honest."""
    with tempfile.TemporaryDirectory() as folder, World(mailbox=Path(folder) / "mailbox") as world:
        made = Installation(data=Path(folder) / "data", port=free_port(), environment=world.environment())
        made.command("setup", "--open", *SETUP.split())
        with made:
            yield from flood(made, rate=RATE, seconds=SECONDS, kind=KIND)


def _apart[T](programme: Coroutine[Any, Any, T]) -> T:
    """Run it to its end on a loop of its own, in a thread: whoever calls may be within another loop."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, programme).result()


def flood(made: Installation, *, rate: int, seconds: float, kind: str) -> Iterator[str]:
    """Send `rate` reports a second for so long, honest ones among them, then one of a child in danger."""
    keys = form_keys(made, int((rate + HONEST_RATE) * seconds) + 1)
    honest, rest, last = keys[: int(HONEST_RATE * seconds)], keys[int(HONEST_RATE * seconds) : -1], keys[-1]
    with ProcessPoolExecutor(CLIENTS + 1, mp_context=get_context("spawn")) as crew:
        list(crew.map(time.sleep, [0.5] * (CLIENTS + 1)))  # their start is not measured
        began = time.monotonic()
        mine = crew.submit(send_all, made.url, honest, HONEST_RATE, "page", is_patient=True)
        theirs = [
            crew.submit(send_all, made.url, rest[number::CLIENTS], rate / CLIENTS, kind, is_patient=False)
            for number in range(CLIENTS)
        ]
        time.sleep(max(0.0, began + seconds - time.monotonic()))
        yield from _danger(made, last)
        sent = [one.result() for one in theirs]
        yield f"asked to press again: flood {sum(one.slowed for one in sent)} times, honest {mine.result().slowed} times"
        yield _said("flood", sum(len(one.taken) for one in sent), len(rest), [t for one in sent for t in one.taken])
        yield _said("honest", len(mine.result().taken), len(honest), mine.result().taken)
    ended = [line for line in made.log.read_text(encoding="utf-8").splitlines() if line.startswith("leeward:")]
    yield f"processes ended or started again: {len(ended)}" + "".join(f"; {line}" for line in ended[:3])
    yield from _kept_up(made)


def form_keys(made: Installation, count: int) -> list[str]:
    """Keys of forms, as if they had been opened."""
    program = f"import django; django.setup(); from leeward.web_security import keys; [print(keys.new_form_key()) for _ in range({count})]"
    done = subprocess.run(
        [sys.executable, "-c", program], env=made.environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@dataclass
class Sent:
    """How long each report that got its receipt took, in seconds, and how often one was asked to press again."""

    taken: list[float] = field(default_factory=list)
    slowed: int = 0  # pages that asked to press again


def send_all(url: str, keys: list[str], rate: float, kind: str, *, is_patient: bool) -> Sent:
    """Send a report with each key, so many a second whether or not those before are answered. Who is patient presses again
    where the page asks for it."""
    return _apart(_send_all(url, keys, rate, kind, is_patient=is_patient))


async def _send_all(url: str, keys: list[str], rate: float, kind: str, *, is_patient: bool) -> Sent:
    sent, began, under_way = Sent(), time.monotonic(), []
    for number, key in enumerate(keys):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        under_way.append(asyncio.create_task(_send(url, key, kind, sent, is_patient=is_patient)))
    await asyncio.gather(*under_way)
    return sent


async def _send(url: str, key: str, kind: str, sent: Sent, *, is_patient: bool) -> None:
    began = time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE):
            while not is_receipt(await _post(url, report_of(key, kind))):
                sent.slowed += 1
                if not is_patient:
                    return
                await asyncio.sleep(5)
            sent.taken.append(time.monotonic() - began)
    except (OSError, TimeoutError):
        pass


async def _is_taken(url: str, key: str) -> bool:
    try:
        return is_receipt(await _post(url, report_of(key, "danger")))
    except OSError:
        return False  # a person presses again


def report_of(key: str, kind: str) -> dict[str, str]:
    """The last step of a report of an address that nobody else reports."""
    where = f"http://flood-{abs(hash(key))}.example/x"
    return {"once": key, "kind": kind, "where": where, "step": "3", "go": "send"}


def is_receipt(page: bytes) -> bool:
    """Whether this leads to the page with a receipt's number."""
    return bool(re.search(rb"(?im)^location: \S*/receipt/", page))


async def _post(url: str, said: dict[str, str]) -> bytes:
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        body = urlencode(said).encode()
        head = (
            f"POST /jm/report HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
        )
        writer.write(head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body)
        return await reader.read()
    finally:
        writer.close()


def _danger(made: Installation, key: str) -> Iterator[str]:
    """One report of a child in danger, and what becomes of it; from the moment that it is sent."""
    began = time.monotonic()
    presses = 1
    while not _apart(_is_taken(made.url, key)) and time.monotonic() < began + 300:
        presses += 1
        time.sleep(2)
    yield f"danger: receipt after {time.monotonic() - began:.1f} s, {presses} presses"
    where = report_of(key, "danger")["where"]
    asked = {
        "is a case": "SELECT 1 FROM casework_case c JOIN hosting_location l ON l.id = c.location_id WHERE l.display = ? AND c.urgent",
        "is on a page": 'SELECT 1 FROM oncall_pagedreport p JOIN intake_report r ON r.id = p.report_id WHERE r."where" = ?',
        "somebody was paged": (
            "SELECT 1 FROM oncall_pagedreport p JOIN intake_report r ON r.id = p.report_id "
            'JOIN oncall_pagemessage m ON m.page_id = p.page_id WHERE r."where" = ? AND m.sent_at IS NOT NULL'
        ),
    }
    for what, sql in asked.items():
        while not rows(made, sql, where) and time.monotonic() < began + 300:
            time.sleep(0.2)
        yield f"danger: {what} after {time.monotonic() - began:.1f} s (target under 60)"


def rows(made: Installation, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Ask the installation's database."""
    with sqlite3.connect(made.data / "leeward.sqlite3", timeout=30) as database:
        return database.execute(sql, values).fetchall()


def _kept_up(made: Installation) -> Iterator[str]:
    waiting = "SELECT count(*) FROM jobs_job WHERE kind = 'casework.take_in'"
    began, before = time.monotonic(), int(str(rows(made, waiting)[0][0]))
    yield f"reports that are not cases yet when the flood is over: {before}"
    while rows(made, waiting)[0][0] and time.monotonic() < began + 600:
        time.sleep(0.5)
    yield f"none left after {time.monotonic() - began:.0f} s"


def _said(who: str, taken: int, of: int, seconds: list[float]) -> str:
    if len(seconds) < 2:
        return f"{who}: {taken} of {of}"
    cuts = statistics.quantiles(seconds, n=100)
    return f"{who}: {taken} of {of} taken, p50/95/99 {cuts[49]:.1f}/{cuts[94]:.1f}/{cuts[98]:.1f} s"
