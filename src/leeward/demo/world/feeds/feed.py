"""What the collections have in common: moods, pages, and a clock that a test can set."""

import threading
import time
from abc import abstractmethod
from typing import Any

from leeward.demo.world.web import Answer, Request, WebServer

UNAUTHORISED = Answer(401, b"who are you?", "text/plain")


class HashFeed(WebServer):
    """A collection whose entries are dictionaries; `next` sets the coming answers, `replied` holds the feedback received."""

    def __init__(self, *, port: int = 0, page_size: int = 100) -> None:
        super().__init__(port=port)
        self.page_size = page_size
        self.entries: dict[str, dict[str, Any]] = {}
        self.replied: list[dict[str, str]] = []
        self._moods: list[Answer | None] = []
        self._lock = threading.Lock()
        self.clock = int(time.time()) - 1000

    def next(self, *answers: Answer | None) -> None:
        """Answer the next requests like this; None stands for the usual answer."""
        with self._lock:
            self._moods.extend(answers)

    def tick(self) -> int:
        """Return the time of the next change, later than all earlier ones."""
        with self._lock:
            self.clock += 1
            return self.clock

    def put(self, number: str, *, at: int | None = None, **what: Any) -> None:
        """Add an entry, or replace it. `at`: its time stamp, where it appears later than that says."""
        self.entries[number] = {"at": self.tick() if at is None else at, "gone": False, **what}

    def delete(self, number: str) -> None:
        """Withdraw an entry; that it existed stays known."""
        self.entries[number] |= {"at": self.tick(), "gone": True}

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """Return the normal answer of the collection."""

    def respond(self, request: Request) -> Answer:
        with self._lock:
            mood = self._moods.pop(0) if self._moods else None
        return mood if mood is not None else self.answer(request)

    def changed(self, since: int, until: int = 1 << 40) -> list[tuple[str, dict[str, Any]]]:
        """Return the changes in a time span, oldest first."""
        found = [(number, one) for number, one in self.entries.items() if since <= one["at"] <= until]
        return sorted(found, key=lambda pair: (pair[1]["at"], pair[0]))
