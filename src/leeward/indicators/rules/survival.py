"""The share of what is still up after so many hours, with an interval: the estimate of Kaplan and Meier. Pure.

Times are grouped. What was seen to be gone within a span counts at its end, and so does what was watched no longer than that; by
the usual convention it was still watched when the others went. So the estimate is the one that any program makes of times rounded
up to the ends of the spans.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

FEWEST_WATCHED = 10
_Z = 1.959963984540054  # 95 %
_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the curve: the share that is still up, and what it is at least and at most with 95 % confidence."""

    middle: float
    lower: float
    upper: float


def curve_of(whole: int, gone: Sequence[int], left: Sequence[int]) -> list[Point | None]:
    """Return a point for the end of each span: of `whole` things, in each span some were `gone`, and some `left` unwatched.

    None, and for all spans after it, where fewer than ten were still watched. The interval is that of log(-log) with Greenwood's
    variance (Kalbfleisch and Prentice, “The Statistical Analysis of Failure Time Data”, 1980); while nothing is gone, or when
    nothing is left, where that has none, the exact binomial one of those watched in the span.
    """
    points: list[Point | None] = []
    watched, share, variance = whole, 1.0, 0.0
    for removed, censored in zip(gone, left, strict=True):
        if watched < FEWEST_WATCHED:
            points.append(None)
            continue
        before = share
        share *= 1 - removed / watched
        if removed < watched:
            variance += removed / (watched * (watched - removed))
        points.append(_point(share, variance, before=before, watched=watched))
        watched -= removed + censored
    return points


def _point(share: float, variance: float, *, before: float, watched: int) -> Point:
    if share == 1:
        return Point(1.0, _TAIL ** (1 / watched), 1.0)
    if share == 0:
        return Point(0.0, 0.0, before * (1 - _TAIL ** (1 / watched)))
    spread = _Z * sqrt(variance) / abs(log(share))
    return Point(share, share ** exp(spread), share ** exp(-spread))
