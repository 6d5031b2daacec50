"""One person on a journey, who looks at each page and state with a name: at both sizes and in both schemes, whatever their own."""

from tests.browser import Visitor


class Look:
    """A person with a browser; the pictures of what they saw are in order, where somebody asked for them."""

    def __init__(self, guest: Visitor, who: str) -> None:
        self.guest, self.page, self.who, self.looks = guest, guest.page, who, 0

    def go(self, path: str, what: str = "") -> None:
        """Open a page, and look where it has a name."""
        self.guest.go(path)
        if what:
            self.at(what)

    def at(self, what: str) -> None:
        """Look at the page as it stands."""
        self.looks += 1
        self.guest.look(f"{self.who}-{self.looks:02d}-{what}")
