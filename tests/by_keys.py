"""Somebody who uses keys alone: every key is counted, and every page that is loaded."""

from typing import Any

from tests.browser import Visitor


class Keys:
    """One person's keyboard; `pressed` and `loads` count since `from_here`."""

    def __init__(self, guest: Visitor) -> None:
        self.guest, self.page, self.pressed, self.loads = guest, guest.page, 0, 0
        guest.page.on("load", self._loaded)

    def _loaded(self, _page: Any) -> None:
        self.loads += 1

    def press(self, *keys: str) -> None:
        """Press one key after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def lead(self, *keys: str) -> None:
        """Keys of which the last one leads to another page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])

    def write(self, text: str) -> None:
        """Type a text."""
        self.press(*text)

    def from_here(self) -> None:
        """A new case begins."""
        self.guest.settle()
        self.pressed = self.loads = 0
