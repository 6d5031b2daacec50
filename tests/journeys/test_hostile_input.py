"""What one visitor, page or picture can do to the others: nothing. On real sockets, in real processes."""

import io
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from leeward.demo.browserless import Browser, Page
from leeward.demo.forms import Upload
from leeward.demo.play import sign_in
from leeward.demo.ports import free_port
from leeward.demo.running import Installation
from leeward.demo.staff import PORTAL
from leeward.demo.world import World, cast, pages
from leeward.demo.world.pictures import picture
from tests.crashing_adapter import DEEDS
from tests.journeys.conftest import ONE_WEB_PROCESS, OWN
from tests.journeys.life import People
from tests.journeys.tree import child, children_of, descendants_of

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SPACES = " " * 100_000
HANGING = {
    "/style": b'<p style="url(' + b" " * 20_000 + b'"><img src="/kind.jpg">',
    "/meta": b'<meta http-equiv=refresh content="0' + b" " * 40_000 + b'x"><img src="/kind.jpg">',
    "/scripts": b"<script></script>a" * 55_000 + b'<img src="/kind.jpg">',
}
DECODERS = re.compile(r"_imaging|pillow_heif|/libav|av\.libs|libtorrent|libheif|libpng|libjpeg|lxml|libxml2|ijson|yajl")
# What the web processes may need more than they ever did before while hostile files come in; the largest of these swells to a
# gigabyte where it is decoded.
MOST_GROWTH_KILOBYTES = 40 << 10
DEEP = b"<report>" * 300_000
WIDE = b'{"a": [' + b"[0]," * 700_000 + b"0]}"


@pytest.fixture
def installation(stage: Path, world: World, tmp_path: Path) -> Iterator[Installation]:
    """An installation of three faces apart, with a decoder by which this test makes children crash."""
    import shutil

    environment = {
        **world.environment(),
        **OWN,
        **ONE_WEB_PROCESS,
        "LEEWARD_DESK_BIND": f"127.0.0.1:{free_port()}",
        "LEEWARD_API_BIND": f"127.0.0.1:{free_port()}",
        "LEEWARD_LICENSED_HASHERS": "tests.crashing_adapter:Crashing",
        "PYTHONPATH": str(ROOT),
    }
    data = shutil.copytree(stage, tmp_path / "data")
    with Installation(data=data, port=free_port(), environment=environment) as running:
        yield running


