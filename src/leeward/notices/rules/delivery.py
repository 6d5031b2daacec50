"""What a mail server's reply means for a message, and when to try again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from leeward.ground.clock import next_delay

# Where it ended. "seal" is encrypting, before there is a conversation; up to "recipient" nothing was handed over; "message" is
# DATA and everything after it.
Stage = Literal["seal", "connect", "secure", "log_in", "sender", "recipient", "message"]
Fate = Literal["sent", "later", "dead", "unsure"]

FIRST_DELAY = timedelta(minutes=1)
MOST_DELAY = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(days=5)
# Longer than the time-outs of the end of a conversation allow: a message that has been `sending` for longer was
# abandoned by its worker.
SENDING_MOST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try ended: where, the server's code (0: none came), and a word for what went wrong ("" if nothing did);
    `status` is the enhanced status of a refusal, where the server gave one."""

    stage: Stage
    code: int = 0
    problem: str = ""
    status: str = ""


def fate_of(outcome: Outcome) -> Fate:
    """What becomes of the message.

    A refusal is for good only where the server judged this sender, recipient or message; a server that can't be reached or
    doesn't want us is tried again. After DATA a missing reply leaves open whether the message arrived.
    """
    if outcome.stage == "seal":
        return "dead"
    judged = outcome.stage in ("sender", "recipient", "message")
    if outcome.stage == "message" and not outcome.problem:
        return "sent"
    if outcome.stage == "message" and not 400 <= outcome.code <= 599:
        return "unsure"
    return "dead" if judged and 500 <= outcome.code <= 599 else "later"


def is_recipients_fault(outcome: Outcome) -> bool:
    """Whether the recipient's address is what the server refused, for good or for now."""
    return outcome.stage == "recipient" and 400 <= outcome.code <= 599


def next_try(attempts: int, first_try_at: datetime, now: datetime) -> timedelta | None:
    """How long to wait before the next try; None when it is time to give up."""
    if now - first_try_at >= GIVE_UP_AFTER:
        return None
    return next_delay(attempts, first=FIRST_DELAY, most=MOST_DELAY)
