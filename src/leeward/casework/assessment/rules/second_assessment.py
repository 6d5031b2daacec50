"""When one pair of eyes is not enough, and what two of them together decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from leeward.laws.rules.facts import ADULT, Facts, actual_ages, needs_second_assessment
from leeward.laws.rules.schemes import derive

Round = Literal["first", "second", "adjudication", "sample"]
ROUNDS: tuple[Round, ...] = ("first", "second", "adjudication")
ILLEGAL = "illegal"
UNSURE = "unsure"
CLOSING = ("not_illegal", "not_found", "out_of_scope", "insufficient")
OUTCOMES = (ILLEGAL, *CLOSING, UNSURE)


@dataclass(frozen=True, slots=True)
class AssessmentResult:
    """What one person found: the outcome and the facts."""

    outcome: str
    facts: Facts


def is_grave(assessment: AssessmentResult) -> bool:
    """Whether another person must look blind: the facts are grave and the outcome is illegal, or it is not illegal
    although the person may be a child."""
    if assessment.outcome == ILLEGAL:
        return needs_second_assessment(assessment.facts)
    return (
        assessment.outcome == "not_illegal"
        and needs_second_assessment(assessment.facts)
        and actual_ages(assessment.facts)[0] < ADULT
    )


def assessments_agree(first: AssessmentResult, second: AssessmentResult) -> bool:
    """Whether two looks lead to the same end. Where the first person could not tell, the second one's word is enough
    unless it is grave."""
    if UNSURE in (first.outcome, second.outcome):
        return first.outcome == UNSURE and second.outcome != UNSURE and not is_grave(second)
    return (first.outcome == ILLEGAL) == (second.outcome == ILLEGAL)


def act_after(round_: Round, assessment: AssessmentResult, first: AssessmentResult | None = None) -> str:
    """The act of the table of transitions that this look asks for; `first` is the look that a second one answers."""
    end = "illegal" if assessment.outcome == ILLEGAL else "other"
    if round_ == "adjudication":
        return f"settle_{end}"
    if round_ == "second" and first is not None:
        return f"confirm_{end}" if assessments_agree(first, assessment) else "dispute"
    return "ask_second" if assessment.outcome == UNSURE or is_grave(assessment) else f"find_{end}"


def differences(first: AssessmentResult, second: AssessmentResult) -> tuple[str, ...]:
    """In what two assessments differ: the outcome, the severity, then the other facts by name; empty where both said the same."""
    found = [name for name in ("outcome",) if first.outcome != second.outcome]
    one, other = first.facts.to_dict(), second.facts.to_dict()
    if derive(first.facts).get("uk") != derive(second.facts).get("uk"):
        found.append("level")
    return (*found, *facts_that_differ(one, other))


def ends_differ(first: str, second: str) -> bool:
    """Whether two people came to different ends. Who can't tell contradicts nobody."""
    return UNSURE not in (first, second) and (first == ILLEGAL) != (second == ILLEGAL)


def facts_that_differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the facts on which two statements differ, in alphabetical order."""
    return tuple(sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name)))
