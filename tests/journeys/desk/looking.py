"""Looking at a page on a journey: nothing that bars anybody, nothing wider than the window, no complaint; a picture of it."""

import os
from pathlib import Path

from tests.browser import Visitor

PICTURES = os.environ.get("PICTURES_OF_PAGES", "")


class Look:
    """One person on a journey; a picture of each state is kept where the environment names a folder."""

    def __init__(self, guest: Visitor, who: str) -> None:
        self.guest, self.page, self.who, self.looks = guest, guest.page, who, 0

    def go(self, path: str, what: str = "") -> None:
        """Open a page, and look where it has a name."""
        self.guest.go(path)
        if what:
            self.at(what)

    def at(self, what: str) -> None:
        """Look at the page as it stands."""
        self.guest.settle()
        self.looks += 1
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            size = self.page.viewport_size or {"width": 0}
            name = f"{self.who}-{self.looks:02d}-{what}-{size['width']}-{self.guest.scheme}.png"
            # Hiding the caret would leave style attributes behind, which the page's policy refuses to copy.
            self.page.screenshot(path=f"{PICTURES}/{name}", full_page=True, caret="initial")
        assert self.guest.faults() == [], what
        assert self.guest.overflow() <= 0, what
        # Chromium notes by itself that a page was answered with an error that is meant.
        meant = ("400", "404", "409", "422")
        assert [said for said in self.guest.complaints if not any(code in said for code in meant)] == [], what
