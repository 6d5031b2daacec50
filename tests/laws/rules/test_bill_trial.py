"""What a draft's definition would say of facts: which clause reaches them, and what it leaves outside."""

from datetime import date
from typing import Any

import pytest

from leeward.laws.drafting.formats import bill_of
from leeward.laws.rules.bill_clauses import Bill
from leeward.laws.rules.bill_options import parse_options
from leeward.laws.rules.bill_trial import TrialLaw, clause_number, trial_law
from leeward.laws.rules.facts import parse_facts
from tests.laws.drafts import drafting_register

TODAY = date(2026, 11, 27)
CHILD = {"medium": "photograph", "known_age": 10, "real_person": "yes", "act": "uk_b"}
YOUNG_LOOKING = CHILD | {"known_age": 30, "apparent_age": 15}
GENERATED = {"medium": "ai_generated", "apparent_age": [8, 10], "real_person": "no", "act": "uk_b"}
TEXT = {"medium": "text", "act": "uk_a", "apparent_age": 9}


def _bill(code: str, choices: dict[str, Any]) -> Bill:
    return bill_of(drafting_register(), code, parse_options(choices), TODAY)


def _law(**choices: Any) -> TrialLaw:
    law = trial_law(_bill("JM", {"clauses": "all", **choices}))
    assert law is not None
    return law


@pytest.mark.parametrize(
    ("choices", "facts", "verdict", "clause"),
    [
        ({}, CHILD, "likely", "3(1)(a)"),
        ({}, CHILD | {"known_age": 40, "apparent_age": 40}, "unlikely", ""),
        ({}, CHILD | {"act": "nudist"}, "unlikely", ""),
        ({}, CHILD | {"act": "erotic_posing"}, "undetermined", "3(1)(a)"),
        ({}, CHILD | {"real_person": "unknown"}, "undetermined", "3(1)(a)"),
        ({}, YOUNG_LOOKING, "likely", "3(1)(c)"),
        ({"proven_adult": "yes"}, YOUNG_LOOKING, "unlikely", ""),
        ({"proven_adult": "yes"}, YOUNG_LOOKING | {"medium": "edited"}, "likely", "3(1)(c)"),
        ({"proven_adult": "yes"}, CHILD, "likely", "3(1)(a)"),
        ({}, GENERATED, "likely", "3(1)(d)"),
        ({"simulated_images": "no"}, GENERATED, "unlikely", ""),
        ({}, GENERATED | {"medium": "drawing"}, "unlikely", ""),
        ({}, TEXT, "unlikely", ""),
        ({"text_audio": "yes"}, TEXT, "likely", "3(5)"),
    ],
)
def test_each_limb_reaches_what_it_says(
    choices: dict[str, str], facts: dict[str, Any], verdict: str, clause: str
) -> None:
    tried = _law(**choices).try_on(parse_facts(facts), TODAY)
    assert tried.verdict == verdict
    if clause != "3(5)":
        assert tried.clause == clause
    else:
        assert tried.clause.startswith("3(")


def test_a_draft_that_leaves_the_definition_as_it_is_has_none() -> None:
    assert trial_law(_bill("JM", {})) is None


def test_a_clause_has_its_full_number() -> None:
    assert clause_number(_bill("DM", {}), "material-conduct") == "3(1)(a)"
    assert clause_number(_bill("GD", {}), "material-appears") == "12A(1)(c)"
    with pytest.raises(KeyError):
        clause_number(_bill("JM", {}), "material-conduct")
