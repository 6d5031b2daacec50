"""Slows down callers who send in bulk: buckets in the memory of one process, never written anywhere.

Unlike `services.allow`, which counts guesses in the database, this must cost next to nothing, since it has to withstand
a flood.
"""

import threading
import time
from collections import OrderedDict

MOST_CALLERS = 20_000  # how many callers are remembered; the least recently seen is forgotten first


class Shaper:
    """A bucket for each caller: `burst` at once, then `per_second`."""

    def __init__(self, *, burst: float, per_second: float) -> None:
        self._burst, self._per_second = burst, per_second
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and as of when
        self._lock = threading.Lock()

    def may_pass(self, caller: str, now: float | None = None) -> bool:
        """Take one token from the bucket of a caller; return False if it is empty."""
        now = time.monotonic() if now is None else now
        with self._lock:
            left, at = self._levels.pop(caller, (self._burst, now))
            left = min(self._burst, left + max(now - at, 0.0) * self._per_second)
            passes = left >= 1
            self._levels[caller] = (left - 1 if passes else left, now)
            if len(self._levels) > MOST_CALLERS:
                self._levels.popitem(last=False)
        return passes
