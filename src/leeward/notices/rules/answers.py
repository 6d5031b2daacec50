"""The possible answers of hosts and police, and their consequences. Pure: `now` is an argument."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

from leeward.notices.rules import at_risk

Answer = Literal[
    "none", "acknowledged", "removed", "moved", "disputed", "wrong_contact", "suspended", "provided", "corrected", "declined"
]  # fmt: skip
ReferralState = Literal["waiting", "acknowledged", "held", "released", "timed_out"]
Act = Literal["acknowledge", "hold", "release", "note", "outcome"]

ANSWERS: tuple[Answer, ...] = (
    "none", "acknowledged", "removed", "moved", "disputed", "wrong_contact", "suspended", "provided", "corrected", "declined",
)  # fmt: skip
OF_ADDRESSES: tuple[Answer, ...] = ("acknowledged", "removed", "moved", "disputed", "wrong_contact")
REFERRAL_STATES: tuple[ReferralState, ...] = ("waiting", "acknowledged", "held", "released", "timed_out")
ACTS: tuple[Act, ...] = ("acknowledge", "hold", "release", "note", "outcome")
# In these states the police's part allows the host to be told.
FREE: frozenset[str] = frozenset({"released", "timed_out"})
# The outcome of a referral, as reported by the police; child protection has a vocabulary of its own.
POLICE_OUTCOMES = (
    "child_safe", "identified", "investigating", "passed_on", "no_case", "not_traced", "no_danger", "other",
)  # fmt: skip
OUTCOMES = (*POLICE_OUTCOMES, *(one for one in at_risk.OUTCOMES if one not in POLICE_OUTCOMES), at_risk.NO_ANSWER)
# Each of these acts implies that the message was received.
CONFIRMING: frozenset[str] = frozenset({"acknowledge", "hold", "release", "outcome"})
# Answers that need more detail: where to, or why.
NEEDS_DETAIL: frozenset[str] = frozenset({"moved", "disputed", "declined"})


MOST_NOTE = 4000
MOST_WORDS = 10 * MOST_NOTE  # what one letter keeps of words in all
SHORT = 200
MOST_REVIEWS = 3  # of one address, however often its contact disagrees: each takes a person who had no part


def room_for(act: str, *, is_ours: bool) -> int:
    """Return how many characters a letter may hold with the words of an act. Half of the room is for what anybody may write again and
    again by the link; an outcome with its reason finds more, and what our staff enter of one the rest."""
    if act != "outcome":
        return MOST_WORDS // 2
    return MOST_WORDS if is_ours else MOST_WORDS // 4 * 3


def has_room_for(text: str, answers: Sequence[Mapping[str, str]]) -> bool:
    """Return whether an address keeps the words of one answer more beside those that it has. As in a letter to the police, that is how much
    anybody may write by the link; what is short counts for the line that it makes. An answer without a word always finds room."""
    texts = filter(None, (text, *(one["note"] or one["moved_to"] for one in answers)))
    return not text or sum(max(len(one), SHORT) for one in texts) <= MOST_WORDS // 2


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a referral.

    `sent_at` is since when the police have it: the mail server accepted the message, they answered, or a person told
    them. Without it no deadline runs. `held_since` is set while it is held.
    """

    state: ReferralState = "waiting"
    sent_at: datetime | None = None
    wait_until: datetime | None = None
    hold_until: datetime | None = None
    held_since: datetime | None = None


class HoldTooLong(ValueError):
    """A hold that ends in the past, or later than allowed; `latest` is the latest possible end."""

    def __init__(self, latest: datetime) -> None:
        super().__init__("a hold ends in the future, and not too far in it")
        self.latest = latest


def stands(by: int | None, with_: int | None) -> bool:
    """Return whether a recorded answer of the police counts in an urgent case: they gave it themselves, or two members
    of staff confirm it."""
    return by is None or with_ is not None


def outcomes_for(kind: str) -> tuple[str, ...]:
    """Return what can have come of a referral of this kind, as its recipient says it."""
    return at_risk.OUTCOMES if kind == "protection" else POLICE_OUTCOMES


def needs_detail(answer: str) -> bool:
    """Return whether this answer needs more detail."""
    return answer in NEEDS_DETAIL


def with_room(earlier: Sequence[Mapping[str, Any]], most: int) -> list[Mapping[str, Any]]:
    """Return earlier answers, oldest first, without as many as there are too many of: the oldest without a word. There stay the first, which
    shows since when somebody knew, all with words, and the newest of each kind that somebody has yet to look at."""
    unheard = {one["answer"]: number for number, one in enumerate(earlier) if one.get("unheard")}
    newest = set(unheard.values())
    spare = [
        number
        for number, one in enumerate(earlier)
        if number and number not in newest and not (one["note"] or one["moved_to"])
    ]
    gone = spare[: max(len(earlier) - most, 0)]
    return [one for number, one in enumerate(earlier) if number not in gone]


