"""What follows from the outcome of a delivery attempt, and when to retry. Each channel says what its outcomes mean. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from leeward.foundation.clock import next_delay

# The stage where it ended. "seal" is encryption, before there is a connection; up to "recipient" nothing was handed
# over; "message" is the message itself and everything after it.
Stage = Literal["seal", "connect", "secure", "log_in", "sender", "recipient", "message"]
Fate = Literal["sent", "later", "dead", "unsure"]

FIRST_DELAY = timedelta(minutes=1)
MOST_DELAY = timedelta(hours=4)
# A child may be in danger: an urgent mail is retried every minute, however often it failed.
URGENT_DELAY = timedelta(minutes=1)
# After so many attempts, the police count as not told about something urgent.
URGENT_TRIES = 2
# The problem of a message that a person gave up, and of the notice cases that it was to tell somebody of.
GIVEN_UP = "given_up"
GIVE_UP_AFTER = timedelta(days=5)
# Why a message is left to a person after a restoring, after the hotline moved here, or as it was put back: it may have gone before, or never.
RESTORED, MOVED, PUT_BACK = "restored", "moved", "put_back"
# The same of a letter that the server accepted, since what a program answered may mean that it came back.
PROGRAM_ANSWERED = "program_answered"
# Longer than the time-outs at the end of a connection allow: the worker of a message that has been `sending` for longer
# has abandoned it.
SENDING_MOST = timedelta(minutes=5)


def seen_of(state: str, attempts: int) -> str:
    """Return what somebody who decides about a message has seen of it: of one that may have arrived, after which attempt."""
    return f"unsure {attempts}" if state == "unsure" else "unsent"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one attempt: the stage where it ended, the server's code (0 if there was none), and a name for the
    problem ("" if none); `status` is the enhanced status of a refusal, `wait_seconds` how long the server asked us to
    wait, if it did."""

    stage: Stage
    code: int = 0
    problem: str = ""
    status: str = ""
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Patience:
    """When to give up, and the longest delay between attempts unless the receiver asks for more."""

    give_up_after: timedelta
    most_delay: timedelta


def fate_with(fate: Fate, *, can_go_again: bool) -> Fate:
    """Return the fate of a message by a channel's judgement: one that may have arrived is sent again if receivers
    recognise duplicates, and otherwise waits for a person."""
    return "later" if fate == "unsure" and can_go_again else fate


def next_try(
    outcome: Outcome, patience: Patience, attempts: int, first_try_at: datetime, now: datetime
) -> timedelta | None:
    """Return the delay before the next attempt, or None if it is time to give up."""
    if now - first_try_at >= patience.give_up_after:
        return None
    wished = min(timedelta(seconds=outcome.wait_seconds), MOST_DELAY)
    return max(next_delay(attempts, first=FIRST_DELAY, most=patience.most_delay), wished)
