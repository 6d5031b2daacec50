"""The status of a work of law on a given day: made, commenced, amended, revoked, remade."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from leeward.laws.rules.jurisdiction import day_of

State = Literal["not made", "made", "in force", "revoked", "lapsed"]
_STATES: dict[str, State] = {
    "made": "made",
    "remade": "made",
    "commenced": "in force",
    "amended": "in force",
    "revoked": "revoked",
    "lapsed": "lapsed",
}


def state_on(expressions: Sequence[Mapping[str, Any]], on: date) -> State:
    """Return the status of a work on a given day; one of which only the making is recorded is `made`, not certainly in
    force.
    """
    state: State = "not made"
    for row in expressions:
        day = day_of(row["date"])
        if day and day <= on:
            state = _STATES[row["event"]]
    return state
