"""Whether what reads text from outside takes time in proportion to its length, whatever stands in it.

Counted is the processor time of this thread, never the time on the wall: a busy machine stretches both sizes alike, and what is
over the bound is measured again before it counts. Four times the length may cost eleven times as much: linear work costs four,
nine once many small objects no longer fit the cache of a busy machine; quadratic work costs sixteen.
"""

import gc
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

LEAST, MOST = 1000, 130_000
ENOUGH_SECONDS = 0.002
TIMES, MOST_RATIO, TRIES = 4, 11.0, 4

type Shape = Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader, the shapes that it is fed, and the longest that it ever gets."""

    name: str
    read: Callable[[Any], object]
    shapes: dict[str, Shape] = field(default_factory=dict)
    most: int = MOST
    least: int = LEAST


def cost(read: Callable[[Any], object], content: Any) -> float:
    """How many seconds of the processor reading takes; what it raises is an answer too."""
    gc.disable()
    try:
        start = time.thread_time()
        with suppress(Exception):
            read(content)
        return time.thread_time() - start
    finally:
        gc.enable()


def ratio(read: Callable[[Any], object], shape: Shape, *, least: int = LEAST, most: int = MOST) -> float:
    """How many times as much four times the length costs, at the first length that costs enough to be measured; 0 where the
    longest that is ever read costs too little."""
    size = least
    while (once := cost(read, shape(size))) < ENOUGH_SECONDS:
        size *= 2
        if size > most:
            return 0.0
    best = float("inf")
    small, large = shape(size), shape(TIMES * size)
    for _ in range(TRIES):
        best = min(best, cost(read, large) / min(once, cost(read, small)))
        if best <= MOST_RATIO:
            break
        once = cost(read, small)
    return best
