"""When a second person must assess, and what two assessments together decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from leeward.laws.rules.facts import ADULT, Facts, actual_ages, needs_second_assessment
from leeward.laws.rules.schemes import derive

Round = Literal["first", "second", "adjudication", "sample"]
ROUNDS: tuple[Round, ...] = ("first", "second", "adjudication")
ILLEGAL = "illegal"
UNSURE = "unsure"
OUT_OF_SCOPE = "out_of_scope"
CLOSING = ("not_illegal", "not_found", OUT_OF_SCOPE, "insufficient")
OUTCOMES = (ILLEGAL, *CLOSING, UNSURE)


@dataclass(frozen=True, slots=True)
class AssessmentResult:
    """The outcome and the facts that one person found."""

    outcome: str
    facts: Facts


def is_grave(assessment: AssessmentResult) -> bool:
    """Return whether another person must assess blind: the outcome is illegal and the facts are grave, or the outcome
    is not illegal although the facts would be grave and the person may be a child.
    """
    if assessment.outcome == ILLEGAL:
        return needs_second_assessment(assessment.facts)
    return (
        assessment.outcome == "not_illegal"
        and needs_second_assessment(assessment.facts)
        and actual_ages(assessment.facts)[0] < ADULT
    )


def assessments_agree(first: AssessmentResult, second: AssessmentResult) -> bool:
    """Return whether two assessments lead to the same ending. If the first person could not tell, the second assessment
    is enough unless it is grave.
    """
    if UNSURE in (first.outcome, second.outcome):
        return first.outcome == UNSURE and second.outcome != UNSURE and not is_grave(second)
    return (first.outcome == ILLEGAL) == (second.outcome == ILLEGAL)


def act_after(
    round_: Round, assessment: AssessmentResult, first: AssessmentResult | None = None, *, ends_unheard: bool = False
) -> str:
    """Return the act of the table of transitions that this assessment calls for; `first` is the first assessment that a
    second one follows. `ends_unheard`: a first assessment would end an urgent case of which the police never heard.
    """
    end = "illegal" if assessment.outcome == ILLEGAL else "other"
    if round_ == "adjudication":
        return f"settle_{end}"
    if round_ == "second" and first is not None:
        return f"confirm_{end}" if assessments_agree(first, assessment) else "dispute"
    takes_second = assessment.outcome == UNSURE or is_grave(assessment) or ends_unheard
    return "ask_second" if takes_second else f"find_{end}"


def differences(first: AssessmentResult, second: AssessmentResult) -> tuple[str, ...]:
    """Return where two assessments differ: the outcome, the severity, then other facts by name; empty if they agree."""
    found = [name for name in ("outcome",) if first.outcome != second.outcome]
    one, other = first.facts.to_dict(), second.facts.to_dict()
    if derive(first.facts).get("uk") != derive(second.facts).get("uk"):
        found.append("level")
    return (*found, *facts_that_differ(one, other))


def ends_differ(first: str, second: str) -> bool:
    """Return whether two people came to different endings. “Can't tell” contradicts nobody."""
    return UNSURE not in (first, second) and (first == ILLEGAL) != (second == ILLEGAL)


def facts_that_differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the facts on which two statements differ, in alphabetical order."""
    return tuple(sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name)))
