"""Whether two cases can be merged, and whose decision stands then. Pure.

A case that still waits can go into any open case; an urgent one that the police still have to answer, only into an open
one. Two decided cases can be merged if both were decided alike: the earlier decision stands. If they were decided
differently, a supervisor who had no part in either chooses the decision by choosing which goes into which.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from leeward.casework.assessment.rules.second_assessment import ILLEGAL
from leeward.casework.rules.states import STATES, Stage, states_in

UNDECIDED = (Stage.NEW, Stage.ASSESSING)
RUNNING = tuple(name for name, state in STATES.items() if state.is_up)


class Kind(StrEnum):
    """The kind of merge: of a waiting case, of two decided alike, or of two decided differently."""

    WAITS = "waits"
    ALIKE = "alike"
    OVER = "over"


class Obstacle(StrEnum):
    """Why two cases can't be merged in their current state."""

    ITSELF = "itself"
    MERGED = "merged"
    OTHER_MERGED = "other_merged"
    OTHER_CLOSED = "other_closed"
    TAKEN = "taken"
    UNFINISHED = "unfinished"
    OTHER_UNDECIDED = "other_undecided"
    UNDECIDED = "undecided"
    HELD = "held"
    STILL_RUNS = "still_runs"
    APPEALED_TWICE = "asked_twice"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Mergeable:
    """What a merge depends on, for one of the two cases."""

    id: int
    state: str
    outcome: str
    decided_at: datetime | None
    in_adjudication: bool = False
    is_merged: bool = False
    is_held: bool = False
    is_taken: bool = False
    is_owed: bool = False
    asked_by: frozenset[tuple[str, int]] = frozenset()

    @property
    def stage(self) -> Stage:
        """Return how far the work on it has come."""
        return STATES[self.state].stage

    @property
    def is_decided(self) -> bool:
        """Return whether it has been decided."""
        return bool(self.outcome) and self.decided_at is not None and self.stage not in UNDECIDED


def kind_of(case: Mergeable, other: Mergeable) -> Kind:
    """Return the kind of merge that this would be."""
    if case.stage is Stage.NEW or not other.is_decided:
        return Kind.WAITS
    return Kind.ALIKE if case.outcome == other.outcome else Kind.OVER


def obstacle(case: Mergeable, other: Mergeable) -> Obstacle | None:
    """Return why this case can't go into the other one now, or None."""
    if case.id == other.id:
        return Obstacle.ITSELF
    if case.is_merged or other.is_merged:
        return Obstacle.MERGED if case.is_merged else Obstacle.OTHER_MERGED
    if (case.stage is Stage.NEW or case.is_owed) and other.stage is Stage.OVER:
        return Obstacle.OTHER_CLOSED
    if case.stage is Stage.NEW:
        return Obstacle.TAKEN if case.is_taken else None
    return _undecided(case, other) or _of_decided(case, other)


def _undecided(case: Mergeable, other: Mergeable) -> Obstacle | None:
    if case.stage is Stage.ASSESSING or case.in_adjudication:
        return Obstacle.UNFINISHED
    if not case.is_decided:
        return Obstacle.UNDECIDED
    return None if other.is_decided and not other.in_adjudication else Obstacle.OTHER_UNDECIDED


def _of_decided(case: Mergeable, other: Mergeable) -> Obstacle | None:
    if case.is_taken:
        return Obstacle.TAKEN
    if case.is_held:
        return Obstacle.HELD
    if case.asked_by & other.asked_by:
        return Obstacle.APPEALED_TWICE
    if case.outcome == other.outcome == ILLEGAL and case.state in RUNNING and other.state not in RUNNING:
        return Obstacle.STILL_RUNS
    if case.outcome == other.outcome and _when(case) < _when(other):
        return Obstacle.EARLIER
    return None


def _when(case: Mergeable) -> tuple[float, int]:
    return case.decided_at.timestamp() if case.decided_at else 0.0, case.id


def stops_outside(case: Mergeable, kind: Kind) -> bool:
    """Return whether what runs outside for the merged case is stopped, because its decision no longer stands."""
    return kind == Kind.OVER and case.outcome == ILLEGAL


def state_after_undoing(state: str, *, was_stopped: bool) -> str:
    """Return the state to which a decided case returns: what was stopped outside doesn't restart by itself, so somebody
    must act again.
    """
    return "decided" if was_stopped and state in states_in(Stage.ACTED) else state
