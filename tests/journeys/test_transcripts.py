"""What a screen reader says on five journeys, kept as text to be read and compared: whoever changes a page reads it anew.

`TRANSCRIPTS=write pytest tests/journeys/test_transcripts.py` writes them.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload

from leeward.people.models import Portal
from tests.browser import PHONE, Visit, Visitor
from tests.intake.walk import Walk, report
from tests.matching.pictures import picture, saved
from tests.personas import Cast
from tests.transcript import transcript

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
KEPT = Path(__file__).parent / "transcripts"
WRITES = os.environ.get("TRANSCRIPTS") == "write"


class Heard:
    """A journey as it is heard, screen by screen."""

    def __init__(self, guest: Visitor) -> None:
        self.guest, self.screens = guest, list[str]()

    def screen(self, what: str) -> None:
        """Listen to what is there now."""
        self.screens.append(f"=== {what}\n{transcript(self.guest.page, whole=not self.screens)}\n")

    def report(self, kind: str, *, young: bool, text: str, threat: str = "") -> None:
        """The form from the first step to the receipt."""
        page = self.guest.page
        self.guest.go("/jm/report")
        page.locator(f"label[for=k-{kind}]").click()
        page.locator("#young").set_checked(young)
        self.screen("report, step 1")
        page.get_by_role("link", name="Continue").click()
        if threat:
            page.locator(f"label[for=t-{threat}]").click()
        page.locator("#where").fill("instagram someone_77")
        self.screen("report, step 2")
        page.locator("#step-2 .acts a").first.click()
        page.locator("#text").fill(text)
        self.screen("report, step 3")
        self.guest.press("Send the report")
        self.screen("receipt")


def _threatened(heard: Heard) -> None:
    heard.report("contact", young=True, text="Somebody wants money.")


def _my_picture(heard: Heard) -> None:
    page = heard.guest.page
    heard.guest.go("/jm/my-picture")
    heard.screen("my picture, before a choice")
    data = saved(picture(320, 240, 3), "PNG").getvalue()
    page.set_input_files("#files", FilePayload(name="a.png", mimeType="image/png", buffer=data))
    page.locator("#send:not([hidden])").wait_for()
    heard.screen("my picture, fingerprints are ready")
    for choice in ("young-yes", "h-shared", "w-quiet"):
        page.check(f"#{choice}")
    heard.guest.press("Send the fingerprints")
    heard.screen("receipt")


def _danger(heard: Heard) -> None:
    heard.report("danger", young=False, text="At a house near the harbour.")


def _saw_something(heard: Heard) -> None:
    page = heard.guest.page
    heard.guest.go("/jm/report#step-3")
    heard.guest.press("Send the report")
    heard.screen("nothing was chosen")
    page.locator("label[for=k-page]").click()
    page.get_by_role("link", name="Continue").first.click()
    page.locator("#where").fill("http://a.example/1\nblue_kite")
    heard.guest.press("Check what I’ve entered")
    heard.screen("what was entered")
    page.locator("a[href='#step-3']:visible").first.click()
    heard.guest.press("Send the report")
    if not page.locator(".words").count():
        heard.screen("one question before")
        page.locator("a[href='#step-3']:visible").first.click()
        heard.guest.press("Send the report")
    heard.screen("receipt")


def _receipt(heard: Heard) -> None:
    digits = report(Walk(), kind="me", threat="yes", young="1", text="He wants more.")
    heard.guest.go("/jm/receipt")
    heard.screen("where the digits go")
    heard.guest.page.locator("input[name=receipt]").fill(digits)
    with heard.guest.page.expect_navigation():
        heard.guest.page.locator("input[name=receipt]").press("Enter")
    heard.screen("how it stands")


JOURNEYS = {
    "threatened": _threatened,
    "my-picture": _my_picture,
    "danger": _danger,
    "saw-something": _saw_something,
    "receipt": _receipt,
}


def test_five_journeys_sound_as_they_were_read(cast: Cast, visitor: Visit) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(own_picture="wish")
    differs = []
    for name, journey in JOURNEYS.items():
        heard = Heard(visitor(size=PHONE))
        journey(heard)
        kept, text = KEPT / f"{name}.txt", "\n".join(heard.screens)
        if WRITES:
            KEPT.mkdir(exist_ok=True)
            kept.write_text(text, encoding="utf-8")
        elif kept.read_text(encoding="utf-8") != text:
            old = kept.read_text(encoding="utf-8").splitlines()
            new = [line for line in text.splitlines() if line not in old]
            gone = [line for line in old if line not in text.splitlines()]
            differs.append(f"{name}: new {new[:6]}, gone {gone[:6]}")
    assert not differs, "read them anew, then TRANSCRIPTS=write: " + "; ".join(differs)
