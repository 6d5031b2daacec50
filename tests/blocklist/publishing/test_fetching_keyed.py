"""The script of docs/how-to/squid.md against our own server: the keyed list and its keys, over the turn of a month."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leeward.blocklist.publishing.models import Publication
from tests.blocklist.publishing.conftest import House
from tests.blocklist.servers.pages import blocks, filled
from tests.blocklist.test_squid_helper import Helper

pytestmark = pytest.mark.django_db(transaction=True)


def fetch(folder: Path, server: str) -> int:
    page = blocks("squid.md")
    values = {"https://lists.hotline.example": server, "/var/lib/leeward": str(folder)}
    (folder / "script").write_text(filled(page["fetch-leeward"], values))
    return subprocess.run(["sh", folder / "script"], check=False, timeout=60).returncode


def publish_in(house: House, month: int) -> None:
    made = house.publish().published
    assert made
    Publication.objects.filter(pk=made.id).update(at=datetime(2026, month, 3, tzinfo=UTC))


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl: apt-get install curl")
def test_the_helper_goes_on_blocking_when_a_month_turns(house: House, live_server, tmp_path: Path) -> None:
    _, key = house.subscribe()
    (tmp_path / "leeward.header").write_text(blocks("squid.md")["leeward.header"].replace("YOUR-TOKEN", key))
    publish_in(house, 11)
    assert fetch(tmp_path, live_server.url) == 0
    helper = Helper("--list", tmp_path / "leeward.list", "--key-file", tmp_path / "leeward.key")
    page, new = "0 GET http://pages.example/folder/page.html", "0 GET http://new.example/"
    assert [helper.ask(page), helper.ask(new)] == ["0 OK", "0 ERR"]
    house.list_entry("domain", "http://new.example/")
    publish_in(house, 12)
    for _ in range(2):  # the second time nothing is new
        assert fetch(tmp_path, live_server.url) == 0
        assert [helper.ask(page), helper.ask(new)] == ["0 OK", "0 OK"]
    assert [line.split()[0] for line in (tmp_path / "leeward.key").read_text().splitlines()] == ["2026-11", "2026-12"]
    (tmp_path / "leeward.header").write_text("Authorization: Bearer wrong\n")
    assert fetch(tmp_path, live_server.url) != 0
    assert helper.ask(page) == "0 OK"
    assert helper.end() == (0, "")
