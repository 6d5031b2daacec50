"""Which decisions of one person somebody else looks at too, without knowing what was found. Pure."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

from leeward.casework.rules.second_look import CLOSING, ILLEGAL, UNSURE

Why = Literal["rate", "training"]
# Where nothing was there to see, a second person sees nothing either.
UNSEEN = ("not_found",)


@dataclass(frozen=True, slots=True)
class Rates:
    """How many of a hundred decisions are drawn: those that found it illegal, those that closed it, and all of somebody who has not
    passed the training set."""

    illegal_percent: int = 5
    closed_percent: int = 10
    untrained_percent: int = 25


RECOMMENDED = Rates()


def reason_to_draw(outcome: str, *, is_trained: bool, number: int, rates: Rates, secret: bytes) -> Why | None:
    """Why this decision is drawn, or None. The same decision has the same answer each time, and nobody can tell it beforehand."""
    if outcome in UNSEEN or outcome not in (ILLEGAL, *CLOSING):
        return None
    place = _place_of(number, secret)
    if place < (rates.illegal_percent if outcome == ILLEGAL else rates.closed_percent):
        return "rate"
    return "training" if not is_trained and place < rates.untrained_percent else None


def _place_of(number: int, secret: bytes) -> float:
    """A decision's place between 0 and 100."""
    digest = hmac.digest(secret, b"quality-sample:%d" % number, hashlib.sha256)
    return int.from_bytes(digest[:8]) / 2**64 * 100


def ends_differ(first: str, second: str) -> bool:
    """Whether two people came to different ends. Who can't tell contradicts nobody."""
    return UNSURE not in (first, second) and (first == ILLEGAL) != (second == ILLEGAL)
