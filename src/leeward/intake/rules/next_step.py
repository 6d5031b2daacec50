"""What helps now: the parts of the last page and of the receipt, chosen from what is true of this very report. Pure.

The helpline comes first, then what to do, then what comforts. Age changes words (`intake/next_steps.py`), and which helplines
are for this person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from leeward.intake.rules.own_picture import OWN
from leeward.people.rules.helplines import ADULT, CHILD, in_order
from leeward.people.rules.helplines import OWN as OWN_BEHAVIOUR

SELF = "self"
"""Somebody worried about what they think or do: help, and never a report."""
Talk = Literal["open", "call", "write", "closed", "none"]
TALKS: tuple[Talk, ...] = ("open", "call", "write", "closed", "none")


class Line(Protocol):
    """A helpline, as far as the choice depends on it."""

    @property
    def whom(self) -> str: ...

    @property
    def is_shown(self) -> bool: ...

    @property
    def number(self) -> str: ...

    @property
    def open_now(self) -> bool | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A report from the point of view of whoever sent it. `is_threatened`: somebody contacts or threatens a child, or
    threatens to share a picture. `offers_own_picture`, `has_police_page`: the portal has these pages.
    """

    kind: str
    young: bool
    is_threatened: bool
    in_danger: bool
    offers_own_picture: bool
    has_police_page: bool


@dataclass(frozen=True, slots=True)
class NextStep[L: Line]:
    """The helplines for this person with the sentence that leads to them, what to do, what comforts, and further pages; each
    by its code.
    """

    lines: tuple[L, ...]
    talk: Talk
    steps: tuple[str, ...]
    comforts: tuple[str, ...]
    pages: tuple[str, ...]


def next_step[L: Line](now: Situation, lines: Sequence[L]) -> NextStep[L]:
    """Return what the page says. A helpline that nobody has confirmed is never among its parts; those that are closed now
    come last, whomever they are for.
    """
    shown = in_order([line for line in lines if line.is_shown], _whom(now))
    chosen = tuple(sorted(shown, key=lambda line: line.open_now is False))
    return NextStep(chosen, _talk(chosen), _steps(now), _comforts(now), _pages(now))


def _whom(now: Situation) -> tuple[str, ...]:
    if now.kind == SELF:
        return (OWN_BEHAVIOUR, CHILD) if now.young else (OWN_BEHAVIOUR, ADULT)
    about_a_child = now.young or now.in_danger or (now.kind == "contact")
    return (CHILD, ADULT) if about_a_child else (ADULT, CHILD)


def _talk(lines: Sequence[Line]) -> Talk:
    if not lines:
        return "none"
    first = lines[0]
    if first.open_now is False:
        return "closed"
    if not first.number:
        return "write"
    return "open" if first.open_now else "call"


def _steps(now: Situation) -> tuple[str, ...]:
    if now.kind == SELF:
        return ("self_away", "self_ask", "self_tell")
    steps: list[str] = []
    if now.in_danger:
        steps.append("go_safe")
    if now.is_threatened:
        steps += ["dont_pay", "dont_send", "stop_answering", "keep_messages", "block"]
    elif now.kind in ("me", OWN):
        steps.append("dont_send")
    elif now.kind == "page":
        steps += ["close_it", "dont_share"]
    return (*steps, "tell_adult") if now.young else (*steps, "tell_somebody")


def _comforts(now: Situation) -> tuple[str, ...]:
    if now.kind == SELF:
        return ("self_not_alone", "self_can_stop")
    if now.kind in ("me", OWN):
        return ("not_your_fault", "not_in_trouble")
    if now.is_threatened or now.in_danger:
        return ("not_in_trouble",)
    return ("in_your_head",) if now.kind == "page" else ("right_to_tell",)


def _pages(now: Situation) -> tuple[str, ...]:
    if now.kind == SELF:
        return ()
    own = ("own_picture",) if now.offers_own_picture and now.kind == "me" else ()
    return (*own, "police") if now.has_police_page else own
