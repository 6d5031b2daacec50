"""What is due to the police in an urgent case: when they are told, and how long the case must stay open. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from leeward.people.rules.police_moments import AFTER_ASSESSMENT, AFTER_READING, AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """An urgent case from the police's point of view. `moment` is when its portal tells them. `is_passed`: everything
    urgent was passed on, or an act that can still be undone has passed it on. `is_made`: a message to them exists.
    `is_settled`: they confirmed it, and somebody recorded the outcome.
    """

    moment: str
    is_judged: bool
    is_passed: bool
    is_made: bool
    is_settled: bool


# Police outcomes after which nothing ends automatically: a person here decides what else can be done.
ENDS_NOTHING = frozenset({"", "not_traced", "no_case"})


def is_one(urgency: str) -> bool:
    """Return whether a report becomes one urgent case and one message to the police, however much it names: it is about
    a child, and not about addresses that the reporter wants assessed first.
    """
    return urgency in ("danger", "contact", "threat")


WITHDRAWN = "withdrawn"  # every reporter who called it urgent has withdrawn the report


def moment_of(
    urgencies: Collection[str],
    *,
    on_danger: str,
    on_urgent: str,
    is_post_box: bool,
    is_quiet: bool,
    is_wished: bool,
) -> str:
    """Return when the police are told, from the gravest of the reasons why the case is urgent. A portal that only
    forwards reports never waits. If the urgent report was taken back, a person decides, whatever the portal does
    otherwise. `is_quiet`: everybody who reported it wants copies of their own picture found and the police not told;
    `is_wished`: one of them wants the police told, or the law does. Waiting for an assessment would be for ever.
    """
    if is_quiet:
        return AFTER_ASSESSMENT  # and nobody assesses what nobody sees
    if WITHDRAWN in urgencies:
        return AFTER_READING
    if is_post_box:
        return AT_ONCE
    moment = on_danger if "danger" in urgencies else on_urgent
    return AFTER_READING if is_wished and moment == AFTER_ASSESSMENT else moment


def may_be_informed(case: Urgent) -> bool:
    """Return whether a person may pass the case on now."""
    return case.is_judged or case.moment != AFTER_ASSESSMENT


def are_owed(case: Urgent) -> bool:
    """Return whether something is still open between the hotline and the police, so that the case can't be closed."""
    if case.moment == AFTER_ASSESSMENT and not case.is_judged and not case.is_made:
        return False  # the police hear of it only if it is found illegal
    return not case.is_passed or not case.is_settled
