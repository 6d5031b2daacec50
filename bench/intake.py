"""Taking reports in: 10,000 reports from 8 clients over HTTP, and every receipt opens."""

import re
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from leeward.demo.browserless import Browser
from leeward.demo.running import Installation, free_port
from leeward.demo.world import World

REPORTS, CLIENTS, FORMS = 10_000, 8, 200


def run() -> Iterator[str]:
    """Measure the form, the accepting of reports, and the opening of receipts."""
    with tempfile.TemporaryDirectory() as folder, World(mailbox=Path(folder) / "mailbox") as world:
        data = Path(folder) / "data"
        made = Installation(data=data, port=free_port(), environment=world.environment())
        made.command(
            "setup",
            "--country=JM",
            "--name=Hotline",
            "--languages=en",
            "--mode=assess",
            "--admin-email=a@h.example",
            "--admin-name=A",
        )
        began = time.monotonic()
        with made:
            yield f"start to first page: {time.monotonic() - began:.1f} s (target under 5)"
            yield from _forms(made.url)
            yield from _reports(made.url)
            yield f"memory of the process tree: {_memory_mb(made.pid)} MB (target under 400 at rest)"


def _forms(url: str) -> Iterator[str]:
    browser, times = Browser(url), []
    for _ in range(FORMS):
        began = time.perf_counter()
        browser.open("/jm/report")
        times.append(time.perf_counter() - began)
    yield f"form: median {statistics.median(times) * 1000:.1f} ms as seen by the client (target under 20 ms of server time)"


def _reports(url: str) -> Iterator[str]:
    receipts: list[str] = []
    lost: list[str] = []

    def client(number: int) -> None:
        for count in range(REPORTS // CLIENTS):
            browser = Browser(url, timeout_seconds=60)
            try:
                page = browser.open("/jm/report").form(having="kind").fill({"kind": "page"}).submit("go=next")
                where = f"http://bench-{number}-{count}.example/x"
                page = page.form(having="where").fill({"where": where}).submit("go=next")
                page = page.form(having="words").submit("go=send")
                digits = "".join(page.texts("//*[contains(@class, 'words')]/span"))
                (receipts if re.fullmatch(r"\d{16}", digits) else lost).append(digits)
            except Exception as error:
                lost.append(repr(error))
            finally:
                browser.close()

    began = time.monotonic()
    crew = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    seconds = time.monotonic() - began
    rate, different = len(receipts) / seconds, len(set(receipts))
    yield f"{len(receipts)} of {REPORTS} whole reports (4 requests each) in {seconds:.0f} s: {rate:.0f} reports/s"
    yield f"{len(lost)} lost, {different} different receipts"
    opened = sum(_opens(url, receipt) for receipt in receipts)
    yield f"{opened} of {len(receipts)} receipts open"


def _opens(url: str, receipt: str) -> bool:
    browser = Browser(url, timeout_seconds=60)
    try:
        page = browser.open("/jm/receipt").form(having="receipt").fill({"receipt": receipt}).submit()
        return page.says("Where it stands")
    finally:
        browser.close()


def _memory_mb(pid: int) -> int:
    total = 0
    pids = [pid]
    while pids:
        current = pids.pop()
        status = Path(f"/proc/{current}/status").read_text(encoding="ascii")
        total += int(re.search(r"VmRSS:\s+(\d+)", status)[1])  # type: ignore[index]
        pids += [
            int(child) for child in Path(f"/proc/{current}/task/{current}/children").read_text(encoding="ascii").split()
        ]
    return total // 1024
