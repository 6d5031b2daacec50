"""Which holds and waits of the police time ended, by the log of acts: a letter itself has only what is true of it now."""

from dataclasses import dataclass
from datetime import datetime

from leeward.audit.queries import LogLine, log_of
from leeward.notices.models import Referral

HELD, OVER = "referral.held", "referral.timed_out"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that was asked for by a letter: when, until when, and by whom of our staff if they entered it."""

    at: datetime
    until: datetime
    by: int | None


@dataclass(frozen=True, slots=True)
class Ended:
    """That time ended what there was of a letter: its hold, or its wait (`hold` is None)."""

    at: datetime
    hold: Hold | None


def ended_by_time(referral: Referral) -> list[Ended]:
    """Return what time ended of a letter, oldest first; one query."""
    found, hold = [], None
    for line in reversed(log_of(referral.hotline_id, f"referral:{referral.pk}", events=(HELD, OVER))):
        if line.event == HELD:
            hold = _hold(line)
        else:
            found.append(Ended(datetime.fromisoformat(line.at), hold if line.facts["was"] == "held" else None))
    return found


def _hold(line: LogLine) -> Hold:
    kind, _colon, number = line.actor.partition(":")
    until = datetime.fromisoformat(line.facts["until"])
    return Hold(datetime.fromisoformat(line.at), until, int(number) if kind == "staff" else None)
