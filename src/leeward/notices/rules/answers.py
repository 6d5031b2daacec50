"""What hosts and police can answer, and what follows from it. Pure: `now` is an argument."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Answer = Literal["none", "acknowledged", "removed", "moved", "disputed", "wrong_contact"]
ReferralState = Literal["waiting", "acknowledged", "held", "released", "timed_out"]
Act = Literal["acknowledge", "hold", "release", "note", "outcome"]

ANSWERS: tuple[Answer, ...] = ("none", "acknowledged", "removed", "moved", "disputed", "wrong_contact")
REFERRAL_STATES: tuple[ReferralState, ...] = ("waiting", "acknowledged", "held", "released", "timed_out")
ACTS: tuple[Act, ...] = ("acknowledge", "hold", "release", "note", "outcome")
# What came of a referral, in the words of whoever it was made to.
OUTCOMES = ("child_safe", "investigating", "passed_on", "not_traced", "no_danger", "other")
# To do one of these is to have the message.
CONFIRMING: frozenset[str] = frozenset({"acknowledge", "hold", "release", "outcome"})
# Answers that say nothing without a word more: where to, or why.
NEEDS_DETAIL: frozenset[str] = frozenset({"moved", "disputed"})


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with a referral.

    `sent_at` is since when the police have it: the mail server took the message, they answered, or a person told them. Without it
    no time runs. `held_since` is set while it is held.
    """

    state: ReferralState = "waiting"
    sent_at: datetime | None = None
    wait_until: datetime | None = None
    hold_until: datetime | None = None
    held_since: datetime | None = None


class HoldTooLong(ValueError):
    """A hold that would end in the past, or later than is allowed; `latest` is the latest end."""

    def __init__(self, latest: datetime) -> None:
        super().__init__("a hold ends in the future, and not too far in it")
        self.latest = latest


def stands(by: int | None, with_: int | None) -> bool:
    """Whether what is on record as an answer of the police counts in an urgent case: they gave it themselves, or two of our people
    stand behind it."""
    return by is None or with_ is not None


def needs_detail(answer: str) -> bool:
    """Whether this answer takes a word more."""
    return answer in NEEDS_DETAIL


def answered(standing: Standing, act: Act, now: datetime, *, until: datetime | None, most: timedelta) -> Standing:
    """Return the standing after the police did `act`; a hold is at most `most` long, counted from when it began.

    Whoever does what is `CONFIRMING` has the referral, whatever became of our message.
    """
    if act not in CONFIRMING:
        return standing
    standing = replace(standing, sent_at=standing.sent_at or now)
    if act in ("acknowledge", "outcome"):
        return replace(standing, state="acknowledged") if standing.state == "waiting" else standing
    if act == "release":
        return replace(standing, state="released", hold_until=None, held_since=None)
    if act == "hold":
        since = standing.held_since or now
        if until is None or not now < until <= since + most:
            raise HoldTooLong(since + most)
        return replace(standing, state="held", hold_until=until, held_since=since)
    return standing


def time_passed(standing: Standing, now: datetime) -> Standing:
    """Return the standing after the time for an answer, or of a hold, may have run out."""
    over = replace(standing, state="timed_out", hold_until=None, held_since=None)
    if standing.sent_at is None:
        return standing
    if standing.state in ("waiting", "acknowledged") and standing.wait_until and standing.wait_until <= now:
        return over
    if standing.state == "held" and standing.hold_until and standing.hold_until <= now:
        return over
    return standing


def is_free(standing: Standing) -> bool:
    """Whether the host may be told as far as the police are concerned."""
    return standing.sent_at is not None and standing.state in ("released", "timed_out")


def due_at(standing: Standing) -> datetime | None:
    """When time alone changes this standing; None where it doesn't."""
    if standing.sent_at is None:
        return None
    if standing.state in ("waiting", "acknowledged"):
        return standing.wait_until
    return standing.hold_until if standing.state == "held" else None
