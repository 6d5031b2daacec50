"""What happens next to a page: call, wait, or nothing more. Pure; the state machine behind all paging.

A page goes out in rounds, each wider than the one before. A round that reached somebody gives them ten minutes; one
whose messages all failed gives one minute until everybody was tried, since waiting longer helps nobody. It ends only
when a person acknowledges. A report that joins a page after people were written to does not wait those ten minutes:
they are told of it with the next round, a minute after the last. A test page ends by itself after its rounds, since
nobody is in danger.

Somebody's word that they deal with it holds for half an hour. By then they have taken the case, or somebody has stated
what came of it; otherwise people are paged anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from leeward.oncall.rules.circles import CIRCLES

Kind = Literal["urgent", "test"]
Fate = Literal["waiting", "sending", "sent", "unsure", "dead", "stopped"]
Act = Literal["rest", "wait", "call", "end", "call_anew"]
EVERY = timedelta(minutes=10)
UNHEARD = timedelta(minutes=1)
HOLD = timedelta(minutes=30)
TEST_ROUNDS = 3
ALL_TRIED = CIRCLES
# However fast a demonstration runs, rounds closer together would flood people with mail.
LEAST = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long a round waits for an answer, how long if none of its messages was sent, and how long an answer holds."""

    every: timedelta = EVERY
    unheard: timedelta = UNHEARD
    hold: timedelta = HOLD

    def at_pace(self, pace: float) -> "Pauses":
        """Return the same for a demonstration that runs `pace` times faster."""
        if pace <= 1.0:
            return self
        return Pauses(*(max(pause / pace, LEAST) for pause in (self.every, self.unheard, self.hold)))


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a page: whether it is over, how many rounds have begun, when the last one did, and what became of
    its messages.

    `delivered_rounds` counts the rounds of which a server accepted a message. `unheard_since` is the time since which no
    server accepted one although there was something to send: from the opening, or from the first round after the last
    that was accepted; None if the newest was. `has_new`: a report joined that no message can have mentioned.
    `held_until`: until when the word of whoever ended it holds; None if nothing is left to be taken up.
    """

    kind: Kind
    is_over: bool
    rounds: int
    round_at: datetime | None
    fates: Sequence[Fate]
    delivered_rounds: int
    unheard_since: datetime | None
    has_new: bool
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now; for `wait`, until when."""

    act: Act
    until: datetime | None = None


def next_step(standing: Standing, pauses: Pauses, now: datetime) -> Step:
    """Return what a page needs now. A clock that was set back never makes it wait longer: a second call is better than
    none.
    """
    if standing.is_over:
        return _after(standing.held_until, pauses, now)
    if standing.round_at is None:
        return Step("call")
    is_slow = has_reached(standing.fates) or standing.rounds >= ALL_TRIED
    until = standing.round_at + (pauses.every if is_slow and not standing.has_new else pauses.unheard)
    if standing.round_at <= now < until:
        return Step("wait", until)
    if standing.kind == "test" and standing.rounds >= TEST_ROUNDS:
        return Step("end")
    return Step("call")


def _after(held_until: datetime | None, pauses: Pauses, now: datetime) -> Step:
    if held_until is None:
        return Step("rest")
    return Step("wait", held_until) if held_until - pauses.hold <= now < held_until else Step("call_anew")


def has_reached(fates: Sequence[Fate]) -> bool:
    """Return whether a server accepted at least one message of a round. A message that may have arrived counts as not
    arrived.
    """
    return "sent" in fates


def reaches_nobody(standing: Standing, pauses: Pauses, now: datetime) -> bool:
    """Return whether a page is open and this hotline's people are not being told: for longer than a try takes no server
    accepted a message, however many rounds have begun since, or there was nobody to write to.
    """
    since = standing.unheard_since
    if standing.is_over or since is None:
        return False
    gave_up = standing.rounds > 0 and all(fate not in ("waiting", "sending") for fate in standing.fates)
    return gave_up or not (since <= now < since + pauses.unheard)


def is_unanswered(standing: Standing) -> bool:
    """Return whether an urgent page has gone out more than twice and nobody has acknowledged; a round that no server
    accepted doesn't count.
    """
    return not standing.is_over and standing.kind == "urgent" and standing.delivered_rounds > 2
