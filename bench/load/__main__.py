"""Load a whole installation and see what becomes of it: `make load`, or `python -m bench.load --reports 100 --views 300 --minutes 10`.

SQLite, two web processes, and a small world on loopback that takes mail and answers name servers' and registries' questions. People
come each from an address of their own: reporters, readers, somebody who works on the desk, and now and then a report that a child
is in danger, whose page somebody acknowledges by its link. `--flood 600` adds junk from one address; `--through nginx` or `caddy`
puts the proxy in front as docs/how-to/production.md sets it up; `--apart` runs each face in processes of its own (docs/how-to/faces.md).
Exit code 1: something that is demanded was not met.
"""

import argparse
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.installed import memory_mb, processor_seconds
from bench.load import afterwards, proxies
from bench.load.crowd import START_SECONDS, Came, Crowd
from bench.load.verdict import (
    CASE_SECONDS,
    DESK_MS,
    FLOODED_MS,
    PAGED_SECONDS,
    Line,
    at_most,
    exit_code,
    none_of,
    reached,
    spread,
)
from leeward.demo.browserless import Browser
from leeward.demo.play import sign_in
from leeward.demo.ports import free_port
from leeward.demo.running import READY_SECONDS, Installation
from leeward.demo.world import World

HOST = "report.hotline.example"
PREPARE = "from leeward.demo.whole import prepare; prepare()"
JUNK = ("flood: form", "flood: receipt", "flood: page")  # as locustfile.py names what it sends, each by one method
UNDER_WAY = 2.0  # seconds of pacing: as locustfile.py
PATIENCE = 300.0  # seconds after the load within which every report must be a case, to be measured at all


@dataclass(frozen=True)
class Asked:
    """How much, for how long, and through what."""

    reports: float
    views: float
    minutes: float
    danger_every: float
    flood: float
    through: str
    apart: bool
    folder: Path | None

    @property
    def people(self) -> int:
        """How many people are at it at once."""
        readers = round(max(0.0, self.views - self.reports) * UNDER_WAY)
        return round(self.reports * UNDER_WAY) + readers + 1 + bool(self.danger_every)


