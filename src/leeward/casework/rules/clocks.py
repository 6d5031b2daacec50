"""Which clocks a case has, derived from its times alone. When each is due is for the rules of `clocks`. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leeward.clocks.rules.due import Calendar, due_at
from leeward.clocks.rules.recommended import RECOMMENDED, URGENT

__all__ = ["Awaited", "Calendar", "Timed", "Times", "first_assessment_due", "rule_kind_of", "timed"]


@dataclass(frozen=True, slots=True)
class Awaited:
    """A question to or from somebody outside, and when it was answered; `id` distinguishes several of one kind."""

    kind: str
    asked_at: datetime
    answered_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a case that its clocks depend on; None for what has not happened. `police_due_from`: since when the
    police are due to be told although nothing is decided.
    """

    received_at: datetime
    police_due_from: datetime | None = None
    first_assessed_at: datetime | None = None
    decided_at: datetime | None = None
    police_told_at: datetime | None = None
    host_told_at: datetime | None = None
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """One thing with a deadline: when it started (None: not yet, and `waits_for` says what it waits for), and when it
    was done (None: not yet).
    """

    kind: str
    started_at: datetime | None
    met_at: datetime | None
    waits_for: str = ""
    id: int = 0


def rule_kind_of(kind: str, *, urgent: bool) -> str:
    """Return the rule that a clock follows: in an urgent case, the first assessment and the clocks about the police
    have their own.
    """
    return URGENT.get(kind, kind) if urgent else kind


def first_assessment_due(received_at: datetime, *, urgent: bool, calendar: Calendar) -> datetime:
    """Return when a case must have been assessed first, by the recommended rule: an urgent one within the hour, day and
    night.
    """
    return due_at(received_at, RECOMMENDED[rule_kind_of("first_assessment", urgent=urgent)], calendar)


def timed(times: Times, *, tells_host: bool, tells_police: bool = True, awaited: Sequence[Awaited] = ()) -> list[Timed]:
    """Return everything in a case that has a deadline, in the order in which it runs; the host is left out if no host
    is told, and the police if they are not, as the person shown wants: then the host is due from the decision on.
    """
    host_from, host_waits = (times.police_told_at, "police") if tells_police else (times.decided_at, "decision")
    host = Timed("host_told", host_from, times.host_told_at, "" if host_from else host_waits)
    police_from = times.decided_at or times.police_due_from
    asked_at = times.host_told_at or (None if tells_host else times.police_told_at)
    return [
        Timed("first_assessment", times.received_at, times.first_assessed_at),
        *(
            [Timed("police_told", police_from, times.police_told_at, "" if police_from else "decision")]
            if tells_police
            else []
        ),
        *([host] if tells_host else []),
        Timed("removed", asked_at, times.removed_at, "" if asked_at else "asking"),
        *(Timed(one.kind, one.asked_at, one.answered_at, id=one.id) for one in awaited),
    ]
