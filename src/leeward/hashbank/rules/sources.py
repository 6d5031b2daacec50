"""How other collections of hashes are asked: the protocols, when a source may be asked, how long to wait, when its pages lead nowhere. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from leeward.hashbank.rules.standing import CONFIRM, DISPUTE, HARMLESS, NOT_ILLEGAL

type State = Literal["removed", "no_agreement", "needs_second", "paused", "failing", "waiting", "up_to_date"]
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_ASKED_WAIT = timedelta(hours=24)
LEAST_EVERY_MINUTES, MOST_EVERY_MINUTES = 5, 7 * 24 * 60
ALARM_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Protocol:
    """A way to ask: by which profile its categories are read, which secrets open it, whether a part or a key must be named, which media types
    its answers have, and what of our votes can be said back (verdict: the source's own word), what categories mean that no
    profile of files has."""

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
    """What the state of a source follows from."""

    is_removed: bool
    is_agreed: bool
    has_second: bool
    is_paused: bool
    failures: int
    good_at: datetime | None


def state_of(facts: Facts) -> State:
    """Return what can be said of a source in one word; only the last three are asked."""
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
    """Whether anything may be asked of a source in this state."""
    return state in ("failing", "waiting", "up_to_date")


def wait_after(failures: int, asked_seconds: int, lot: float) -> timedelta:
    """How long to wait after so many failures in a row (from 1): twice as long each time, from half of it to all of it by `lot` (0 to 1), so
    that not everybody comes back at once; never shorter than the other side asked for."""
    doubled: int = 1 << min(max(failures, 1) - 1, 16)
    longest = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    own = longest * (0.5 + min(max(lot, 0.0), 1.0) / 2)
    return max(own, min(timedelta(seconds=max(asked_seconds, 0)), LONGEST_ASKED_WAIT))


def needs_alarm(*, failures: int, last_good: datetime, now: datetime) -> bool:
    """Whether a source has failed for so long that somebody has to look; `last_good` is when it last answered, or when it was first let in."""
    return failures > 0 and now - last_good >= ALARM_AFTER


@dataclass(frozen=True, slots=True)
class Lap:
    """Where a walk along page links is: one link that is remembered, and when the next one is. A walk that goes in circles comes by it again."""

    mark: str = ""
    steps: int = 0
    until: int = 1

    def after(self, link: str) -> "Lap | None":
        """The walk one link on; None where it goes in circles."""
        if link == self.mark:
            return None
        if self.steps + 1 == self.until:
            return Lap(link, 0, self.until * 2)
        return Lap(self.mark, self.steps + 1, self.until)

    def kept(self) -> dict[str, Any]:
        """As a checkpoint keeps it."""
        return {"mark": self.mark, "steps": self.steps, "until": self.until}


def lap_of(kept: Mapping[str, Any]) -> Lap:
    """A walk as a checkpoint kept it."""
    return Lap(str(kept["mark"]), int(kept["steps"]), int(kept["until"])) if kept else Lap()


def reply_to(protocol: str, verdict: str) -> str:
    """What a source is told where we say this of one of its entries, "" for nothing."""
    return PROTOCOLS[protocol].replies.get(verdict, "")


def to_say(*, wanted: str, sent: str, protocol: str) -> bool:
    """Whether something is to be sent: what the source was told last is another word than what we say now."""
    reply = reply_to(protocol, wanted)
    return bool(reply) and (not sent or reply_to(protocol, sent) != reply)


def named_twice(urls: Iterable[str], url: str) -> bool:
    """Whether the same place is asked already, whatever it is called."""
    return url.rstrip("/").lower() in {one.rstrip("/").lower() for one in urls}
