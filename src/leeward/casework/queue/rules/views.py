"""The views of the queue: one record each. A lane defined by a state gets its view without being named here. Pure."""

from dataclasses import dataclass

from leeward.casework.rules.states import SECOND, STATES, STILL_UP, TO_BE_ACTED_ON, WAITING, CaseState
from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _


@dataclass(frozen=True, slots=True)
class QueueView:
    """One view of the queue.

    `nothing` and `hint` are shown when it is empty. `lane` is the lane that it walks along, empty if it isn't a single
    lane; `takes` is the lane whose next case people take from here. `is_in_bar`: it appears in the bar of the queue,
    not only in the overview.
    """

    name: str
    title: LazyText
    nothing: LazyText
    hint: LazyText
    key: str = ""
    lane: str = ""
    takes: str = ""
    is_in_bar: bool = True


_NOTHING, _WAITING_ONES = _("Nothing here"), _("Check the cases that are waiting.")


def view_of_lane(state: CaseState) -> QueueView:
    """Return the view of a lane that only this state uses, named after the state."""
    lane = state.lane
    takes = lane.name if lane.is_worked else ""
    return QueueView(lane.name, state.label, _NOTHING, _WAITING_ONES, lane=lane.name, takes=takes)


_OF_LANES = (
    QueueView(
        "waiting",
        _("Waiting"),
        _("Nothing is waiting"),
        _("New reports come up here by themselves."),
        key="v w",
        lane=WAITING.name,
        takes=WAITING.name,
    ),
    QueueView(
        "second",
        _("Second assessment"),
        _("No second assessment is requested"),
        _("Severe and disputed cases appear here."),
        key="v s",
        lane=SECOND.name,
        takes=SECOND.name,
    ),
    QueueView(
        "decided",
        _("Awaiting action"),
        _("Nothing is waiting for action"),
        _("Cases appear here once they are decided as illegal."),
        key="v d",
        lane=TO_BE_ACTED_ON.name,
        takes=TO_BE_ACTED_ON.name,
    ),
    QueueView(
        "up",
        _("Awaiting removal"),
        _("Nothing is awaiting removal"),
        _("Cases stay here from the first message until the content is gone."),
        key="v u",
        lane=STILL_UP.name,
    ),
)
_NAMED = {view.lane for view in _OF_LANES}
_BROUGHT = {
    state.lane.name: view_of_lane(state)
    for state in reversed(STATES.values())
    if state.lane.has_view and state.lane.name not in _NAMED
}
_MINE = QueueView(
    "mine",
    _("Mine"),
    _("You hold no case"),
    _("Press c to take the next case."),
    key="v m",
    takes=WAITING.name,
)
_ACROSS_LANES = (
    QueueView(
        "held",
        _("Held"),
        _("Nothing is held"),
        _("The police can hold a notice while they need the content to stay."),
        key="v h",
    ),
    QueueView(
        "news", _("New replies"), _("No new replies"), _("What reporters add and hosts answer appears here."), key="v n"
    ),
    QueueView("all", _("All"), _("No case found"), _("Change the search, or try another view."), key="v a"),
    *(
        QueueView(name, title, _NOTHING, _WAITING_ONES, takes=WAITING.name, is_in_bar=False)
        for name, title in (
            ("urgent", _("Urgent")),
            ("late", _("First assessment overdue")),
            ("soon", _("Due within two hours")),
        )
    ),
)
VIEWS: dict[str, QueueView] = {
    view.name: view for view in (_OF_LANES[0], _MINE, *_OF_LANES[1:], *_BROUGHT.values(), *_ACROSS_LANES)
}
EVERY_TAKEN_LANE = frozenset(view.takes for view in VIEWS.values() if view.takes)
