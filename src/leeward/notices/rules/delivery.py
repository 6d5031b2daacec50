"""What follows from the outcome of handing a message over, and when to try again. What an outcome means says its channel. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from leeward.foundation.clock import next_delay

# Where it ended. "seal" is encrypting, before there is a conversation; up to "recipient" nothing was handed over; "message" is
# the message itself and everything after it.
Stage = Literal["seal", "connect", "secure", "log_in", "sender", "recipient", "message"]
Fate = Literal["sent", "later", "dead", "unsure"]

FIRST_DELAY = timedelta(minutes=1)
MOST_DELAY = timedelta(hours=4)
# A child may be in danger: an urgent mail is tried again every minute, however often it failed.
URGENT_DELAY = timedelta(minutes=1)
# After so many tries the police count as not told of something urgent.
URGENT_TRIES = 2
GIVE_UP_AFTER = timedelta(days=5)
# Longer than the time-outs of the end of a conversation allow: a message that has been `sending` for longer was
# abandoned by its worker.
SENDING_MOST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try ended: where, the server's code (0: none came), and a word for what went wrong ("" if nothing did);
    `status` is the enhanced status of a refusal, `wait_seconds` how long the server asked us to wait, where it said so."""

    stage: Stage
    code: int = 0
    problem: str = ""
    status: str = ""
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Patience:
    """When a message is given up, and how long the next try waits at most unless the receiver asks for longer."""

    give_up_after: timedelta
    most_delay: timedelta


def fate_with(fate: Fate, *, can_go_again: bool) -> Fate:
    """What becomes of a message by a channel's judgement: what may have arrived goes again where a second copy is told from the
    first, and waits for a person elsewhere."""
    return "later" if fate == "unsure" and can_go_again else fate


def next_try(
    outcome: Outcome, patience: Patience, attempts: int, first_try_at: datetime, now: datetime
) -> timedelta | None:
    """How long to wait before the next try; None when it is time to give up."""
    if now - first_try_at >= patience.give_up_after:
        return None
    wished = min(timedelta(seconds=outcome.wait_seconds), MOST_DELAY)
    return max(next_delay(attempts, first=FIRST_DELAY, most=patience.most_delay), wished)
