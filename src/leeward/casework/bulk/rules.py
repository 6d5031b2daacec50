"""Assessing or acting on several cases together: which can take part, and what will happen to each. Pure."""

from dataclasses import dataclass

from leeward.casework.assessment.rules.second_assessment import ILLEGAL, AssessmentResult, act_after
from leeward.casework.rules.transitions import BEFORE_FIRST_ASSESSMENT
from leeward.laws.rules.acts import UNDETERMINED

MOST = 200
MOST_SENT = 20  # each with all its messages, in one transaction
# The foreseeable refusals, as the codes of the errors that would be raised.
NOT_WAITING, TAKEN, FACTS_MISSING, NOTHING_NEW = "not_waiting", "case_is_taken", "facts_missing", "nothing_new_now"
NOT_DECIDED, IS_URGENT = "not_decided", "urgent_alone"


@dataclass(frozen=True, slots=True)
class Standing:
    """What determines whether a case can be assessed with others."""

    state: str
    is_mine: bool
    is_taken: bool
    is_urgent: bool
    shows_content: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will happen to one case: the act that its assessment leads to, or the code of the obstacle."""

    act: str = ""
    refusal: str = ""


def can_join(standing: Standing) -> str:
    """Return the code of why this case can't be assessed with others, or "". Only first assessments can: a second one
    is blind, and stated for one case at a time. An urgent case is read alone: taking it ends the page about it.
    """
    if standing.state not in BEFORE_FIRST_ASSESSMENT:
        return NOT_WAITING
    if standing.is_urgent:
        return IS_URGENT
    return TAKEN if standing.is_taken and not standing.is_mine else ""


def can_be_sent(standing: Standing) -> str:
    """Return the code of why this case can't be acted on with others, or "". An urgent case is sent alone, and at once."""
    if standing.state != "decided":
        return NOT_DECIDED
    if standing.is_urgent:
        return IS_URGENT
    return TAKEN if standing.is_taken and not standing.is_mine else ""


def forecast(standing: Standing, assessment: AssessmentResult, *, is_stopped: bool) -> Forecast:
    """Return what this assessment will lead to; `is_stopped`: the person's daily limits allow nothing new."""
    if refusal := can_join(standing):
        return Forecast(refusal=refusal)
    if is_stopped and not standing.is_mine:
        return Forecast(refusal=NOTHING_NEW)
    if (
        assessment.outcome == ILLEGAL
        and standing.shows_content
        and UNDETERMINED in (assessment.facts.medium, assessment.facts.act)
    ):
        return Forecast(refusal=FACTS_MISSING)
    return Forecast(act=act_after("first", assessment))
