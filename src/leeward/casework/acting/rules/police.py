"""What the police are owed of an urgent case: when they are told, and until when it stays open. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from leeward.people.rules.police_moments import AFTER_ASSESSMENT, AFTER_LOOK, AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """An urgent case as far as the police are concerned. `moment` is when its portal tells them; `is_passed`: all that is urgent
    was passed on, or an act that is still to be undone has passed it on; `is_made`: a message to them was made; `is_settled`:
    they confirmed it, and somebody recorded what came of it."""

    moment: str
    is_judged: bool
    is_passed: bool
    is_made: bool
    is_settled: bool


# What the police say came of it, after which nothing ends by itself: a person here decides what else can be done.
ENDS_NOTHING = frozenset({"", "not_traced"})


def is_one(urgency: str) -> bool:
    """Whether a report is one urgent case and one message to the police, however much it names: it is about a child, and not about
    addresses that somebody wants to be assessed first."""
    return urgency in ("danger", "contact", "threat")


TAKEN_BACK = "taken_back"  # nobody who reported it as urgent stands by it any more


def moment_of(urgencies: Collection[str], *, on_danger: str, on_urgent: str, is_post_box: bool) -> str:
    """When the police are told: by the gravest of the reasons why a case is urgent. Who only passes reports on never waits.
    What was reported as urgent and taken back is for a person to decide, whatever the portal does otherwise."""
    if TAKEN_BACK in urgencies:
        return AFTER_LOOK
    if is_post_box:
        return AT_ONCE
    return on_danger if "danger" in urgencies else on_urgent


def may_be_told(case: Urgent) -> bool:
    """Whether a person may pass it on now."""
    return case.is_judged or case.moment != AFTER_ASSESSMENT


def are_owed(case: Urgent) -> bool:
    """Whether something about it is still open between us and the police, so that it can't be closed."""
    if case.moment == AFTER_ASSESSMENT and not case.is_judged and not case.is_made:
        return False  # they hear of it only if it is found illegal
    return not case.is_passed or not case.is_settled
