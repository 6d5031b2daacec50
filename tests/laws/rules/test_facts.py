"""Facts are read from plain values, or one sentence says which fact is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.rules.acts import acts_vocabulary
from leeward.laws.rules.facts import (
    AGE_BANDS,
    MEDIA,
    PUBERTAL_STAGES,
    BadFacts,
    Facts,
    actual_ages,
    needs_second_assessment,
    parse_facts,
)

ANY_VALUE = (
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats() | st.text(max_size=8) | st.lists(st.integers())
)


def test_the_facts_of_the_command_are_read() -> None:
    facts = parse_facts(
        {
            "real_person": "yes",
            "known_age": 8,
            "apparent_age": [7, 9],
            "medium": "photo-realistic",
            "sap_level": 4,
            "exploitative": "unknown",
        }
    )
    assert (facts.medium, facts.act, facts.apparent_age) == ("photo_realistic", "sap_4", (7, 9))


def test_null_and_nothing_are_unknown() -> None:
    assert parse_facts({"known_age": None, "medium": "", "sap_level": None}) == Facts()


PHOTOGRAPH: dict[str, object] = {"medium": "photograph"}


@pytest.mark.parametrize(
    ("given_facts", "field", "words"),
    [
        ({**PHOTOGRAPH, "age_band": "adult", "pubertal_stage": "infant"}, "age_band", ["adult", "infant"]),
        ({"age_band": "0-2", "known_age": 40}, "known_age", ["40", "0-2"]),
        ({**PHOTOGRAPH, "known_age": 30, "apparent_age": 2}, "known_age", ["30", "2"]),
        ({**PHOTOGRAPH, "known_age": 5, "apparent_age": [40, 50]}, "known_age", ["5", "40"]),
        ({**PHOTOGRAPH, "age_band": "3-6", "pubertal_stage": "pubescent"}, "age_band", ["3-6", "pubescent"]),
        ({"victim": "known", "real_person": "no"}, "victim", ["known", "real_person"]),
        ({"payments": ["visa"], "commercial": "no"}, "payments", ["commercial"]),
        ({"act": "posing", "sap_level": 4}, "sap_level", ["posing", "4"]),
        ({"presented_as_child": "yes", "apparent_age": 40}, "presented_as_child", ["adult"]),
        ({"apparent_age": [9, 3]}, "apparent_age", ["9", "3"]),
        ({"sap_level": 6}, "sap_level", ["1 to 5"]),
        ({"medium": "sculpture"}, "medium", ["sculpture", "photograph"]),
        ({"known_age": -1}, "known_age", ["0 to 120"]),
        ({"known_age": True}, "known_age", ["years"]),
        ({"colour": "red"}, "colour", ["not a fact"]),
    ],
)
def test_bad_facts_name_the_fact(given_facts: dict[str, object], field: str, words: list[str]) -> None:
    with pytest.raises(BadFacts) as problem:
        parse_facts(given_facts)
    assert problem.value.field == field
    assert all(word in problem.value.text for word in words), problem.value.text


def test_an_adult_may_look_young_and_a_child_old() -> None:
    assert parse_facts({"known_age": 19, "apparent_age": 14}).known_age == 19
    assert parse_facts({"known_age": 17, "apparent_age": 25}).known_age == 17


def test_nobody_who_looks_ten_is_an_adult() -> None:
    assert actual_ages(parse_facts({**PHOTOGRAPH, "apparent_age": 8})) == (0, 17)
    assert actual_ages(parse_facts({**PHOTOGRAPH, "apparent_age": 14})) == (0, 120)


@pytest.mark.parametrize("medium", ["edited", "ai_generated", "photo_realistic", "drawing"])
def test_a_picture_can_make_an_adult_look_like_a_child(medium: str) -> None:
    made = parse_facts({"medium": medium, "real_person": "yes", "known_age": 30, "apparent_age": 9})
    assert actual_ages(made) == (30, 30)
    assert actual_ages(parse_facts({"medium": medium, "apparent_age": 9})) == (0, 120)


@given(st.dictionaries(st.sampled_from([*Facts.__slots__, "sap_level", "x"]), ANY_VALUE))
def test_anything_is_read_or_refused_in_one_sentence(values: dict[str, object]) -> None:
    problem: BadFacts | None = None
    try:
        facts = parse_facts(values)
    except BadFacts as refused:
        problem = refused
    else:
        assert parse_facts(facts.to_dict()) == facts
    assert problem is None or (problem.field and "\n" not in problem.text)


@given(
    st.fixed_dictionaries(
        {
            "age_band": st.sampled_from(list(AGE_BANDS)),
            "pubertal_stage": st.sampled_from(PUBERTAL_STAGES),
            "medium": st.sampled_from(MEDIA),
            "act": st.sampled_from(sorted(acts_vocabulary().stands_for)),
        }
    )
)
def test_no_adult_is_ever_taken_for_an_infant(values: dict[str, object]) -> None:
    try:
        facts = parse_facts(values)
    except BadFacts:
        return
    low, high = actual_ages(facts)
    assert low <= high
    recorded = facts.medium in ("photograph", "video")
    assert not (recorded and facts.age_band == "adult" and facts.pubertal_stage in ("infant", "prepubescent"))


@pytest.mark.parametrize(
    ("values", "needed"),
    [
        ({"act": "penetration_with_adult", "age_band": "14-15"}, True),
        ({"sap_level": 5}, True),
        ({"act": "uk_a"}, True),
        ({"act": "posing", "age_band": "0-2"}, True),
        ({"act": "posing", "pubertal_stage": "infant"}, True),
        ({"act": "act_with_adult", "age_band": "7-10"}, False),
        ({}, False),
    ],
)
def test_grave_facts_need_a_second_assessment(values: dict[str, object], needed: bool) -> None:
    assert needs_second_assessment(parse_facts(values)) is needed
