"""The steps of a report to ICCAM, and what follows from each answer. Pure.

The order is the receiver's: the report, its assessment, the fields of the report; the actions in a later run. The first
names our own reference, which ICCAM takes once; the second and third can be repeated; of actions only those are sent that
are not there yet. So a step that may or may not have arrived is simply done again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

REPORT, ASSESSMENT, FIELDS, ACTIONS = "report", "assessment", "fields", "actions"
SENT, REFUSED, HELD = "sent", "refused", "held"
STEPS = (REPORT, ASSESSMENT, FIELDS, ACTIONS)
ENDS = (SENT, REFUSED, HELD)
LATER = timedelta(minutes=5)  # actions are not taken in the run of their report
UNAUTHORISED, TAKEN, TOO_MANY = 401, 409, 429
_FIRST_OF_SERVER, _GOOD = 500, range(200, 300)


@dataclass(frozen=True, slots=True)
class Next:
    """The step that follows; `again`: only after a delay."""

    step: str
    again: bool = False


def after(step: str, status: int, *, has_number: bool = False) -> Next:
    """Return what follows from an answer. `has_number`: it names the report that has our reference."""
    if status in _GOOD:
        following = {REPORT: ASSESSMENT, ASSESSMENT: FIELDS, FIELDS: ACTIONS, ACTIONS: SENT}[step]
        return Next(following, again=following == ACTIONS)
    if step == REPORT and status == TAKEN:
        return Next(ASSESSMENT) if has_number else Next(HELD)
    if status in (UNAUTHORISED, TOO_MANY) or status >= _FIRST_OF_SERVER or not status:
        return Next(step, again=True)
    if step == ASSESSMENT and status == TAKEN:  # it has actions, or is baseline already: the assessment there stands
        return Next(FIELDS)
    return Next(REFUSED)


def actions_left(wanted: Sequence[Mapping[str, Any]], there: Sequence[object]) -> list[Mapping[str, Any]]:
    """Return the actions that are not there yet, by their type."""
    known = [one.get("actionType") for one in there if isinstance(one, Mapping)]  # of any type: no set
    return [one for one in wanted if one["actionType"] not in known]
