"""A real browser for tests: Debian's chromium through Playwright, and axe-core for what bars people with disabilities.

`visitor(...)` opens a fresh browser profile on the test server and returns a `Visitor`; `faults()` is what axe found.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, sync_playwright

# Playwright keeps an event loop in the test's thread; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only violations are described and sent back: what passed and what did not apply is most of the work otherwise.
# It loads every stylesheet a second time for one rule, on pages that lock the screen's turning; our one stylesheet never asks how
# the screen is held.
AXE_RUN = """([where, what, rules]) => axe.run(where, {runOnly: what, rules, resultTypes: ['violations'], preload: false})
    .then(found => found.violations)"""
ALL_RULES = {"type": "tag", "values": AXE_TAGS}
OF_COLOUR = ["color-contrast", "link-in-text-block"]
RULES_OF_COLOUR = {"type": "rule", "values": OF_COLOUR}
NO_COLOUR = {rule: {"enabled": False} for rule in OF_COLOUR}
EVERYTHING = {"include": [["html"]]}
# Judging a colour is most of the work, and the tenth row has those of the rows before it.
NO_LONG_LISTS = EVERYTHING | {"exclude": [["tr:nth-child(n+10)"], ["li:nth-child(n+16)"]]}
QUIET_MS, QUIET_LOOKS = 40, 2
PHONE = (320, 640)
DESKTOP = (1280, 900)
PICTURES = os.environ.get("PICTURES_OF_PAGES", "")
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
    scheme: Literal["light", "dark"] = "light"
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

    def settle(self) -> None:
        """Wait until the page and whatever its script asked for at once are there."""
        self.page.wait_for_load_state("load")
        quiet = 0
        while quiet < QUIET_LOOKS:
            self.page.wait_for_timeout(QUIET_MS)
            quiet = 0 if self.under_way else quiet + 1

    def faults(self) -> list[str]:
        """What axe finds on the page as it stands, and of its colours in the other scheme: one line a fault, empty if none."""
        self.page.evaluate(AXE)
        found = self._structure() + self._colours()
        self.page.emulate_media(color_scheme="light" if self.scheme == "dark" else "dark")
        found += self._colours()
        self.page.emulate_media(color_scheme=self.scheme)
        return found

    def faults_at_each_size(self) -> list[str]:
        """`faults()`, and of the same page on a desk and on a phone what is cut off or in the way there; colours are judged once.

        The window is as it was when this returns.
        """
        found = self.faults()
        before = self.page.viewport_size or {"width": DESKTOP[0], "height": DESKTOP[1]}
        for size in (DESKTOP, PHONE):
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            if (wider := self.overflow()) > 0:
                found.append(f"{wider} pixels wider than a window of {size[0]}")
        if before["width"] != PHONE[0]:
            found += self._structure()
        self.page.set_viewport_size(before)
        return found

    def look(self, what: str) -> None:
        """Look at the page as it stands: fails where it bars anybody, is cut off at a size, or its script complained.

        Pictures of it at each size and in each scheme are kept where PICTURES_OF_PAGES names a folder.
        """
        self.settle()
        if PICTURES:
            self._keep(what)
        assert self.faults_at_each_size() == [], what
        assert [said for said in self.complaints if not any(code in said for code in MEANT)] == [], what

    def _keep(self, what: str) -> None:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        before = self.page.viewport_size or {"width": DESKTOP[0], "height": DESKTOP[1]}
        schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
        for size, scheme in product((DESKTOP, PHONE), schemes):
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            self.page.emulate_media(color_scheme=scheme)
            # Hiding the caret would leave style attributes behind, which the page's policy refuses to copy.
            self.page.screenshot(path=f"{PICTURES}/{what}-{size[0]}-{scheme}.png", full_page=True, caret="initial")
        self.page.emulate_media(color_scheme=self.scheme)
        self.page.set_viewport_size(before)

    def _structure(self) -> list[str]:
        # In a window as high as the page: what sticks to an edge of a lower one half covers whatever happens to be under it there.
        size = self.page.viewport_size or {"width": DESKTOP[0], "height": DESKTOP[1]}
        whole = int(self.page.evaluate("document.documentElement.scrollHeight"))
        self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], whole)})
        found = self._axe(EVERYTHING, ALL_RULES, NO_COLOUR)
        self.page.set_viewport_size(size)
        return found

    def _colours(self) -> list[str]:
        return self._axe(NO_LONG_LISTS, RULES_OF_COLOUR, {})

    def _axe(self, where: dict[str, Any], what: dict[str, Any], rules: dict[str, Any]) -> list[str]:
        found: list[dict[str, Any]] = self.page.evaluate(AXE_RUN, [where, what, rules])
        return [
            f"{fault['id']} ({fault['impact']}): {node['html'][:200]} {node['failureSummary']}"
            for fault in found
            for node in fault["nodes"]
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def weight(self) -> int:
        """Bytes of every body that was loaded, unpacked."""
        return sum(len(answer.body()) for answer in self.answers if answer.ok)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    path = find_chromium()
    if path is None:
        pytest.skip("no chromium: apt-get install chromium, or name one in LEEWARD_CHROMIUM")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


def arrive(
    browser: Browser,
    base: str,
    *,
    size: tuple[int, int] = DESKTOP,
    scheme: Literal["light", "dark"] = "light",
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
    guest.page.set_default_timeout(15_000)
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
        scheme: Literal["light", "dark"] = "light",
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
