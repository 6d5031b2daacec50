"""The arithmetic of a token bucket. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Level:
    """How full a bucket was, and when."""

    tokens: float
    at: datetime


def take(level: Level, now: datetime, *, per_minute: float, burst: int) -> tuple[bool, Level]:
    """Refill for the elapsed time, then take one token if there is one."""
    minutes = max((now - level.at).total_seconds(), 0.0) / 60
    tokens = min(level.tokens + minutes * per_minute, float(burst))
    if tokens < 1:
        return False, Level(tokens, now)
    return True, Level(tokens - 1, now)