class Visitor(threading.Thread):
    """Somebody else, who opens a page again and again: each answer and how long it took."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.over = url, threading.Event()
        self.answers: list[tuple[int, float]] = []

    def run(self) -> None:
        with httpx2.Client(timeout=60) as client:
            while not self.over.is_set():
                begun = time.monotonic()
                status = client.get(self.url).status_code
                self.answers.append((status, time.monotonic() - begun))
                self.over.wait(0.3)


def sized(size: tuple[int, int]) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (40, 90, 160)).save(target, "PNG")
    return target.getvalue()


def jpeg_that_held_the_interpreter() -> bytes:
    """A progressive JPEG whose scan is full of fill bytes."""
    target = io.BytesIO()
    Image.open(io.BytesIO(picture(5, width=1600))).save(target, "JPEG", progressive=True)
    body = target.getvalue()
    at = body.index(b"\xff\xda") + 30
    return body[:at] + (b"\xff" * 1000 + b"\x00") * 3000 + body[at:]


def until(condition: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def web_processes(installation: Installation) -> set[int]:
    """The processes that answer: each face has its own."""
    work = child(installation.pid, "worker")
    lines = {
        pid: Path(f"/proc/{pid}/cmdline").read_bytes()
        for server in children_of(installation.pid)
        for pid in descendants_of(server)
        if server != work and Path(f"/proc/{pid}").exists()
    }
    return {pid for pid, line in lines.items() if b"sandbox" not in line and b"resource_tracker" not in line}


def peaks(pids: set[int]) -> dict[int, int]:
    """The most memory that each ever had, in kilobytes."""
    said = {pid: Path(f"/proc/{pid}/status").read_text() for pid in pids}
    return {pid: int(text.partition("VmHWM:")[2].split()[0]) for pid, text in said.items()}


def of_face(installation: Installation, face: str) -> str:
    return f"http://{installation.environment[f'LEEWARD_{face}_BIND']}"


def brought(installation: Installation, body: bytes) -> Page:
    """What the desk says of a file with tips from abroad."""
    with Browser(of_face(installation, "DESK"), timeout_seconds=120) as browser:
        page = sign_in(browser, "ana").open("/desk/tips/take")
        return page.form(having="file").fill({"file": Upload("tips.xml", body)}).submit()


def checked(installation: Installation, key: str, body: bytes) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "image/jpeg"}
    answer = httpx2.post(f"{of_face(installation, 'API')}/api/v1/check", content=body, headers=headers, timeout=120)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def bring_hostile_tips(installation: Installation) -> None:
    for body, why in ((DEEP, "broken or incomplete"), (WIDE, "no CyberTip")):
        page = brought(installation, body)
        assert page.status == 200, page.text[:400]
        assert page.shows(why), page.text[:400]


def file_rows(installation: Installation, address: str) -> dict[str, str]:
    """The files of the looks at an address: the end of theirs, and what is wrong with them."""
    with sqlite3.connect(installation.data / "leeward.sqlite3", timeout=60) as database:
        rows = database.execute(
            "SELECT f.url, f.problem FROM hosting_foundfile f JOIN hosting_fetch h ON h.id = f.fetch_id"
            " JOIN hosting_location l ON l.id = h.location_id WHERE l.display = ?",
            [address],
        )
        return {url.rpartition("/")[2]: problem for url, problem in rows}


def test_no_input_keeps_another_visitor_waiting(installation: Installation, world: World) -> None:
    key = installation.command("token", "issue", "a platform", "--scope", "check").stdout.strip()
    people = People(installation, world)
    world.pictures.put("/kind.jpg", pages.still(5))
    for size, deed in DEEDS.items():
        world.pictures.put(f"/{deed}.png", pages.file(sized(size), "image/png"))
    for path, body in HANGING.items():
        world.pictures.put(path, pages.file(body, "text/html"))
    world.pictures.put("/mixed", pages.gallery("x", ["/crash.png", "/spin.png", "/swell.png", "/kind.jpg"]))
    web = web_processes(installation)
    assert len(web) == 3
    # What is loaded at the first file of a kind is loaded by now.
    assert checked(installation, key, picture(5))["advice"] == "allow"
    assert brought(installation, b"<a>" + b"x" * len(DEEP) + b"</a>").status == 200
    before = peaks(web)
    visitors = [
        Visitor(f"{installation.url}/{PORTAL}/"),
        Visitor(f"{of_face(installation, 'DESK')}/desk/account/login/"),
        Visitor(f"{of_face(installation, 'API')}/api/v1/openapi.json"),
    ]
    for visitor in visitors:
        visitor.start()
    try:
        bring_hostile_tips(installation)
        for field in ("mail", "referrer", "password"):
            form = {"kind": "page", field: f"a{SPACES}x"}
            answer = httpx2.post(f"{installation.url}/{PORTAL}/report", data=form, timeout=60)
            assert answer.status_code == 200
        for path in ("report", "appeal"):
            form = {"go": "send", "where": SPACES, "address": SPACES, "mail": f"a{SPACES}x", "kind": "page"}
            assert httpx2.post(f"{installation.url}/{PORTAL}/{path}", data=form, timeout=60).status_code == 200
        for path in (*HANGING, "/mixed"):
            people.report(path)
        assert checked(installation, key, jpeg_that_held_the_interpreter())["match"] == "none"
        found = dict(
            zip(
                DEEDS.values(),
                at_once([lambda size=size: checked(installation, key, sized(size)) for size in DEEDS]),
                strict=True,
            )
        )
        assert {deed: (one["match"], one["advice"]) for deed, one in found.items()} == dict.fromkeys(
            found, ("none", "review")
        )
        assert all("could not be decoded" in str(one["note"]) for one in found.values()), found
        kind = checked(installation, key, picture(5))
        assert (kind["advice"], kind["note"]) == ("allow", None)
        for path in HANGING:
            until(
                lambda path=path: (
                    file_rows(installation, world.host.address_of(cast.PICTURES, path)) == {"kind.jpg": ""}
                )
            )
        until(lambda: len(file_rows(installation, world.host.address_of(cast.PICTURES, "/mixed"))) == 4)
        assert file_rows(installation, world.host.address_of(cast.PICTURES, "/mixed")) == {
            "crash.png": "decoder_crashed", "spin.png": "decoder_too_slow", "swell.png": "decoder_too_much_memory", "kind.jpg": "",
        }  # fmt: skip
    finally:
        for visitor in visitors:
            visitor.over.set()
        for visitor in visitors:
            visitor.join(120)
    for visitor in visitors:
        assert_well_served(visitor)
    assert web_processes(installation) == web, "a web process ended"
    grown = {pid: after - before[pid] for pid, after in peaks(web).items()}
    print(f"the peaks of memory grew by {grown} from {before} KB")
    assert max(grown.values()) < MOST_GROWTH_KILOBYTES
    work = child(installation.pid, "worker")
    assert work
    for pid in (*web, work) if os.geteuid() == 0 else ():  # root alone may look
        assert not DECODERS.findall(Path(f"/proc/{pid}/maps").read_text()), "web or worker loaded a decoder"


def assert_well_served(visitor: Visitor) -> None:
    slowest = max(took for _, took in visitor.answers)
    print(f"{visitor.url}: {len(visitor.answers)} answers, the slowest after {slowest:.2f} s")
    assert {status for status, _ in visitor.answers} == {200}
    assert len(visitor.answers) > 20
    assert slowest < 30, "somebody else waited for what this one sent"


def at_once(calls: list[Callable[[], dict[str, object]]]) -> list[dict[str, object]]:
    results: list[dict[str, object]] = [{} for _ in calls]

    def run(number: int) -> None:
        results[number] = calls[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    return results
