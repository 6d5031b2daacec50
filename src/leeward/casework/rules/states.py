"""The states of a case: one record each, from which the desk, the reporter's receipt and the clocks read what a state
means.

A new state is one record here and its lines in `transitions.py`. Only a rule about exactly one state names it
elsewhere.
"""

from dataclasses import dataclass
from enum import StrEnum

from leeward.clocks.rules.recommended import KINDS
from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _
from leeward.intake.rules.standing import ACTED, CLOSED, LOOKING, RECEIVED

FIRST_STATE = "received"


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of the queue, ordered by priority along one index.

    `has_view`: a view of the queue walks along it. `is_worked`: people take its next case. `is_new_to_the_eye`: whoever
    takes a case from it sees something new, so their daily limits must allow it.
    """

    name: str
    has_view: bool = False
    is_worked: bool = False
    is_new_to_the_eye: bool = False


PREPARING = Lane("preparing")
WAITING = Lane("waiting", has_view=True, is_worked=True, is_new_to_the_eye=True)
BEING_ASSESSED = Lane("assessing", is_new_to_the_eye=True)
SECOND = Lane("second", has_view=True, is_worked=True, is_new_to_the_eye=True)
TO_BE_ACTED_ON = Lane("decided", has_view=True, is_worked=True)
STILL_UP = Lane("up", has_view=True)
DONE = Lane("done")


class Stage(StrEnum):
    """How far the work on a case has come."""

    NEW = "new"  # nobody has begun to assess it
    ASSESSING = "assessing"  # people are assessing it
    DECIDED = "decided"  # found illegal, and nobody outside was told yet
    ACTED = "acted"  # those outside were told
    OVER = "over"  # the work is done


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """One state of a case.

    `tag` is the CSS class of its tag, which includes the icon; `reporter` is the coarse state on the receipt; `note` is
    the case page's text for a case that nobody works on. Only the clocks in `clocks` can run in this state; all others
    end when a case enters it. The work people do in it stops the clock `stops`. `is_taken_as_it_is`: taking a case
    leaves it in this state. `is_up`: it was found illegal, and nobody has seen that it is gone.
    """

    name: str
    label: LazyText
    tag: str
    lane: Lane
    stage: Stage
    reporter: str
    note: LazyText | None = None
    clocks: frozenset[str] = frozenset(KINDS)
    stops: str = ""
    is_taken_as_it_is: bool = False
    is_up: bool = False

    @property
    def is_last(self) -> bool:
        """Return whether the case ends here, unless somebody or something reopens it."""
        return self.stage is Stage.OVER


_AUTOMATIC = _("Automatic from here. Take the case to intervene.")
_ENDED = frozenset({"appeal"})  # a request for review keeps its deadline, whatever became of the case

STATES: dict[str, CaseState] = {
    state.name: state
    for state in (
        CaseState(
            name="received",
            label=_("Received"),
            tag="",
            lane=PREPARING,
            stage=Stage.NEW,
            reporter=RECEIVED,
            note=_("It is being prepared: we find out where it is and what is there."),
            stops="first_assessment",
        ),
        CaseState(
            name="triaged",
            label=_("Waiting"),
            tag="",
            lane=WAITING,
            stage=Stage.NEW,
            reporter=RECEIVED,
            note=_("Nobody has assessed this yet."),
            stops="first_assessment",
        ),
        CaseState(
            name="assessing",
            label=_("Being assessed"),
            tag="look",
            lane=BEING_ASSESSED,
            stage=Stage.ASSESSING,
            reporter=LOOKING,
            stops="first_assessment",
        ),
        CaseState(
            name="second_assessment",
            label=_("Second assessment"),
            tag="look",
            lane=SECOND,
            stage=Stage.ASSESSING,
            reporter=LOOKING,
            note=_("A second assessment is requested."),
            is_taken_as_it_is=True,
        ),
        CaseState(
            name="decided",
            label=_("Decided"),
            tag="acted",
            lane=TO_BE_ACTED_ON,
            stage=Stage.DECIDED,
            reporter=LOOKING,
            note=_("It is decided. Somebody has to check the messages and send them."),
            stops="police_told",
            is_taken_as_it_is=True,
            is_up=True,
        ),
        CaseState(
            name="acting",
            label=_("Being acted on"),
            tag="acted",
            lane=STILL_UP,
            stage=Stage.ACTED,
            reporter=ACTED,
            note=_AUTOMATIC,
            is_taken_as_it_is=True,
            is_up=True,
        ),
        CaseState(
            name="monitoring",
            label=_("Being monitored"),
            tag="look",
            lane=STILL_UP,
            stage=Stage.ACTED,
            reporter=ACTED,
            note=_AUTOMATIC,
            is_taken_as_it_is=True,
            is_up=True,
        ),
        CaseState(
            name="removed",
            label=_("Gone"),
            tag="closed",
            lane=DONE,
            stage=Stage.ACTED,
            reporter=ACTED,
            note=_AUTOMATIC,
            is_taken_as_it_is=True,
        ),
        CaseState(
            name="closed",
            label=_("Closed"),
            tag="closed",
            lane=DONE,
            stage=Stage.OVER,
            reporter=CLOSED,
            note=_("Closed."),
            clocks=_ENDED,
        ),
        CaseState(
            name="forwarded",
            label=_("Passed on"),
            tag="acted",
            lane=DONE,
            stage=Stage.OVER,
            reporter=CLOSED,
            note=_("Passed on to the police unassessed."),
            clocks=_ENDED,
        ),
    )
}
LAST_STATES = frozenset(name for name, state in STATES.items() if state.is_last)
OPEN_STATES = tuple(name for name in STATES if name not in LAST_STATES)
LANES: dict[str, Lane] = {state.lane.name: state.lane for state in STATES.values()}


def states_in(*stages: Stage) -> tuple[str, ...]:
    """Return the names of the states at these stages, in order."""
    return tuple(name for name, state in STATES.items() if state.stage in stages)


def lanes_before(clock: str) -> tuple[str, ...]:
    """Return the lanes of the cases in which the work that stops this clock is still to be done."""
    return tuple(dict.fromkeys(state.lane.name for state in STATES.values() if state.stops == clock))
