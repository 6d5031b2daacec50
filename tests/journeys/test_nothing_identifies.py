"""Promise P2: whoever reports leaves no internet address behind: in no table, no log, no file of the installation."""

import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from leeward.demo.browserless import Browser
from leeward.demo.ports import free_port
from leeward.demo.running import Installation
from leeward.demo.world import World
from tests.journeys.conftest import ONE_WEB_PROCESS, OWN
from tests.setting_up import SET_UP
from tests.tables import give_tables

pytestmark = pytest.mark.xdist_group("serve")
MARKS = ("203.0.113.77", "2001:db8:77::7", "Kept-Browser/7.7", "kept.referrer.example")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with World(mailbox=tmp_path / "mailbox") as world:
        environment = world.environment() | {"LEEWARD_BEHIND_PROXY": "true", **ONE_WEB_PROCESS, **OWN}
        made = Installation(data=tmp_path / "data", port=free_port(), environment=environment)
        give_tables(made.data / "leeward.sqlite3")
        done = made.command(*SET_UP)
        assert done.returncode == 0, done.stderr
        with made:
            yield made


def visit(url: str, body: bytes | None = None) -> None:
    """Ask for a page as a browser behind the proxy does, with everything that could identify it."""
    headers = {
        "X-Forwarded-For": f"{MARKS[1]}, {MARKS[0]}",
        "X-Forwarded-Proto": "https",
        "User-Agent": MARKS[2],
        "Referer": f"https://{MARKS[3]}/page",
    }
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        urllib.request.urlopen(request, timeout=60).read()
    except urllib.error.HTTPError as error:
        error.read()


def test_nothing_that_identifies_a_reporter_is_kept(installation: Installation) -> None:
    base = f"{installation.url}/jm"
    for path in ("/", "/report", "/receipt", "/nowhere", "/report?x=%00"):
        visit(base + path)
    for _ in range(14):  # wrong receipts, until the bucket is empty
        visit(f"{base}/receipt", b"receipt=1234567890123456")
    visit(f"{base}/report", b"kind=page&go=send&text=%FF%FE&once=x")
    visit(f"{installation.url}/notice/1-aaaaaaaaaaaaaaaaaaaaaaaaaa", b"once=x")
    page = Browser(installation.url).open("/jm/report").form(having="kind")
    page.fill({"kind": "else", "text": "I found a bad page."}).submit("go=send")
    time.sleep(1)
    installation.stop()

    with sqlite3.connect(installation.data / "leeward.sqlite3") as database:
        kept = "\n".join(database.iterdump())
    assert "sealed1." in kept, "the report itself must be there, or this test sees nothing"
    files = [path for path in installation.data.rglob("*") if path.is_file()]
    everything = kept.encode() + b"".join(path.read_bytes() for path in files)
    for mark in MARKS:
        assert mark.encode() not in everything, f"{mark} was kept"
    assert b"I found a bad page." not in everything
