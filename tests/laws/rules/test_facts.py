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
        ({"known_age": 2}, True),
        ({"known_age": 3}, False),
        ({"medium": "drawing", "apparent_age": 2}, True),
        ({"medium": "drawing", "apparent_age": 3}, False),
        ({}, False),
    ],
)
def test_grave_facts_need_a_second_assessment(values: dict[str, object], needed: bool) -> None:
    assert needs_second_assessment(parse_facts(values)) is needed


def _refused(given: dict[str, object]) -> tuple[str, str]:
    """The fact that is named, and the sentence; empty where the facts can be used."""
    try:
        parse_facts(given)
    except BadFacts as problem:
        return problem.field, problem.text.removeprefix("The facts can't be used: ")
    return "", ""


@pytest.mark.parametrize(
    ("given_facts", "field", "sentence"),
    [
        (
            {"age_band": "0-2", "known_age": 40},
            "known_age",
            "known_age is 40 and age_band is 0-2: they contradict each other.",
        ),
        (
            {**PHOTOGRAPH, "known_age": 30, "apparent_age": 2},
            "known_age",
            "known_age is 30 and apparent_age is 2–2: they contradict each other.",
        ),
        (
            {**PHOTOGRAPH, "age_band": "adult", "pubertal_stage": "infant"},
            "age_band",
            "age_band is adult and pubertal_stage is infant: they contradict each other.",
        ),
        (
            {**PHOTOGRAPH, "apparent_age": [20, 25], "pubertal_stage": "prepubescent"},
            "apparent_age",
            "apparent_age is 20–25 and pubertal_stage is prepubescent: they contradict each other.",
        ),
        (
            {"victim": "known", "real_person": "no"},
            "victim",
            "victim is known and real_person is no: they contradict each other.",
        ),
        (
            {"self_generated": "yes", "real_person": "no"},
            "self_generated",
            "self_generated is yes and real_person is no: they contradict each other.",
        ),
        (
            {"payments": ["visa"], "commercial": "no"},
            "payments",
            "payments are named and commercial is no.",
        ),
        ({"payments": ["visa", "none"]}, "payments", "payments name a kind and also none."),
        (
            {"presented_as_child": "yes", "apparent_age": 40},
            "presented_as_child",
            "presented_as_child is yes and apparent_age is that of an adult: they contradict each other.",
        ),
    ],
)
def test_a_contradiction_is_said_with_both_facts(given_facts: dict[str, object], field: str, sentence: str) -> None:
    assert _refused(given_facts) == (field, sentence)


def test_what_is_no_set_of_facts_is_said_so() -> None:
    with pytest.raises(BadFacts) as problem:
        parse_facts(["known_age"])  # type: ignore[arg-type]
    assert problem.value.field == "the whole"
    assert "the whole must be a set of names and values" in problem.value.text


@pytest.mark.parametrize(
    ("given_facts", "field"),
    [
        ({"age_band": "7-10", "known_age": 7}, ""),
        ({"age_band": "7-10", "known_age": 10}, ""),
        ({"age_band": "7-10", "known_age": 11}, "known_age"),
        ({**PHOTOGRAPH, "known_age": 18, "apparent_age": 10}, "known_age"),
        ({**PHOTOGRAPH, "known_age": 18, "apparent_age": 11}, ""),
        ({**PHOTOGRAPH, "known_age": 17, "apparent_age": 10}, ""),
        ({**PHOTOGRAPH, "known_age": 10, "apparent_age": 18}, "known_age"),
        ({**PHOTOGRAPH, "known_age": 10, "apparent_age": 17}, ""),
        ({**PHOTOGRAPH, "known_age": 11, "apparent_age": 18}, ""),
        ({**PHOTOGRAPH, "known_age": 17, "apparent_age": 30}, "known_age"),
        ({**PHOTOGRAPH, "known_age": 17, "apparent_age": 29}, ""),
        ({**PHOTOGRAPH, "known_age": 18, "apparent_age": 30}, ""),
        ({**PHOTOGRAPH, "known_age": 18, "pubertal_stage": "prepubescent"}, "known_age"),
        ({**PHOTOGRAPH, "known_age": 17, "pubertal_stage": "prepubescent"}, ""),
        ({**PHOTOGRAPH, "known_age": 7, "pubertal_stage": "infant"}, "known_age"),
        ({**PHOTOGRAPH, "known_age": 6, "pubertal_stage": "infant"}, ""),
        ({**PHOTOGRAPH, "known_age": 6, "pubertal_stage": "pubescent"}, "known_age"),
        ({**PHOTOGRAPH, "known_age": 6, "pubertal_stage": "postpubescent"}, "known_age"),
        ({**PHOTOGRAPH, "known_age": 7, "pubertal_stage": "postpubescent"}, ""),
        ({**PHOTOGRAPH, "known_age": 5}, ""),
        ({**PHOTOGRAPH, "apparent_age": [18, 30], "pubertal_stage": "prepubescent"}, "apparent_age"),
        ({**PHOTOGRAPH, "apparent_age": [17, 30], "pubertal_stage": "prepubescent"}, ""),
        ({"payments": ["none"], "commercial": "no"}, ""),
        ({"payments": ["none"]}, ""),
        ({"payments": ["visa"]}, ""),
        ({"commercial": "no"}, ""),
        ({"self_generated": "yes", "real_person": "yes"}, ""),
        ({"self_generated": "no", "real_person": "no"}, ""),
        ({"victim": "known", "real_person": "yes"}, ""),
        ({"victim": "new", "real_person": "no"}, ""),
        ({"presented_as_child": "yes", "apparent_age": [17, 40]}, ""),
        ({"presented_as_child": "yes", "apparent_age": [18, 40]}, "presented_as_child"),
        ({"presented_as_child": "yes"}, ""),
        ({"presented_as_child": "no", "apparent_age": 40}, ""),
    ],
)
def test_each_contradiction_begins_at_its_age(given_facts: dict[str, object], field: str) -> None:
    assert _refused(given_facts)[0] == field


@pytest.mark.parametrize(
    ("looks", "ages"), [([8, 10], (0, 17)), ([8, 11], (0, 120)), ([30, 40], (18, 120)), ([29, 40], (0, 120))]
)
def test_a_look_settles_the_age_from_its_plain_end_on(looks: list[int], ages: tuple[int, int]) -> None:
    assert actual_ages(parse_facts({**PHOTOGRAPH, "apparent_age": looks})) == ages


def test_before_puberty_is_no_adult() -> None:
    assert actual_ages(parse_facts({**PHOTOGRAPH, "pubertal_stage": "prepubescent"})) == (0, 17)


def test_every_fact_is_read_by_its_own_name() -> None:
    given_facts = {
        "real_person": "yes", "age_band": "7-10", "known_age": 8, "apparent_age": [7, 9], "pubertal_stage": "prepubescent",
        "sex": "male", "medium": "photograph", "act": "posing", "self_generated": "yes", "commercial": "yes",
        "payments": ["visa", "sms"], "site_type": "forum", "victim": "new", "exploitative": "yes", "presented_as_child": "no",
    }  # fmt: skip
    assert set(given_facts) == set(Facts.__slots__)
    assert parse_facts(given_facts).to_dict() == given_facts
