"""The messages that two hotlines write to each other about one item, as far as the state depends on them. Pure."""

from dataclasses import dataclass
from typing import Literal

from leeward.foundation.lazy_text import LazyText as _

# The hotline that reported the item, and the hotline of the country where it is hosted.
type Side = Literal["reporting", "hosting"]
type Kind = Literal[
    "report",
    "acceptance",
    "reassignment",
    "action",
    "reassessment",
    "question",
    "answer",
    "withdrawal",
    "retraction",
]
SIDES: tuple[Side, ...] = ("reporting", "hosting")
KINDS: dict[Kind, _] = {
    "report": _("Report"),
    "acceptance": _("Acceptance"),
    "reassignment": _("Re-assignment"),
    "action": _("Action"),
    "reassessment": _("Re-assessment"),
    "question": _("Question"),
    "answer": _("Answer"),
    "withdrawal": _("Withdrawal"),
    "retraction": _("Retraction"),
}
# What was done about the item in the hosting country, or why nothing was.
ACTIONS = {
    "police_told": _("The police were told"),
    "host_told": _("The host was told"),
    "removed": _("It was removed"),
    "not_illegal": _("It is not illegal here"),
}
# What an assessment came to: INTERPOL's baseline, illegal by the law of the assessing country only, or neither.
BASELINE, NATIONAL, NEITHER, UNASSESSED = "baseline", "national", "neither", "unassessed"
GRADES = {
    BASELINE: _("International baseline"),
    NATIONAL: _("National law"),
    NEITHER: _("Neither"),
    UNASSESSED: _("Not assessed"),
}
FIRST_GRADES = (BASELINE, NATIONAL, UNASSESSED)
LATER_GRADES = (BASELINE, NATIONAL, NEITHER)


@dataclass(frozen=True, slots=True)
class Step:
    """One message about one item.

    `number` counts the messages of its side, from 1; `seen` is how many messages of the other side its author had when
    it was written. `what` is the action or the grade; `about` is the number of the other side's question that is
    answered, or of the author's own message that is retracted.
    """

    side: Side
    number: int
    seen: int
    kind: Kind
    what: str = ""
    about: int = 0


def other(side: Side) -> Side:
    """Return the other side."""
    return "hosting" if side == "reporting" else "reporting"
