"""A real browser for tests: Debian's chromium through Playwright, and axe-core for what bars people with disabilities.

`visitor(...)` opens a fresh browser profile on the test server and returns a `Visitor`; `faults()` is what axe found.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, expect, sync_playwright

from tests import axe
from tests.axe import Scheme

# Playwright keeps an event loop in the test's thread; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

QUIET_MS, QUIET_LOOKS = 40, 2
PHONE = (320, 640)
DESKTOP = (1280, 900)
PICTURES = os.environ.get("PICTURES_OF_PAGES", "")
# The machine may be busy: what doesn't come at all is noticed late, what comes late is no fault.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# Chromium notes by itself that a page was answered with an error that is meant.
MEANT = ("400", "404", "409", "422")


def find_chromium() -> str | None:
    """Where a chromium is, or None."""
    named = os.environ.get("LEEWARD_CHROMIUM", "")
    for name in (named, "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    return None


@dataclass
class Visitor:
    """One person with a fresh browser: a page, and every request and answer that it caused."""

    base: str
    context: BrowserContext
    page: Page
    scheme: Scheme = "light"
    requests: list[Request] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)
    answers: list[Response] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def note_request(self, request: Request) -> None:
        """Keep a request."""
        self.requests.append(request)
        self.under_way.add(request)

    def note_end(self, request: Request) -> None:
        """A request has its answer, or will get none."""
        self.under_way.discard(request)

    def note_answer(self, answer: Response) -> None:
        """Keep an answer."""
        self.answers.append(answer)

    def go(self, path: str) -> Response:
        """Open a path of the test server and return the answer."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        return answer

    def press(self, button: str) -> None:
        """Press a button that leads to another page, and wait for that page: a look at the old one would tell nothing."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button).click()

    def settle(self) -> None:
        """Wait until the page and whatever its script asked for at once are there."""
        self.page.wait_for_load_state("load")
        quiet = 0
        while quiet < QUIET_LOOKS:
            self.page.wait_for_timeout(QUIET_MS)
            quiet = 0 if self.under_way else quiet + 1

    def faults(self) -> list[str]:
        """What axe finds on the page as it stands, and of its colours in either scheme: one line a fault, empty if none."""
        before = self._size()
        found = self._judged(*before)
        axe.resize(self.page, *before)
        return found

    def _judged(self, width: int, height: int) -> list[str]:
        return axe.structure(self.page, width, height) + axe.colours(self.page, self.scheme)

    def faults_at_each_size(self) -> list[str]:
        """`faults()`, and of the same page on a desk and on a phone what is cut off or in the way there; colours are judged once.

        The window is as it was when this returns.
        """
        before = self._size()
        found = self._judged(*before)
        found += self._cut_off_at(*DESKTOP)
        found += self._cut_off_at(*PHONE)
        if before[0] != PHONE[0]:
            found += axe.structure_again(self.page, *PHONE)
        axe.resize(self.page, *before)
        return found

    def cut_off(self) -> list[str]:
        """What is wider than the window, on a desk and on a phone; one line a fault."""
        before = self._size()
        found = self._cut_off_at(*DESKTOP) + self._cut_off_at(*PHONE)
        axe.resize(self.page, *before)
        return found

    def _cut_off_at(self, width: int, height: int) -> list[str]:
        if self._size()[0] != width:
            axe.resize(self.page, width, height)
        wider = self.overflow()
        return [f"{wider} pixels wider than a window of {width}"] if wider > 0 else []

    def _size(self) -> tuple[int, int]:
        size = self.page.viewport_size
        return (size["width"], size["height"]) if size else DESKTOP

    def look(self, what: str) -> None:
        """Look at the page as it stands: fails where it bars anybody, is cut off at a size, or its script complained.

        Pictures of it at each size and in each scheme are kept where PICTURES_OF_PAGES names a folder.
        """
        self.settle()
        self.keep(what)
        assert self.faults_at_each_size() == [], what
        assert [said for said in self.complaints if not any(code in said for code in MEANT)] == [], what

    def keep(self, what: str) -> None:
        """Keep a picture of the page at each size and in each scheme, where PICTURES_OF_PAGES names a folder."""
        if not PICTURES:
            return
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        before = self._size()
        schemes: tuple[Scheme, ...] = ("light", "dark")
        for size, scheme in product((DESKTOP, PHONE), schemes):
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            self.page.emulate_media(color_scheme=scheme)
            # Hiding the caret would leave style attributes behind, which the page's policy refuses to copy.
            self.page.screenshot(path=f"{PICTURES}/{what}-{size[0]}-{scheme}.png", full_page=True, caret="initial")
        self.page.emulate_media(color_scheme=self.scheme)
        axe.resize(self.page, *before)

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def weight(self) -> int:
        """Bytes of every body that was loaded, unpacked."""
        return sum(len(answer.body()) for answer in self.answers if answer.ok)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser, started once."""
    own = tmp_path_factory.getbasetemp()
    axe.CLEAN.folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "clean-pages"
    axe.CLEAN.folder.mkdir(exist_ok=True)
    path = find_chromium()
    if path is None:
        pytest.skip("no chromium: apt-get install chromium, or name one in LEEWARD_CHROMIUM")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


def press_when_ready(page: Page) -> None:
    """From now on no key is pressed while a page is loading: its script would not hear it."""
    press = page.keyboard.press

    def when_ready(key: str, **how: Any) -> None:
        page.wait_for_load_state("load")
        press(key, **how)

    page.keyboard.press = when_ready


def arrive(
    browser: Browser,
    base: str,
    *,
    size: tuple[int, int] = DESKTOP,
    scheme: Scheme = "light",
    script: bool = True,
    language: str = "en-GB",
) -> Visitor:
    """A fresh profile on the site at `base`; whoever asks for it closes its context."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        reduced_motion="reduce",  # a colour that is still changing is no colour to be judged
        java_script_enabled=script,
        locale=language,
    )
    guest = Visitor(base, context, context.new_page(), scheme)
    guest.page.set_default_timeout(PATIENCE_MS)
    press_when_ready(guest.page)
    guest.page.on("request", guest.note_request)
    guest.page.on("response", guest.note_answer)
    guest.page.on("requestfinished", guest.note_end)
    guest.page.on("requestfailed", guest.note_end)
    guest.page.on("console", lambda said: guest.complaints.append(said.text) if said.type == "error" else None)
    guest.page.on("pageerror", lambda error: guest.complaints.append(str(error)))
    return guest


type Visit = Callable[..., Visitor]


@pytest.fixture
def visitor(chromium: Browser, live_server: Any) -> Iterator[Visit]:
    """Open a fresh profile: `visitor(size=PHONE, scheme="dark", script=False, base=...)`."""
    opened: list[BrowserContext] = []

    def visit(
        *,
        size: tuple[int, int] = DESKTOP,
        scheme: Scheme = "light",
        script: bool = True,
        language: str = "en-GB",
        base: str = "",
    ) -> Visitor:
        guest = arrive(
            chromium, base or str(live_server.url), size=size, scheme=scheme, script=script, language=language
        )
        opened.append(guest.context)
        return guest

    yield visit
    for context in opened:
        context.close()
