"""Every scale follows from the facts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.rules.acts import acts_vocabulary
from leeward.laws.rules.facts import parse_facts
from leeward.laws.rules.schemes import SchemeLevel, baseline_of, convert, derive, levels
from leeward.laws.rules.three import NO, UNKNOWN, YES


@pytest.mark.parametrize(
    ("act", "copine", "sap", "category"),
    [
        ("none", "none", "none", "none"),
        ("indicative", "1", "none", "none"),
        ("nudist", "2", "disputable", "disputable"),
        ("surreptitious", "3", "disputable", "disputable"),
        ("posing", "4", "1", "C"),
        ("erotic_posing", "5", "1", "C"),
        ("explicit_posing", "6", "1", "C"),
        ("witnessing", "undetermined", "undetermined", "undetermined"),
        ("act_no_adult", "7", "2", "B"),
        ("act_with_adult", "8", "3", "B"),
        ("penetration_no_adult", "7", "4", "A"),
        ("penetration_with_adult", "9", "4", "A"),
        ("sadism", "10", "5", "A"),
        ("animal", "10", "5", "A"),
    ],
)
def test_scales_by_the_act(act: str, copine: str, sap: str, category: str) -> None:
    found = derive(parse_facts({"act": act}))
    assert (found["copine"], found["sap"], found["uk"]) == (copine, sap, category)


def test_category_a_is_never_turned_back_into_four_or_five() -> None:
    assert convert("A", from_scheme="uk", to_scheme="sap") == {"4", "5"}
    assert convert("4", from_scheme="sap", to_scheme="uk") == {"A"}
    assert derive(parse_facts({"act": "uk_a"}))["sap"] == "undetermined"


def test_sap_until_2014_and_categories_after() -> None:
    facts = parse_facts({"act": "sadism"})
    before = derive(facts, on=date(2014, 3, 31))
    after = derive(facts, on=date(2014, 4, 1))
    assert (before.get("sap"), before.get("uk")) == ("5", None)
    assert (after.get("sap"), after.get("uk")) == (None, "A")
    assert "sap" not in derive(facts, on=date(2002, 11, 20))


def test_levels_that_rest_on_general_knowledge_are_marked() -> None:
    read = {row.scheme: row.is_verified for row in levels(parse_facts({"act": "indicative"}))}
    unread = {row.scheme: row.is_verified for row in levels(parse_facts({"act": "sadism"}))}
    assert (read["copine"], unread["copine"], unread["sap"]) == (True, False, True)


@pytest.mark.parametrize(
    ("act", "band", "level"),
    [
        ("act_with_adult", "7-10", "A1"),
        ("explicit_posing", "3-6", "A2"),
        ("act_with_adult", "14-15", "B1"),
        ("explicit_posing", "16-17", "B2"),
        ("act_with_adult", "11-13", "undetermined"),
        ("act_with_adult", "adult", "none"),
        ("indicative", "7-10", "none"),
        ("erotic_posing", "7-10", "undetermined"),
    ],
)
def test_industry_classes(act: str, band: str, level: str) -> None:
    assert derive(parse_facts({"act": act, "age_band": band}))["a1_b2"] == level


def test_the_stage_of_puberty_settles_thirteen() -> None:
    young = {"act": "act_with_adult", "age_band": "11-13", "real_person": "yes", "medium": "photograph"}
    assert derive(parse_facts({**young, "pubertal_stage": "prepubescent"}))["interpol"] == "baseline"
    assert derive(parse_facts(young))["interpol"] == "undetermined"


@pytest.mark.parametrize(
    ("facts", "national", "grade"),
    [
        ({"real_person": "yes", "age_band": "7-10", "act": "sap_4", "medium": "video"}, None, "baseline"),
        ({"real_person": "yes", "age_band": "16-17", "act": "sap_4", "medium": "video"}, "likely", "national"),
        ({"real_person": "yes", "age_band": "16-17", "act": "sap_4", "medium": "video"}, "unlikely", "not illegal"),
        ({"real_person": "yes", "age_band": "16-17", "act": "sap_4", "medium": "video"}, None, "undetermined"),
        ({"act": "sap_4", "medium": "video"}, "likely", "undetermined"),
    ],
)
def test_iccam_grade(facts: dict[str, object], national: str | None, grade: str) -> None:
    assert derive(parse_facts(facts), national=national)["iccam"] == grade


@given(st.sampled_from(sorted(acts_vocabulary().acts)), st.sampled_from(["sap", "uk", "copine"]))
def test_a_coarser_act_keeps_the_true_level_possible(act: str, scheme: str) -> None:
    fine = {row.scheme: row for row in levels(parse_facts({"act": act}))}[scheme]
    for code, acts in acts_vocabulary().stands_for.items():
        if act in acts and fine.level != "undetermined":
            coarse = {row.scheme: row for row in levels(parse_facts({"act": code}))}[scheme]
            assert fine.level in coarse.possible


def _row(scheme: str, on: date | None = None, **facts: object) -> SchemeLevel:
    return {row.scheme: row for row in levels(parse_facts(facts), on=on)}[scheme]


def test_what_is_still_possible_stands_in_the_order_of_the_scale() -> None:
    numbers = tuple(map(str, range(1, 11)))
    assert _row("copine").possible == ("none", *numbers)
    assert _row("uk").possible == ("A", "B", "C", "disputable", "none")


def test_the_single_grades_leave_nothing_else_possible() -> None:
    child = {"real_person": "yes", "age_band": "7-10", "medium": "video"}
    grades = [("animal", "baseline"), ("posing", "not baseline"), ("undetermined", "undetermined")]
    for act, grade in grades:
        possible = () if grade == "undetermined" else (grade,)
        row = _row("interpol", act=act, **child)
        assert row == SchemeLevel("interpol", grade, possible, is_verified=True, in_use=True)


@pytest.mark.parametrize(
    ("facts", "level", "possible"),
    [
        ({"act": "act_with_adult", "age_band": "7-10"}, "A1", ("A1",)),
        ({"act": "act_with_adult"}, "undetermined", ("A1", "B1")),
        ({"act": "uk_c", "age_band": "7-10"}, "undetermined", ("A2",)),
        ({"act": "act_with_adult", "age_band": "adult"}, "none", ("none",)),
    ],
)
def test_industry_classes_rest_on_no_text_that_was_read(
    facts: dict[str, object], level: str, possible: tuple[str, ...]
) -> None:
    assert _row("a1_b2", **facts) == SchemeLevel("a1_b2", level, possible, is_verified=False, in_use=True)


def test_a_scale_without_an_end_is_in_use_on_every_day() -> None:
    assert derive(parse_facts({"act": "sadism"}), on=date(2002, 11, 21)) | {"iccam": ""} == {
        "copine": "10", "sap": "5", "a1_b2": "undetermined", "interpol": "undetermined", "iccam": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("act", "medium", "baseline"),
    [
        ("animal", "photograph", YES),
        ("animal", "edited", YES),
        ("animal", "text", NO),
        ("animal", "audio", NO),
        ("animal", "drawing", UNKNOWN),
        ("uk_c", "photograph", UNKNOWN),
        ("posing", "photograph", NO),
    ],
)
def test_the_baseline_is_of_recordings_of_what_it_names(act: str, medium: str, baseline: object) -> None:
    facts = {"real_person": "yes", "known_age": 8, "apparent_age": 8, "act": act, "medium": medium}
    assert baseline_of(parse_facts(facts)) is baseline
