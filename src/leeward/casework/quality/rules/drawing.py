"""Which decisions of one person are drawn for a blind assessment by somebody else. Pure."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

from leeward.casework.assessment.rules.second_assessment import CLOSING, ILLEGAL

Why = Literal["rate", "training", "bulk"]
# If there was nothing to see, a second person sees nothing either.
UNSEEN = ("not_found",)
# The share drawn of cases that were assessed together with one statement of facts.
ONE_IN = 10


@dataclass(frozen=True, slots=True)
class Rates:
    """The percentages of decisions that are drawn: of illegal ones, of closed ones, and of everything decided by
    somebody who has not passed the training set.
    """

    illegal_percent: int = 5
    closed_percent: int = 10
    untrained_percent: int = 25


RECOMMENDED = Rates()


def reason_to_draw(outcome: str, *, is_trained: bool, number: int, rates: Rates, secret: bytes) -> Why | None:
    """Return why this decision is drawn, or None. The answer is always the same for the same decision, and nobody can
    predict it.
    """
    if outcome in UNSEEN or outcome not in (ILLEGAL, *CLOSING):
        return None
    place = _place_of(number, secret)
    if place < (rates.illegal_percent if outcome == ILLEGAL else rates.closed_percent):
        return "rate"
    return "training" if not is_trained and place < rates.untrained_percent else None


def is_drawn_of_bulk(outcome: str, *, run: int, rank: int, many: int, rates: Rates, secret: bytes) -> bool:
    """Return whether the case at index `rank` of `many` that were assessed together is drawn: one in ten, at least one,
    and unpredictable. If a hotline's rate for an outcome is zero, none of them is drawn either.
    """
    rate = rates.illegal_percent if outcome == ILLEGAL else rates.closed_percent
    if many < 2 or not rate or outcome in UNSEEN or outcome not in (ILLEGAL, *CLOSING):
        return False
    first = int.from_bytes(hmac.digest(secret, b"quality-bulk:%d" % run, hashlib.sha256)[:8]) % min(many, ONE_IN)
    return rank % ONE_IN == first


def _place_of(number: int, secret: bytes) -> float:
    """Return a decision's position between 0 and 100."""
    digest = hmac.digest(secret, b"quality-sample:%d" % number, hashlib.sha256)
    return int.from_bytes(digest[:8]) / 2**64 * 100
