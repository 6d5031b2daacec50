"""What the answer of a webhook receiver means. Pure."""

from datetime import timedelta

from leeward.notices.rules.bounces import Grade, grade_of_post
from leeward.notices.rules.delivery import MOST_DELAY, Fate, Outcome, Patience

# Somebody else can be told instead, so an unreachable receiver gets a day, and one that refuses an hour.
AWAY, REFUSES = timedelta(hours=24), timedelta(hours=1)
GONE = 410
_BUSY = frozenset({408, 425, 429})


def fate_of(outcome: Outcome) -> Fate:
    """Return the notice's fate: without an answer it may have arrived."""
    if 200 <= outcome.code <= 299:
        return "sent"
    if outcome.stage == "message" and not outcome.code:
        return "unsure"
    return "dead" if outcome.code == GONE else "later"


def is_refusal(outcome: Outcome) -> bool:
    """Return whether the receiver answered and refused, or is at an address that isn't allowed."""
    is_rejection = 300 <= outcome.code <= 499 and outcome.code not in _BUSY
    return is_rejection or outcome.problem == "hook_not_allowed"


def grade_of(outcome: Outcome) -> Grade:
    """Return how serious a failed post is for the contact."""
    return grade_of_post(outcome.code, is_refusal=is_refusal(outcome))


def patience(outcome: Outcome) -> Patience:
    """Return how long a receiver is retried."""
    return Patience(REFUSES if is_refusal(outcome) else AWAY, MOST_DELAY)
