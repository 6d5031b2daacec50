"""A first report in less than five minutes: by keys alone, by touch alone, and over a link of 50 kbit/s with 2 s of delay.

Without a style sheet: tests/web/test_old_browsers.py. What a slow link really takes is measured by hand:
`SLOW_LINK=measure pytest -s tests/journeys/test_first_report.py`.
"""

import gzip
import os
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.browser import Visit
from tests.by_keys import Keys
from tests.personas import Cast
from tests.tap import Tap
from tools.old_browsers import SHEET

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PHONE = (360, 640)
FIVE_MINUTES = 300
SECONDS_A_KEY, SECONDS_A_TAP = 1.5, 6  # of somebody who does it for the first time, reading included
MOST_TABS = 40
DELAY_SECONDS, BYTES_A_SECOND, MOST_SECONDS = 2, 50_000 / 8, 90
MOST_BYTES, MOST_REQUESTS = 40_000, 5
MEASURES = os.environ.get("SLOW_LINK") == "measure"


def _reach(keys: Keys, selector: str) -> None:
    """Go on with the tabulator until this has the focus."""
    for _turn in range(MOST_TABS):
        if keys.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        keys.press("Tab")
    raise AssertionError(f"{selector} is not reached")


def _digits(page: Page) -> str:
    return "".join(page.locator(".words").inner_text().split())


def test_by_keys_alone(cast: Cast, visitor: Visit) -> None:
    guest = visitor(size=PHONE, script=False)
    guest.go("/jm/report")
    keys = Keys(guest)
    _reach(keys, "#k-page")
    keys.press("ArrowDown", "ArrowDown")
    expect(guest.page.locator("#k-me")).to_be_checked()
    _reach(keys, "#young")
    keys.press("Space")
    _reach(keys, "a[href='#step-2']")
    keys.press("Enter")
    _reach(keys, "#t-yes")
    keys.press("Space")
    _reach(keys, "#where")
    keys.write("insta someone_77")
    _reach(keys, "a[href='#step-3']")
    keys.press("Enter")
    _reach(keys, "#text")
    keys.write("He wants money.")
    _reach(keys, "button[value=send]")
    keys.lead("Enter")
    assert len(_digits(guest.page)) == 16
    assert keys.pressed * SECONDS_A_KEY < FIVE_MINUTES, keys.pressed


@pytest.fixture
def fingers(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone without a mouse and without keys."""
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True, java_script_enabled=False
    )
    yield context
    context.close()


def test_by_touch_alone_and_over_a_slow_link(cast: Cast, fingers: BrowserContext, tap: Tap) -> None:
    page, taps, answers = fingers.new_page(), 0, list[Response]()
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - a built-in function is refused
    session = fingers.new_cdp_session(page)
    if MEASURES:
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": DELAY_SECONDS * 1000,
                "downloadThroughput": BYTES_A_SECOND,
                "uploadThroughput": BYTES_A_SECOND,
            },
        )
    began = time.monotonic()
    page.goto(f"http://127.0.0.1:{tap.port}/jm/report")
    for selector, text in (
        ("label[for=k-contact]", ""),
        ("label[for=young]", ""),
        ("a[href='#step-2']:visible", ""),
        ("#where", "snap: someone_77"),
        ("#step-2 .acts a[href='#step-3']", ""),
        ("#text", "He wants money."),
    ):
        page.locator(selector).first.tap()
        page.keyboard.insert_text(text)  # what a phone's own keys do
        taps += 1 + len(text)
    with page.expect_navigation():
        page.locator("button[value=send]").tap()
    assert len(_digits(page)) == 16
    sheet = SHEET.read_bytes()  # the tests' server sends it unpacked, as no other does
    down = tap.answered - len(sheet) + len(gzip.compress(sheet))
    seconds = DELAY_SECONDS * len(answers) + (len(tap.heard) + down) / BYTES_A_SECOND
    print(f"requests {len(answers)}, bytes {len(tap.heard)} up, {down} down, reckoned {seconds:.1f} s"
          f", measured {time.monotonic() - began:.1f} s")  # fmt: skip
    asked = {
        (answer.request.method, answer.url) for answer in answers
    }  # the sheet once: elsewhere it is kept for a year
    assert len(asked) <= MOST_REQUESTS, asked
    assert down < MOST_BYTES
    assert seconds < MOST_SECONDS
    assert (taps + 1) * SECONDS_A_TAP < FIVE_MINUTES
