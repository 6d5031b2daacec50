"""A list that several threads fill and others wait on."""

import threading
import time
from collections.abc import Callable

from leeward.demo.world.errors import NothingCame


class Log[T]:
    """What a server has seen, in order; every method may be called from any thread."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._seen: list[T] = []
        self._changed = threading.Condition()

    def add(self, entry: T) -> None:
        """Add an entry and wake all waiting threads."""
        with self._changed:
            self._seen.append(entry)
            self._changed.notify_all()

    def all(self) -> list[T]:
        """Return a copy of everything seen so far."""
        with self._changed:
            return list(self._seen)

    def clear(self) -> None:
        """Forget everything."""
        with self._changed:
            self._seen.clear()

    def wait_for(self, predicate: Callable[[T], bool], timeout_seconds: float) -> T:
        """Return the first entry, past or future, that fits; raise NothingCame after `timeout_seconds`."""
        end = time.monotonic() + timeout_seconds
        position = 0
        with self._changed:
            while True:
                position = min(position, len(self._seen))
                for entry in self._seen[position:]:
                    position += 1
                    if predicate(entry):
                        return entry
                left = end - time.monotonic()
                if left <= 0:
                    raise NothingCame(what=self._what, seconds=timeout_seconds)
                self._changed.wait(left)
