"""What the answer of a mail server or of a webhook means for a message, and when to try again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from leeward.foundation.clock import next_delay

# Where it ended. "seal" is encrypting, before there is a conversation; up to "recipient" nothing was handed over; "message" is
# DATA and everything after it.
Stage = Literal["seal", "connect", "secure", "log_in", "sender", "recipient", "message"]
Fate = Literal["sent", "later", "dead", "unsure"]
Channel = Literal["smtp", "webhook"]

FIRST_DELAY = timedelta(minutes=1)
MOST_DELAY = timedelta(hours=4)
# A child may be in danger: an urgent mail is tried again every minute, however often it failed.
URGENT_DELAY = timedelta(minutes=1)
# After so many tries the police count as not told of something urgent.
URGENT_TRIES = 2
GIVE_UP_AFTER = timedelta(days=5)
# A webhook has somebody else behind it who can be told instead: a receiver that is away gets a day, one that says no an hour.
WEBHOOK_AWAY, WEBHOOK_REFUSES = timedelta(hours=24), timedelta(hours=1)
GONE = 410
_BUSY = frozenset({408, 425, 429})
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
    channel: Channel = "smtp"
    wait_seconds: int = 0


def fate_of(outcome: Outcome) -> Fate:
    """What becomes of the message.

    A refusal is for good only where the server judged this sender, recipient or message; a server that can't be reached or
    doesn't want us is tried again. After DATA a missing reply leaves open whether the message arrived; after a POST as well,
    but there the receiver knows by the identifier what it has already, so that it can be sent again.
    """
    if outcome.channel == "webhook":
        if 200 <= outcome.code <= 299:
            return "sent"
        return "dead" if outcome.code == GONE else "later"
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


def is_refusal(outcome: Outcome) -> bool:
    """Whether a webhook's receiver was there and said no, or is where we must not go."""
    says_no = 300 <= outcome.code <= 499 and outcome.code not in _BUSY
    return outcome.channel == "webhook" and (says_no or outcome.problem == "hook_not_allowed")


def next_try(
    outcome: Outcome, attempts: int, first_try_at: datetime, now: datetime, *, urgent: bool
) -> timedelta | None:
    """How long to wait before the next try; None when it is time to give up."""
    patience = GIVE_UP_AFTER
    if outcome.channel == "webhook":
        patience = WEBHOOK_REFUSES if is_refusal(outcome) else WEBHOOK_AWAY
    if now - first_try_at >= patience:
        return None
    wished = min(timedelta(seconds=outcome.wait_seconds), MOST_DELAY)
    most = URGENT_DELAY if urgent and outcome.channel == "smtp" else MOST_DELAY
    return max(next_delay(attempts, first=FIRST_DELAY, most=most), wished)
