"""A clock that can be moved forward: a request that is a day late arrives a day later, and nobody waits for it.

Only a process of the simulation takes it, before anything else is loaded: everything that is imported afterwards reads it.
"""

import datetime as standard
from datetime import timedelta
from typing import Self

REAL = standard.datetime


class _EveryTime(type):
    """Times that were made before the clock was taken are times, too."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, REAL)


class MovedTime(REAL, metaclass=_EveryTime):
    """The standard class with another now."""

    ahead = timedelta(0)

    @classmethod
    def now(cls, tz: standard.tzinfo | None = None) -> Self:
        """Return the moved time."""
        return super().now(tz) + cls.ahead


def take(ahead: float) -> None:
    """Replace the clock of this process by one that is so many seconds ahead."""
    move(ahead)
    standard.datetime = MovedTime  # type: ignore[misc]


def move(seconds: float) -> None:
    """Move it forward."""
    MovedTime.ahead += timedelta(seconds=seconds)
