"""Who ends alone an urgent case of which the police never heard: nobody, where somebody else called it urgent."""

from types import SimpleNamespace
from typing import Any

import pytest

from leeward.casework import situations
from leeward.casework.assessment.rules.second_assessment import AssessmentResult
from leeward.casework.models import Case
from leeward.casework.situations import Wanted, ends_unheard
from leeward.foundation.actor import Actor
from leeward.laws.rules.facts import parse_facts
from tests.casework.conftest import GRAVE, PLAIN

ANALYST = 7


def found(outcome: str, facts: dict[str, Any] = PLAIN) -> AssessmentResult:
    return AssessmentResult(outcome, parse_facts(facts))


def around(
    monkeypatch: pytest.MonkeyPatch, case: Case, *, made: bool = False, owed: bool = False, others: bool = True
) -> None:
    """What other rooms know of this case, and of no other: whether the police have it or are owed it, and whether anybody
    but the analyst calls it urgent."""
    told = {
        "standing": {id(case): SimpleNamespace(is_made=made)},
        "owed": {id(case): owed},
        "reports": {id(case): ["r"]},
    }
    monkeypatch.setattr(situations, "standing_of", lambda one: told["standing"][id(one)])
    monkeypatch.setattr(situations, "police_are_owed", lambda one: told["owed"][id(one)])
    monkeypatch.setattr(situations, "reports_of", lambda one: told["reports"][id(one)])
    asked = (case, ["r"], ANALYST)
    monkeypatch.setattr(situations, "others_call_urgent", lambda *given: others and given == asked)


@pytest.mark.parametrize(
    ("urgent", "outcome", "around_it", "is_unheard"),
    [
        (True, "not_illegal", {}, True),
        (True, "not_found", {}, True),
        (False, "not_illegal", {}, False),
        (True, "illegal", {}, False),
        (True, "unsure", {}, False),
        (True, "not_illegal", {"made": True}, False),
        (True, "not_illegal", {"owed": True}, False),
        (True, "not_illegal", {"others": False}, False),
    ],
)
def test_an_urgent_case_that_nobody_heard_of_is_not_ended_alone(
    monkeypatch: pytest.MonkeyPatch, urgent: bool, outcome: str, around_it: dict[str, bool], is_unheard: bool
) -> None:
    case = Case(urgent=urgent)
    around(monkeypatch, case, **around_it)
    assert ends_unheard(case, found(outcome), ANALYST) is is_unheard
    wanted = Wanted(actor=Actor("staff", ANALYST), assessment=found(outcome))
    assert situations._is_grave(case, wanted) is is_unheard


def test_what_is_grave_takes_two_whoever_called_it_urgent(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(urgent=False)
    around(monkeypatch, case)
    actor = Actor("staff", ANALYST)
    assert situations._is_grave(case, Wanted(actor=actor, assessment=found("illegal", GRAVE))) is True
    assert situations._is_grave(case, Wanted(actor=actor)) is None
