"""The public pages in Firefox: a report, and a person's own picture, whose fingerprints are the same as anywhere."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope
from pytest_django.live_server_helper import LiveServer

from leeward.intake.models import Report
from leeward.people.models import Portal
from tests.firefox import Firefox
from tests.intake.test_fingerprints_in_a_browser import SCRIPT, is_ours, large_files, small_files
from tests.intake.test_own_picture_proof import MAKER, NAME, marked
from tests.matching.pictures import picture, saved
from tests.personas import Cast
from tests.tap import Tap, runs_of

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PAGE = """<!DOCTYPE html><meta charset="utf-8"><input type="file" id="file"><textarea id="found"></textarea><script>%s
document.getElementById("file").onchange = async (chosen) => {
  document.getElementById("found").value = JSON.stringify(await OwnPicture.ofFile(chosen.target.files[0]));
};</script>"""
READY = "document.querySelector('#send:not([hidden])')"


@pytest.fixture
def offered(cast: Cast) -> Iterator[Cast]:
    """The cast, with a portal that offers the page of an own picture."""
    Portal.objects.filter(pk=cast.portal_id).update(own_picture="wish")
    with scope(hotline=cast.hotline_id):
        yield cast


def _found(firefox: Firefox, folder: Path, data: bytes) -> dict[str, Any]:
    file = folder / hashlib.sha256(data).hexdigest()
    file.write_bytes(data)
    firefox.run("document.getElementById('found').value = ''; document.getElementById('file').value = ''")
    firefox.type("#file", str(file))
    firefox.wait("document.getElementById('found').value")
    found: dict[str, Any] = json.loads(firefox.run("return document.getElementById('found').value"))
    return found


def _choose(firefox: Firefox, *answers: str) -> None:
    for answer in answers:
        firefox.run("document.getElementById(arguments[0]).click()", answer)


def test_its_hashes_are_ours(firefox: Firefox, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE % SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    firefox.go(page.as_uri())
    for files, within in ((small_files(), 0), (large_files(), 4)):
        for data in files:
            found = _found(firefox, tmp_path, data)
            assert found["sha256"] == hashlib.sha256(data).hexdigest()
            is_ours(found, data, within=within)
    firefox.prefer("privacy.resistFingerprinting", True)  # as Tor Browser does
    try:
        firefox.go(page.as_uri())
        found = _found(firefox, tmp_path, saved(picture(300, 200, 1), "JPEG").getvalue())
    finally:
        firefox.prefer("privacy.resistFingerprinting", None)
    assert (found["looks"], found["why"]) == ([], "canvas")


def test_nothing_of_the_picture_leaves_it(offered: Cast, firefox: Firefox, tap: Tap, tmp_path: Path) -> None:
    data = marked(picture(640, 480, seed=21))
    (tmp_path / NAME).write_bytes(data)
    firefox.go(f"http://127.0.0.1:{tap.port}/jm/my-picture")
    firefox.type("#files", str(tmp_path / NAME))
    firefox.wait(READY)
    assert firefox.text("#told") == "Fingerprints that are ready: 4"
    _choose(firefox, "young-yes", "h-shared", "w-quiet")
    firefox.click("#send button")
    assert len(firefox.text(".words span")) == 16
    heard = bytes(tap.heard)
    assert hashlib.sha256(data).hexdigest().encode() in heard
    assert not runs_of(data) & runs_of(heard)
    for word in (NAME, MAKER, str(len(data))):
        assert word.encode() not in heard


def test_the_saved_page_works_without_the_network_until_it_is_sent(
    offered: Cast, firefox: Firefox, live_server: LiveServer, client: Any, tmp_path: Path
) -> None:
    """From the disk, where a browser says of a form that it comes from nowhere."""
    host = live_server.url.partition("//")[2]
    page = tmp_path / "page.html"
    page.write_bytes(client.get("/jm/my-picture?file=1", headers={"host": host}).content)
    (tmp_path / "a.png").write_bytes(saved(picture(320, 240, seed=22), "PNG").getvalue())
    firefox.go(page.as_uri())
    firefox.type("#files", str(tmp_path / "a.png"))
    firefox.wait(READY)
    _choose(firefox, "young-yes", "w-quiet")
    firefox.click("#send button")
    assert not Report.objects.exists(), "it has no key yet: the same form is shown to be sent once more"
    assert firefox.text("#told") == "Fingerprints that are ready: 3"
    firefox.click("#send button")
    assert len(firefox.text(".words span")) == 16
    assert Report.objects.get().wish == "quiet"


def test_a_report_without_a_script(cast: Cast, firefox: Firefox, live_server: LiveServer) -> None:
    """Steps, a look at what was entered, the receipt, and what a reload and Back show."""
    firefox.prefer("javascript.enabled", False)
    try:
        firefox.go(f"{live_server.url}/jm/report")
        firefox.click("label[for=k-page]")
        firefox.click("a[href='#step-2']")
        firefox.type("#where", "http://a.example/1")
        firefox.click("#step-2 button[formaction$='#found']")
        assert "We recognised one thing" in firefox.text("#found")
        firefox.click("a[href='#step-3']")
        firefox.click("button[value=send]")
        digits = firefox.text(".words")
        assert len("".join(digits.split())) == 16
        firefox.ask("WebDriver:Refresh")
        assert firefox.text(".words") == digits
        with pytest.raises(AssertionError, match="notCached"):  # nobody who presses Back reads what was typed
            firefox.ask("WebDriver:Back")
    finally:
        firefox.prefer("javascript.enabled", None)
    with scope(hotline=cast.hotline_id):
        assert Report.objects.count() == 1
