"""What a side can say next about an item: the choices of a form. Pure."""

from dataclasses import dataclass, replace

from leeward.exchange.rules.steps import ACTIONS, KINDS, LATER_GRADES, Kind, Side, other
from leeward.exchange.rules.timeline import Timeline, may_say

_WITHOUT = ("report",)  # it opens an exchange
_NEEDS_TEXT = ("question", "answer")


@dataclass(frozen=True, slots=True)
class Sayable:
    """A message that can be sent now; `about` is the number of the question or statement that it is about."""

    kind: Kind
    what: str = ""
    about: int = 0

    @property
    def key(self) -> str:
        """Return how a form names it."""
        return f"{self.kind}.{self.what}.{self.about}"

    @property
    def needs_text(self) -> bool:
        """Return whether it is nothing without a text."""
        return self.kind in _NEEDS_TEXT

    @property
    def needs_country(self) -> bool:
        """Return whether it has to name the country where it is hosted now."""
        return self.kind == "reassignment"


def sayable(timeline: Timeline, side: Side) -> tuple[Sayable, ...]:
    """Return everything that a side may say now, in the order of the kinds."""
    first = timeline.next_step(side)
    return tuple(
        one
        for kind in KINDS
        if kind not in _WITHOUT
        for one in _forms(timeline, side, kind)
        if may_say(timeline, replace(first, kind=one.kind, what=one.what, about=one.about)) == ""
    )


def _forms(timeline: Timeline, side: Side, kind: Kind) -> list[Sayable]:
    match kind:
        case "action":
            return [Sayable(kind, what) for what in ACTIONS]
        case "reassessment":
            return [Sayable(kind, grade) for grade in LATER_GRADES if grade != timeline.standing.grade]
        case "answer":
            open_questions = timeline.standing.questions
            return [Sayable(kind, "", number) for who, number in sorted(open_questions) if who == other(side)]
        case "retraction":
            return [Sayable(kind, "", number) for who, number in sorted(timeline.standing.retractable) if who == side]
    return [Sayable(kind)]
