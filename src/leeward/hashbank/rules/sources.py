"""How other hash collections are queried: protocols, when a source may be asked, how long to wait, endless paging.
Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from leeward.hashbank.rules.standing import CONFIRM, DISPUTE, HARMLESS, NOT_ILLEGAL

type State = Literal["removed", "no_agreement", "needs_second", "paused", "failing", "waiting", "up_to_date"]
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_REQUESTED_WAIT = timedelta(hours=24)
LEAST_EVERY_MINUTES, MOST_EVERY_MINUTES = 5, 7 * 24 * 60
ALARM_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol: the profile for its categories, the secrets it needs, whether a part or a key must be named, the
    media types of its answers, the votes it can accept as feedback (verdict: the source's own word), and the meaning of
    categories that no file profile has.
    """

    name: str
    profile: str
    secrets: tuple[str, ...]
    media_types: frozenset[str]
    part: str = ""
    needs_key: bool = False
    replies: Mapping[str, str] = field(default_factory=dict)
    means: Mapping[str, str] = field(default_factory=dict)


_JSON = frozenset({"application/json", "text/json", "text/javascript"})
_ALL = (
    Protocol(
        "ncmec",
        "ncmec",
        ("user", "password"),
        frozenset({"application/xml", "text/xml"}),
        replies={
            CONFIRM: "affirmative",
            DISPUTE: "negative",
            NOT_ILLEGAL: "negative",
            HARMLESS: "negative",
        },
    ),
    Protocol(
        "stopncii",
        "own",
        ("subscription_key", "fetch_key", "feedback_key"),
        _JSON,
        replies={CONFIRM: "Blocked", NOT_ILLEGAL: "NotBlocked", HARMLESS: "NotBlocked", DISPUTE: "NotBlocked"},
        means={"NotBlocked": NOT_ILLEGAL},
    ),
    Protocol(
        "threatexchange",
        "threatexchange",
        ("access_token",),
        _JSON,
        part="group",
        replies={
            CONFIRM: "HELPFUL",
            DISPUTE: "DISAGREE_WITH_TAGS",
            NOT_ILLEGAL: "DISAGREE_WITH_TAGS",
            HARMLESS: "DISAGREE_WITH_TAGS",
        },
    ),
    Protocol(
        "leeward",
        "own",
        ("key",),
        frozenset({"text/csv"}),
        part="list",
        needs_key=True,
        replies={CONFIRM: "right", DISPUTE: "wrong", NOT_ILLEGAL: "wrong", HARMLESS: "wrong"},
    ),
)
PROTOCOLS = {one.name: one for one in _ALL}


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that determine the state of a source."""

    is_removed: bool
    is_agreed: bool
    has_second: bool
    is_paused: bool
    failures: int
    good_at: datetime | None


def state_of(facts: Facts) -> State:
    """Return the state of a source; only the last three are asked."""
    if facts.is_removed:
        return "removed"
    if not facts.is_agreed:
        return "no_agreement"
    if not facts.has_second:
        return "needs_second"
    if facts.is_paused:
        return "paused"
    if facts.failures:
        return "failing"
    return "up_to_date" if facts.good_at is not None else "waiting"


def may_be_asked(state: State) -> bool:
    """Return whether a source in this state may be asked."""
    return state in ("failing", "waiting", "up_to_date")


def wait_after(failures: int, requested_seconds: int, lot: float) -> timedelta:
    """Return how long to wait after this many failures in a row (from 1), never less than the source asked for.

    The wait doubles each time and is randomised between half and all of it by `lot` (0 to 1), so that clients don't all
    return at once.
    """
    doubled: int = 1 << min(max(failures, 1) - 1, 16)
    longest = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    own = longest * (0.5 + min(max(lot, 0.0), 1.0) / 2)
    return max(own, min(timedelta(seconds=requested_seconds), LONGEST_REQUESTED_WAIT))


FEW = 20
"""Up to this many votes, a source may withdraw all that it says."""


def withdraws_too_much(withdraws: int, says: int, *, allowed: int) -> bool:
    """Return whether a pull that withdraws this much of what a source says has to stop before it: more than half, and
    more than a person has allowed.
    """
    return withdraws > max(FEW, allowed) and withdraws * 2 > says


def needs_alarm(*, failures: int, last_good: datetime, now: datetime, is_held: bool) -> bool:
    """Return whether a source has failed for so long that somebody has to look, or waits for a person (`is_held`).

    `last_good`: when it last answered, or when it was enabled. Where that is later than now, a clock was ahead, and
    nobody knows for how long it has failed.
    """
    return is_held or (failures > 0 and not timedelta(0) <= now - last_good < ALARM_AFTER)


def is_old(*, last_good: datetime, every: timedelta, now: datetime) -> bool:
    """Return whether what a source gave last is a day older than it may be; or as much newer than now, for then a clock was ahead, and
    nobody knows how old it is."""
    return abs(now - last_good) >= every + ALARM_AFTER


def latest_next(now: datetime) -> datetime:
    """Return the latest time at which a source can be due next: what is later was written by a clock that was ahead."""
    return now + max(timedelta(minutes=MOST_EVERY_MINUTES), LONGEST_REQUESTED_WAIT)


@dataclass(frozen=True, slots=True)
class Lap:
    """Cycle detection along page links: one remembered link, and when to remember the next. A walk in a cycle returns
    to it.
    """

    mark: str = ""
    steps: int = 0
    until: int = 1

    def after(self, link: str) -> "Lap | None":
        """Return the walk after one more link; None where it has entered a cycle."""
        if link == self.mark:
            return None
        if self.steps + 1 == self.until:
            return Lap(link, 0, self.until * 2)
        return Lap(self.mark, self.steps + 1, self.until)

    def kept(self) -> dict[str, Any]:
        """Return the walk as a checkpoint stores it."""
        return {"mark": self.mark, "steps": self.steps, "until": self.until}


def lap_of(kept: Mapping[str, Any]) -> Lap:
    """Restore a walk from a checkpoint."""
    return Lap(str(kept["mark"]), int(kept["steps"]), int(kept["until"])) if kept else Lap()


def reply_to(protocol: str, verdict: str) -> str:
    """Return the source's word for this verdict on one of its entries, "" for none."""
    return PROTOCOLS[protocol].replies.get(verdict, "")


def to_say(*, wanted: str, sent: str, protocol: str) -> bool:
    """Return whether something has to be sent: our current verdict differs from what the source was last told."""
    reply = reply_to(protocol, wanted)
    return bool(reply) and (not sent or reply_to(protocol, sent) != reply)


def named_twice(urls: Iterable[str], url: str) -> bool:
    """Return whether the same endpoint is already used, under whatever spelling."""
    return url.rstrip("/").lower() in {one.rstrip("/").lower() for one in urls}