def last_whole_day(latest: datetime, zone: tzinfo) -> date:
    """Return the last day that ends in this zone before a hold must."""
    local = latest.astimezone(zone)
    return local.date() if local.time() >= time(23, 59, 59) else local.date() - timedelta(days=1)


def answered(standing: Standing, act: Act, now: datetime, *, until: datetime | None, most: timedelta) -> Standing:
    """Return the standing after the police did `act`; a hold lasts at most `most`, counted from its beginning.

    Whoever does one of the `CONFIRMING` acts has the referral, whatever happened to our message.
    """
    if act not in CONFIRMING:
        return standing
    standing = replace(standing, sent_at=standing.sent_at or now)
    if act in ("acknowledge", "outcome"):
        return replace(standing, state="acknowledged") if standing.state == "waiting" else standing
    if act == "release":
        return released(standing)
    if act == "hold":
        since = standing.held_since or now
        if until is None or not now < until <= since + most:
            raise HoldTooLong(since + most)
        return replace(standing, state="held", hold_until=until, held_since=since)
    return standing


def released(standing: Standing) -> Standing:
    """Return the standing after the host may be told, as far as the police are concerned."""
    return replace(standing, state="released", hold_until=None, held_since=None)


def frees_host_sooner(before: Standing, after: Standing, *, otherwise_at: datetime) -> bool:
    """Return whether the host may be told earlier after an answer than without it. A release does that, and so does a
    hold that ends before the host would be told anyway: at the end of the hold or wait in force, or `otherwise_at` if
    none has begun. Any other hold only delays."""
    if before.state in FREE:
        return False
    if after.state in FREE:
        return True
    return _ends_at(after, otherwise_at) < _ends_at(before, otherwise_at)


def _ends_at(standing: Standing, otherwise_at: datetime) -> datetime:
    ends = standing.hold_until if standing.state == "held" else standing.wait_until
    return ends or otherwise_at


def time_passed(standing: Standing, now: datetime) -> Standing:
    """Return the standing after the deadline for an answer, or the end of a hold, may have passed; its wait then ended with that."""
    over = replace(standing, state="timed_out", hold_until=None, held_since=None)
    if standing.sent_at is None:
        return standing
    if standing.state in ("waiting", "acknowledged") and standing.wait_until and standing.wait_until <= now:
        return over
    if standing.state == "held" and standing.hold_until and standing.hold_until <= now:
        return replace(over, wait_until=standing.hold_until)
    return standing


def when_hold_ends_elsewhere(
    standing: Standing, ended: Standing, now: datetime, *, is_known: bool, wait: timedelta
) -> Standing:
    """Return the standing of a letter that shared a hold which ended on another letter about the same case (`ended`). A release is one
    for every letter that the police have. After the end of a hold each still has the wait that it would have had without; `is_known`:
    they confirmed this one. A letter that they don't have yet waits as if there had been no hold."""
    free = replace(standing, hold_until=None, held_since=None)
    if standing.sent_at is None:
        return replace(free, state="waiting", wait_until=None)
    if ended.state == "released":
        return replace(free, state="released")
    ends = standing.wait_until or standing.sent_at + wait
    if ends <= now:
        return replace(free, state="timed_out", wait_until=max(ends, ended.wait_until or ends))
    return replace(free, state="acknowledged" if is_known else "waiting", wait_until=ends)


def hold_over_at(
    standing: Standing, own: datetime | None, others: Sequence[datetime], wait: timedelta
) -> datetime | None:
    """Return when time alone ends the hold on the letter that decides, and its own wait after that; None if nothing does. `own` and
    `others` are when it is looked whether the hold is over, for this letter and for those that share it."""
    if standing.hold_until is None or standing.sent_at is None:
        return None
    ends = [max(own, standing.hold_until)] if own is not None else []
    if others:  # where it ends by another letter, this one still has its wait
        ends.append(max(min(others), standing.hold_until, standing.wait_until or standing.sent_at + wait))
    return min(ends, default=None)


def is_free(standing: Standing) -> bool:
    """Return whether the police's part allows the host to be told."""
    return standing.sent_at is not None and standing.state in FREE


def due_at(standing: Standing) -> datetime | None:
    """Return when the passage of time alone changes this standing, or None."""
    if standing.sent_at is None:
        return None
    if standing.state in ("waiting", "acknowledged"):
        return standing.wait_until
    return standing.hold_until if standing.state == "held" else None