def asked() -> Asked:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reports", type=float, default=100, help="reports a second")
    parser.add_argument(
        "--views", type=float, default=300, help="views of public pages a second, the reporters' own included"
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument(
        "--danger-every", type=float, default=20, help="seconds between reports of a child in danger; 0: none"
    )
    parser.add_argument("--flood", type=float, default=0, help="junk requests a second, all from one address")
    parser.add_argument(
        "--through", choices=("nothing", "nginx", "caddy"), default="nothing", help="the proxy in front"
    )
    parser.add_argument(
        "--apart", action="store_true", help="two processes for each face; the desk is asked at its own address"
    )
    parser.add_argument(
        "--folder", type=Path, help="where the installation is made and kept (default: a temporary folder)"
    )
    return Asked(**vars(parser.parse_args()))


def main() -> int:
    """Run it; print the table; return the exit code."""
    wanted = asked()
    with ExitStack() as stack:
        folder = wanted.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leeward-load-")))
        folder.mkdir(parents=True, exist_ok=True)
        world = stack.enter_context(World(mailbox=folder / "mailbox", pace=1.0))
        more = {
            "LEEWARD_BEHIND_PROXY": "true",
            "LEEWARD_HOSTS": HOST,
            "LEEWARD_WEB_PROCESSES": "2",
            "LEEWARD_DATABASE_URL": "",
        }
        desk, api = free_port(), free_port()
        if wanted.apart:
            more |= {"LEEWARD_DESK_BIND": f"127.0.0.1:{desk}", "LEEWARD_API_BIND": f"127.0.0.1:{api}"}
        made = Installation(data=folder / "data", port=free_port(), environment=world.environment() | more)
        faces = (f"http://127.0.0.1:{desk}", f"http://127.0.0.1:{api}") if wanted.apart else (made.url, made.url)
        made.data.mkdir(parents=True, exist_ok=True)
        _prepare(made)
        stack.enter_context(made)
        port = int(made.url.rpartition(":")[2])
        if wanted.through != "nothing":
            port = stack.enter_context(proxies.in_front(wanted.through, folder / "proxy", port))
        lines = list(_load(wanted, made, world, (f"http://127.0.0.1:{port}", *faces), folder))
    print(
        f"\n{wanted.reports:g} reports/s, {wanted.views:g} views/s, {wanted.minutes:g} minutes, flood {wanted.flood:g}/s, through {wanted.through}"
        + (", faces apart" if wanted.apart else "")
    )
    for line in lines:
        print(line)
    code = exit_code(lines)
    print(
        "all that is demanded was met"
        if code == 0
        else "NOT MET: " + "; ".join(line.what for line in lines if line.met is False)
    )
    return code


def _prepare(made: Installation) -> None:
    subprocess.run([sys.executable, "-c", PREPARE], env=made.environment, check=True, timeout=300)


def _load(wanted: Asked, made: Installation, world: World, faces: tuple[str, str, str], folder: Path) -> Iterator[Line]:
    url, desk, api = faces
    for face in (desk, api):
        _wait_for(face)
    with Browser(desk) as ana:
        cookies = sign_in(ana, "ana").cookies
    seconds = wanted.minutes * 60
    with_all = {
        "reports": wanted.reports, "views": wanted.views, "danger_every": wanted.danger_every, "flood": wanted.flood,
        "cookies": cookies, "host": HOST, "run": secrets.token_hex(4), "people": wanted.people,
        "desk": desk if wanted.apart else url,
    }  # fmt: skip
    database, memory, spent = made.data / "leeward.sqlite3", memory_mb(made.pid), _spent(made)
    over = threading.Event()
    answering = threading.Thread(target=_acknowledge, args=(world, api, over), daemon=True)
    answering.start()
    flood = None
    people = ("Reporter", "Reader", "Frightened", "Analyst")
    crowd = Crowd(url, seconds + START_SECONDS, folder / "crowd.json", with_all, people)
    try:
        if wanted.flood:
            junk = with_all | {"people": round(wanted.flood * UNDER_WAY)}
            flood = Crowd(url, seconds + START_SECONDS, folder / "flood.json", junk, ("Flooder",))
        came, at_end = crowd.wait(), time.monotonic()
        theirs = flood.wait() if flood else Came()
        spent = {name: now - spent[name] for name, now in _spent(made).items()}
        waiting = afterwards.without_case(database)
        while afterwards.without_case(database) and time.monotonic() < at_end + PATIENCE:
            time.sleep(0.5)
        caught_up = time.monotonic() - at_end
        if wanted.danger_every:
            time.sleep(min(PAGED_SECONDS, 5))
        yield from _table(wanted, came, theirs, afterwards.became(database, came.accepted))
        yield Line("not yet cases at the end of the load", f"{waiting}, none after {caught_up:.0f} s")
        each = (f"{name} {one / seconds:.2f}" for name, one in spent.items())
        yield Line("processor time a second", ", ".join(each) + " s")
        yield Line("memory at the start and at the end", f"{memory} MB, {memory_mb(made.pid)} MB")
        yield none_of("processes that ended or hung", _ended(made))
    finally:
        over.set()
        crowd.end()
        if flood:
            flood.end()


def _wait_for(face: str) -> None:
    """Wait until a face answers that starts beside the public one."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{face}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing answered at {face}")


def _table(wanted: Asked, came: Came, theirs: Came, became: afterwards.Became) -> Iterator[Line]:
    accepted = [kind for _, kind in came.accepted]
    yield reached("reports accepted", came.a_second("report: page") * _share_good(came, "report: page"), wanted.reports)
    yield reached("views of pages", came.a_second("page"), wanted.views)
    if wanted.flood:
        yield reached("junk sent", sum(map(theirs.a_second, JUNK)), wanted.flood)
    for name, what in (("report: page", "sending a report"), ("page", "a page")):
        most = FLOODED_MS if wanted.flood else None
        said = _times(came, name)
        yield at_most(what, came.milliseconds(name), most, "ms p95", said) if most else Line(what, said)
    yield at_most("a page of the desk", came.milliseconds("desk") or None, DESK_MS, "ms p95", _times(came, "desk"))
    yield none_of(f"lost, of {len(accepted)} accepted", became.lost)
    yield none_of("there twice", became.twice)
    yield none_of("accepted and no case", became.without_case)
    longest = max(became.until_case, default=None)
    yield at_most("from report to case", longest, CASE_SECONDS, "s", spread(became.until_case))
    if wanted.danger_every:
        longest = max(became.until_paged, default=None)
        yield at_most("from danger to a message on its way", longest, PAGED_SECONDS, "s", spread(became.until_paged))
        yield none_of(f"never paged, of {accepted.count('danger')} in danger", became.unpaged)
    yield none_of("rows missing from the log", became.missing_rows)
    yield none_of("jobs given up", became.dead_jobs)
    yield Line("answers that were none", "; ".join(came.errors[:3]) or "none")


def _share_good(came: Came, name: str) -> float:
    entry = came.entries.get(name, {})
    return 1 - entry.get("failures", 0) / max(entry.get("count", 0), 1)


def _times(came: Came, name: str) -> str:
    which = ("p50", "p95", "p99", "max")
    return ", ".join(f"{one} {came.milliseconds(name, one):.0f}" for one in which) + " ms"


def _acknowledge(world: World, url: str, over: threading.Event) -> None:
    """Be whoever is on call and awake: open the newest page's link and say that it was read, a few seconds after it came."""
    done = 0
    while not over.wait(2.0):
        pages = [mail for mail in world.mail.messages() if "/page/" in mail.text]
        for mail in pages[done:]:
            done += 1
            found = re.search(r"https?://[^/\s]+(/page/\S+)", mail.text)
            try:
                with Browser(url, timeout_seconds=60) as somebody:
                    page = somebody.open(found[1] if found else "/")
                    if page.tree.xpath("//form//*[@name='upto']"):
                        page.form(having="upto").submit()
            except Exception as error:  # the next message is another chance
                print(f"not acknowledged: {error}", file=sys.stderr)


def _spent(made: Installation) -> dict[str, float]:
    """Seconds of processor time so far: Leeward's; that of people who are through (locust); and the small world's, which is ours."""
    people = os.times()
    return processor_seconds(made.pid) | {
        "people": people.children_user + people.children_system,
        "the world": people.user + people.system,
    }


def _ended(made: Installation) -> int:
    return sum(line.startswith("leeward:") for line in made.log.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    sys.exit(main())
