"""Whether an entry is shown, what a review says, and what a check of its address means. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from leeward.awareness.rules.vocabulary import CRITERIA

Link = Literal["unchecked", "answers", "unsure", "gone"]
LINKS: tuple[Link, ...] = ("unchecked", "answers", "unsure", "gone")
Verdict = Literal["", "good", "refused"]
GONE_STATUS = frozenset({404, 410})
GONE_OUTCOMES = frozenset({"no_such_name", "no_address"})
# One answer that it is gone proves nothing: a server may be under repair.
MISSES = 2
OFTEN, SOON = timedelta(days=30), timedelta(days=1)


def verdict_of(answers: Mapping[str, bool]) -> Verdict:
    """Return what the answers to all criteria say: good if each is met, refused if one isn't, nothing if one is open."""
    if set(answers) < set(CRITERIA):
        return ""
    return "good" if all(answers[name] for name in CRITERIA) else "refused"


def is_public(verdict: str, link: str) -> bool:
    """Return whether visitors see an entry: reviewed and found good, and not known to be gone."""
    return verdict == "good" and link != "gone"


def answer_of(outcome: str, status: int) -> Literal["answers", "unsure", "gone"]:
    """Return what one visit says of an address."""
    if outcome in GONE_OUTCOMES or (outcome == "answered" and status in GONE_STATUS):
        return "gone"
    # A page that is too large or broke off was still there.
    has_come = outcome in ("answered", "too_large", "cut_short", "packed_too_well", "not_unpackable")
    return "answers" if has_come and 200 <= status < 300 else "unsure"


def after_visit(misses: int, answer: str, now: datetime) -> tuple[Link, int, datetime]:
    """Return the state of the address after a visit, how often in a row it was gone, and when to visit it again."""
    if answer == "answers":
        return "answers", 0, now + OFTEN
    if answer == "gone":
        missed = misses + 1
        return ("gone", missed, now + OFTEN) if missed >= MISSES else ("unsure", missed, now + SOON)
    if misses >= MISSES:
        return "gone", misses, now + OFTEN
    return "unsure", misses, now + SOON
