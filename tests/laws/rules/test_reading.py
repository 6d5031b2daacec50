"""Whose age a law asks for, and what a set of facts says about it."""

import pytest

from leeward.laws.rules.facts import parse_facts
from leeward.laws.rules.jurisdiction import AgeRule
from leeward.laws.rules.reading import read
from leeward.laws.rules.three import NO, UNKNOWN, YES

CHILD = {"real_person": "yes", "medium": "photograph", "known_age": 9, "apparent_age": 9}
LOOKS_YOUNG = {"real_person": "yes", "medium": "photograph", "known_age": 25, "apparent_age": 15}


def _rule(below: int | None, *by: str, plainly_below: int | None = None) -> AgeRule:
    return AgeRule(below, plainly_below, by)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stage", "ages", "before"),
    [
        ("undetermined", (0, 12), YES),
        ("undetermined", (12, 13), UNKNOWN),
        ("undetermined", (13, 13), UNKNOWN),
        ("undetermined", (14, 14), NO),
        ("infant", (0, 13), YES),
        ("prepubescent", (0, 13), YES),
        ("prepubescent", (13, 14), UNKNOWN),
        ("prepubescent", (14, 15), NO),
        ("pubescent", (13, 14), NO),
        ("postpubescent", (13, 14), NO),
        ("pubescent", (12, 13), UNKNOWN),
        ("pubescent", (11, 12), YES),
    ],
)
def test_the_stage_decides_at_thirteen_and_never_against_the_age(
    stage: str, ages: tuple[int, int], before: object
) -> None:
    assert read(parse_facts({"pubertal_stage": stage})).prepubescent(ages) is before


@pytest.mark.parametrize(
    ("facts", "rule", "medium", "falls_under"),
    [
        (CHILD, _rule(18, "actual"), "photograph", YES),
        (CHILD | {"real_person": "no"}, _rule(18, "actual"), "photograph", NO),
        (CHILD | {"real_person": "unknown"}, _rule(18, "actual"), "photograph", UNKNOWN),
        (LOOKS_YOUNG, _rule(18, "actual"), "photograph", NO),
        (LOOKS_YOUNG, _rule(18, "appears"), "photograph", YES),
        (LOOKS_YOUNG, _rule(18, "actual", "appears"), "photograph", YES),
        (CHILD, _rule(18, "depicted"), "photograph", YES),
        (LOOKS_YOUNG, _rule(18, "depicted"), "photograph", UNKNOWN),
        (LOOKS_YOUNG | {"presented_as_child": "yes"}, _rule(18, "depicted"), "photograph", YES),
        (LOOKS_YOUNG | {"presented_as_child": "yes"}, _rule(16, "depicted"), "photograph", UNKNOWN),
        (LOOKS_YOUNG | {"presented_as_child": "yes"}, _rule(None, "depicted"), "photograph", UNKNOWN),
        (LOOKS_YOUNG | {"presented_as_child": "yes"}, _rule(14, "depicted"), "photograph", NO),
        ({"medium": "drawing", "apparent_age": 15}, _rule(18, "depicted"), "drawing", YES),
        ({"apparent_age": [28, 29]}, _rule(None, "appears"), "photograph", UNKNOWN),
        ({"apparent_age": 30}, _rule(None, "appears"), "photograph", NO),
        ({"apparent_age": 11}, _rule(None, "appears", plainly_below=12), "photograph", YES),
        ({"apparent_age": 12}, _rule(None, "appears", plainly_below=12), "photograph", UNKNOWN),
        ({"apparent_age": 11}, _rule(None, "appears"), "photograph", UNKNOWN),
    ],
)
def test_the_age_that_the_law_asks_for_counts(
    facts: dict[str, object], rule: AgeRule, medium: str, falls_under: object
) -> None:
    assert read(parse_facts(facts)).age(rule, medium) is falls_under
