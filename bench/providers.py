"""Mandatory reports in bulk: lines accepted a second over HTTP, how long others wait to write meanwhile, none lost to kill -9, and a
child in danger paged while all of them wait.

`BENCH_LINES=100000 python -m bench providers`. One batch of 10,000 after the other; during one more the whole installation is killed.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.flood import rows
from bench.installed import SETUP, family
from leeward.audit.queueing import in_turn
from leeward.demo.browserless import Browser
from leeward.demo.ports import free_port
from leeward.demo.running import Installation
from leeward.demo.world import World

LINES, BATCH = int(os.environ.get("BENCH_LINES", "100000")), 10_000
KILLED_AFTER = (0.2, 0.8, 1.6)
MADE = """
import django; django.setup()
from django_scopes import scope
from leeward.foundation.actor import Actor
from leeward.people.queries import hotlines, portals_of
from leeward.providers import services
hotline = hotlines()[0].id
actor = Actor("command", hotline_id=hotline)
asking = services.Asking("Bench Ltd", "platform", ("JM", "CA"), "safety@bench.example", "", (("Ines", "i@bench.example", "administrator"),))
with scope(hotline=hotline):
    number = services.register(asking, portal_id=portals_of(hotline)[0].id, actor=actor)
    services.decide(number, "approve", reason="", actor=actor)
    print(services.give_key(number, is_sandbox=False, actor=actor))
"""


def run() -> Iterator[str]:
    """Measure accepting, killing, and who is paged meanwhile."""
    with tempfile.TemporaryDirectory() as folder, World(mailbox=Path(folder) / "mailbox") as world:
        made = Installation(data=Path(folder) / "data", port=free_port(), environment=world.environment())
        made.command("setup", "--open", *SETUP.split())
        done = subprocess.run(
            [sys.executable, "-c", MADE], env=made.environment, capture_output=True, text=True, check=True
        )
        key = done.stdout.split()[-1]
        with made:
            yield from _accepted(made, key)
            yield from _killed(made, key)
            yield from _danger(made)


def batch_of(number: int, lines: int) -> bytes:
    """A batch of lines that no other has: an address, a hash and an event each."""
    return b"\n".join(
        json.dumps(
            {
                "reference": f"{number}-{count}",
                "known_at": "2026-11-01T09:00:00Z",
                "addresses": [f"https://bench-{number}.example/a/{count}"],
                "files": [
                    {"hashes": {"sha256": f"{number * BATCH + count:064x}", "md5": f"{number * BATCH + count:032x}"}}
                ],
                "events": [{"at": "2026-11-01T08:59:00Z", "kind": "upload", "ip": "192.0.2.7", "port": 443}],
            }
        ).encode()
        for count in range(lines)
    )


def send(made: Installation, key: str, number: int, body: bytes) -> dict[str, Any]:
    """Send a batch and return its answer."""
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": f"bench-batch-{number:08}",
    }
    request = urllib.request.Request(f"{made.url}/api/v1/provider/reports", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _accepted(made: Installation, key: str) -> Iterator[str]:
    times, accepted = [], 0
    with _waiting(made) as waits:
        for number in range(max(LINES // BATCH, 1)):
            body = batch_of(number, min(LINES, BATCH))
            began = time.monotonic()
            accepted += send(made, key, number, body)["accepted"]
            times.append(time.monotonic() - began)
    yield f"whoever else writes waits {max(waits):.1f} s at most, {median(waits):.2f} s as a rule ({len(waits)} tries)"
    yield f"{accepted} of {LINES} lines accepted: {accepted / sum(times):.0f} a second (target 1000), the slowest batch {max(times):.1f} s"
    stored = rows(made, "SELECT count(*) FROM providers_providerline")[0][0]
    log = rows(made, "SELECT count(*) FROM audit_auditrow WHERE event = 'provider_batch.received'")[0][0]
    yield f"{stored} are stored, with {log} rows of the log"


@contextmanager
def _waiting(made: Installation) -> Iterator[list[float]]:
    """How long somebody waits who writes now and then while the block runs, in his turn among the processes."""
    waits: list[float] = []
    over = threading.Event()

    def write() -> None:
        place = made.data / "leeward.sqlite3"
        with closing(sqlite3.connect(place, timeout=60, isolation_level=None)) as database:
            while not over.wait(0.1):
                began = time.monotonic()
                with in_turn(place, 60):
                    database.execute("BEGIN IMMEDIATE")
                    database.execute("ROLLBACK")
                waits.append(time.monotonic() - began)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield waits
    finally:
        over.set()
        writer.join()


def _danger(made: Installation) -> Iterator[str]:
    waiting = rows(made, "SELECT count(*) FROM providers_providerline WHERE state = 'waiting'")[0][0]
    began = time.monotonic()
    page = Browser(made.url).open("/jm/report").form(having="kind").fill({"kind": "danger"}).submit("look=1")
    page.form(having="text").fill({"text": "A child is in danger."}).submit("go=send")
    sql = "SELECT 1 FROM oncall_pagemessage WHERE sent_at IS NOT NULL"
    while not rows(made, sql) and time.monotonic() < began + 120:
        time.sleep(0.2)
    yield f"a child in danger, with {waiting} lines waiting: somebody was paged after {time.monotonic() - began:.1f} s (target under 60)"


def _killed(made: Installation, key: str) -> Iterator[str]:
    lost = 0
    for number, seconds in enumerate(KILLED_AFTER, start=10_000):
        body, answers = batch_of(number, BATCH // 10), []
        sender = threading.Thread(target=lambda: _try(made, key, number, body, answers))  # noqa: B023 - it is joined below
        sender.start()
        time.sleep(seconds)
        for pid in list(family(made.pid)):
            os.kill(pid, signal.SIGKILL)
        sender.join()
        made.stop()
        made.start()
        again = send(made, key, number, body)
        kept = rows(made, "SELECT count(*) FROM providers_providerline WHERE reference LIKE ?", f"{number}-%")[0][0]
        lost += int(kept != BATCH // 10 or again["accepted"] != BATCH // 10)
    yield f"killed {len(KILLED_AFTER)} times during a batch, which is sent again with its key: {lost} of them not whole"


def _try(made: Installation, key: str, number: int, body: bytes, answers: list[Any]) -> None:
    try:
        answers.append(send(made, key, number, body))
    except OSError:
        answers.append(None)
