"""Whether registries answer this process, and how far its clock is from theirs; kept in memory, for the installation's health."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from statistics import median

# What says that nobody was there, or that we could not get to anybody.
SILENCES = frozenset(
    {"timed_out", "connection_failed", "connection_refused", "name_timed_out", "name_failed", "proxy_failed"}
)
LEAST = 3  # that many in a row, before silence is more than one registry's


@dataclass
class Hearing:
    """The last answers, or how long there has been none. Threads may note at once."""

    silent: int = 0
    silent_since: float = 0.0
    skews: deque[float] = field(default_factory=lambda: deque(maxlen=9))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, problem: str, date: str) -> None:
        """Note one question: what came of it, and the date that the answer bore."""
        with self._lock:
            if problem in SILENCES:
                self.silent_since = self.silent_since if self.silent else time.time()
                self.silent += 1
                return
            self.silent = 0
            if (skew := _skew(date)) is not None:
                self.skews.append(skew)

    def silence(self) -> datetime | None:
        """Return since when no registry has answered; None while they do, or too few were asked to say so."""
        with self._lock:
            return datetime.fromtimestamp(self.silent_since, UTC) if self.silent >= LEAST else None

    def skew_seconds(self) -> float | None:
        """Return by how many seconds this clock is ahead of the registries', by the median of their last answers; None if too
        few told."""
        with self._lock:
            return median(self.skews) if len(self.skews) >= LEAST else None


def _skew(date: str) -> float | None:
    try:
        stated = parsedate_to_datetime(date)
        return (datetime.now(UTC) - stated.replace(tzinfo=stated.tzinfo or UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None


HEARING = Hearing()
