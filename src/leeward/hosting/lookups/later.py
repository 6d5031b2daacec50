"""A server that wants to be asked later: neither an answer nor silence; and how long one thread goes on asking."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

# How soon a server is asked for which there was no time.
AFTER_HASTE = timedelta(minutes=5)


class AskLater(Exception):
    """Raised instead of asking: not before `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat(timespec="seconds"))
        self.at = at


class Patience(threading.local):
    """How long this thread still asks: each server has its own time-out, but there can be many of them."""

    until: float = math.inf

    @contextmanager
    def lasting(self, seconds: float) -> Iterator[None]:
        """Begin no question in this block after so many seconds: every later one raises AskLater."""
        before, self.until = self.until, min(self.until, time.monotonic() + seconds)
        try:
            yield
        finally:
            self.until = before

    def require(self) -> None:
        """Raise AskLater if the time is over."""
        if time.monotonic() >= self.until:
            raise AskLater(datetime.now(UTC) + AFTER_HASTE)


PATIENCE = Patience()
