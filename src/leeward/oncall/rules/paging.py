"""What has to happen next about a page: call, wait, or nothing more. Pure; the state machine behind all paging.

A page goes in rounds, each wider than the one before. A round that reached somebody leaves them ten minutes; one of which no
message got away leaves one minute until everybody was tried, since waiting longer helps nobody. It ends only when a person
acknowledges. A report that joins a page after people were written to does not wait those ten minutes: they are told of it with the
next round, a minute after the last. A test page ends by itself after its rounds, for nobody is in danger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["urgent", "test"]
Fate = Literal["waiting", "sending", "sent", "unsure", "dead", "stopped"]
Act = Literal["rest", "wait", "call", "end"]
EVERY = timedelta(minutes=10)
UNHEARD = timedelta(minutes=1)
TEST_ROUNDS = 3
# As many as there are circles: after so many rounds everybody was tried.
ALL_TRIED = 4
# However fast a demonstration runs: rounds nearer to each other would be a flood of mail.
LEAST = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long a round waits for an answer, and how long where none of its messages got away."""

    every: timedelta = EVERY
    unheard: timedelta = UNHEARD

    def at_pace(self, pace: float) -> "Pauses":
        """The same for a demonstration that runs so many times faster."""
        return Pauses(max(self.every / pace, LEAST), max(self.unheard / pace, LEAST)) if pace > 1.0 else self


@dataclass(frozen=True, slots=True)
class Standing:
    """How a page stands: whether it is over, how many rounds have begun, when the last one did, what became of its messages.

    `heard_rounds` counts the rounds of which a server took a message. `unheard_since` is since when no server took one although
    there was something to send: from the opening, or from the first round after the last that was heard; None if the newest was.
    `has_new` says that a report joined which no message can have told of.
    """

    kind: Kind
    is_over: bool
    rounds: int
    round_at: datetime | None
    fates: Sequence[Fate]
    heard_rounds: int
    unheard_since: datetime | None
    has_new: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now; for `wait` until when."""

    act: Act
    until: datetime | None = None


def next_step(standing: Standing, pauses: Pauses, now: datetime) -> Step:
    """What a page needs now. A clock that was put back never makes it wait longer: a second call is better than none."""
    if standing.is_over:
        return Step("rest")
    if standing.round_at is None:
        return Step("call")
    is_slow = has_reached(standing.fates) or standing.rounds >= ALL_TRIED
    until = standing.round_at + (pauses.every if is_slow and not standing.has_new else pauses.unheard)
    if standing.round_at <= now < until:
        return Step("wait", until)
    if standing.kind == "test" and standing.rounds >= TEST_ROUNDS:
        return Step("end")
    return Step("call")


def has_reached(fates: Sequence[Fate]) -> bool:
    """Whether a server took at least one message of a round. What may have arrived counts as what has not."""
    return "sent" in fates


def reaches_nobody(standing: Standing, pauses: Pauses, now: datetime) -> bool:
    """Whether a page is open and the people of this hotline are not told of it: for longer than a try needs, no server took a
    message, however many rounds have begun since; or there was nobody to write to."""
    since = standing.unheard_since
    if standing.is_over or since is None:
        return False
    gave_up = standing.rounds > 0 and all(fate not in ("waiting", "sending") for fate in standing.fates)
    return gave_up or not (since <= now < since + pauses.unheard)


def is_unanswered(standing: Standing) -> bool:
    """Whether an urgent page has gone out more than twice and nobody has acknowledged; a round that no server took has not."""
    return not standing.is_over and standing.kind == "urgent" and standing.heard_rounds > 2
