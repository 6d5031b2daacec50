"""A clock that can be set: Python imports this first in every process of the installation, since its folder is in PYTHONPATH.

The file that `CHAOS_CLOCK` names says how many seconds the clock is ahead. Only the calendar jumps; monotonic clocks go on, as on a
machine whose time is set.
"""

import datetime as standard
import os
import time
from typing import Self

REAL, REAL_TIME, REAL_TIME_NS = standard.datetime, time.time, time.time_ns
_read = [0, 0.0]


def ahead() -> float:
    """Return how many seconds this clock is ahead."""
    try:
        changed = os.stat(os.environ["CHAOS_CLOCK"]).st_mtime_ns
        if changed != _read[0]:
            with open(os.environ["CHAOS_CLOCK"], encoding="ascii") as file:
                _read[:] = changed, float(file.read())
    except (OSError, ValueError):
        pass  # as it was read last
    return _read[1]


class _EveryTime(type):
    """Times that were made before are times, too."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, REAL)


class SetTime(REAL, metaclass=_EveryTime):
    """The standard class with another now."""

    @classmethod
    def now(cls, tz: standard.tzinfo | None = None) -> Self:
        """Return what the clock says."""
        return super().now(tz) + standard.timedelta(seconds=ahead())


if "CHAOS_CLOCK" in os.environ:
    standard.datetime = SetTime
    time.time = lambda: REAL_TIME() + ahead()
    time.time_ns = lambda: REAL_TIME_NS() + int(ahead() * 1e9)
