"""The law's opinion: the reader's cases come out, and what is not known never becomes a no."""

import csv
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.register import packaged_register
from leeward.laws.rules.acts import acts_vocabulary
from leeward.laws.rules.facts import AGE_BANDS, KNOWN, MEDIA, PUBERTAL_STAGES, BadFacts, Facts, parse_facts
from leeward.laws.rules.legality import Opinion, opinion
from leeward.laws.rules.schemes import baseline_of
from leeward.laws.rules.three import NO, YES

CASES = Path(__file__).parents[2] / "vectors" / "law" / "engine_cases.csv"
TODAY = date(2026, 11, 24)
CODES = sorted(packaged_register().compiled)


def _cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _facts(row: dict[str, str], *, real_person: str) -> Facts:
    return parse_facts(
        {
            "real_person": real_person,
            "known_age": row["real_age"] or None,
            "apparent_age": row["apparent_age"] or None,
            "medium": row["medium"],
            "sap_level": row["sap_level"],
        }
    )


def _opinion(values: dict[str, object], code: str, on: date = TODAY) -> Opinion:
    return opinion(parse_facts(values), packaged_register().jurisdiction(code), on)


@pytest.mark.parametrize("row", _cases(), ids=lambda row: f"{row['case']}-{row['jurisdiction']}")
def test_the_readers_cases_come_out(row: dict[str, str]) -> None:
    law = packaged_register().jurisdiction(row["jurisdiction"])
    # The column says "real child"; an adult of 19 is a real person. The opinion must not depend on how that is written.
    ways = {row["real_child"], "yes" if row["real_age"] else row["real_child"]}
    for real_person in ways:
        found = opinion(_facts(row, real_person=real_person), law, TODAY)
        assert found.verdict == row["expected"]
        assert found.because, "every opinion names its provision"
        assert bool(found.would_settle) == (found.verdict == "undetermined")


@pytest.mark.parametrize("row", [row for row in _cases() if row["jurisdiction"] == "GB"], ids=lambda row: row["case"])
def test_the_cases_that_name_england_come_out_for_england_and_wales(row: dict[str, str]) -> None:
    law = packaged_register().jurisdiction("GB-EAW")
    assert opinion(_facts(row, real_person=row["real_child"]), law, TODAY).verdict == row["expected"]


def test_there_are_fifty_two_cases_of_seven_kinds() -> None:
    assert len(_cases()) == 52
    assert [case for case, _rows in groupby(_cases(), key=lambda row: row["case"])] == [f"K{n}" for n in range(1, 8)]


# --- what is unknown -------------------------------------------------------------------------------------------------

UNKNOWN_FACTS: dict[str, object] = {
    "real_person": "unknown",
    "known_age": None,
    "apparent_age": None,
    "pubertal_stage": "undetermined",
    "medium": "undetermined",
    "act": "undetermined",
    "exploitative": "unknown",
    "presented_as_child": "unknown",
    "age_band": "undetermined",
}
VALUES = {
    "real_person": st.sampled_from(KNOWN),
    "known_age": st.none() | st.integers(0, 40),
    "apparent_age": st.none()
    | st.integers(0, 40)
    | st.tuples(st.integers(0, 18), st.integers(0, 12)).map(lambda pair: [pair[0], pair[0] + pair[1]]),
    "pubertal_stage": st.sampled_from(PUBERTAL_STAGES),
    "medium": st.sampled_from((*MEDIA, "undetermined")),
    "act": st.sampled_from(sorted(acts_vocabulary().stands_for)),
    "exploitative": st.sampled_from(KNOWN),
    "presented_as_child": st.sampled_from(KNOWN),
    "age_band": st.sampled_from(list(AGE_BANDS)),
}


def _verdicts(values: dict[str, object]) -> dict[str, str] | None:
    """The verdict of every jurisdiction, or None where the facts contradict each other."""
    try:
        facts = parse_facts(values)
    except BadFacts:
        return None
    return {code: opinion(facts, law, TODAY).verdict for code, law in packaged_register().compiled.items()}


@given(st.fixed_dictionaries(VALUES), st.sets(st.sampled_from(sorted(UNKNOWN_FACTS)), min_size=1))
def test_learning_a_fact_never_turns_an_opinion_round(values: dict[str, object], hidden: set[str]) -> None:
    """What an assessor does not know may leave an opinion open; once known, it settles it, and never contradicts it."""
    if "age_band" in hidden:
        hidden = hidden | ({"apparent_age"} if values["apparent_age"] is None else set())
    elif values["apparent_age"] is not None:
        hidden = hidden - {"apparent_age"}  # left out beside a stated band it is not unknown: it is the band
    knows_all = _verdicts(values)
    knows_less = _verdicts({**values, **{name: UNKNOWN_FACTS[name] for name in hidden}})
    if knows_all is None:
        return
    assert knows_less is not None, "leaving facts out never makes a contradiction"
    for code, less in knows_less.items():
        assert less in ("undetermined", knows_all[code]), (code, less, knows_all[code])


def test_no_facts_are_undetermined_everywhere() -> None:
    assert set((_verdicts({}) or {}).values()) == {"undetermined"}


@given(st.fixed_dictionaries(VALUES))
def test_a_country_without_recorded_law_never_says_no(values: dict[str, object]) -> None:
    found = _verdicts(values)
    if found is None:
        return
    assert {found[code] for code in ("AG", "NR", "TV", "MT", "AU-QLD")} == {"undetermined"}


@given(st.fixed_dictionaries(VALUES))
def test_the_baseline_as_a_law_and_as_a_grade_agree(values: dict[str, object]) -> None:
    try:
        facts = parse_facts(values)
    except BadFacts:
        return
    found = opinion(facts, packaged_register().jurisdiction("INTERPOL_BASELINE"), TODAY)
    assert found.verdict == {YES: "likely", NO: "unlikely"}.get(baseline_of(facts), "undetermined")


@given(st.fixed_dictionaries(VALUES), st.sampled_from(CODES))
def test_an_open_opinion_says_what_would_settle_it(values: dict[str, object], code: str) -> None:
    try:
        found = _opinion(values, code)
    except BadFacts:
        return
    assert bool(found.would_settle) == (found.verdict == "undetermined")


# --- what the issue asks the data to say -----------------------------------------------------------------------------

PICTURE: dict[str, object] = {"real_person": "yes", "medium": "photograph", "sap_level": 4}


@pytest.mark.parametrize(("known", "looks"), [(19, 12), (20, [9, 11]), (17, 12)])
def test_the_baseline_is_for_children_and_not_for_who_looks_like_one(known: int, looks: object) -> None:
    assert _opinion({**PICTURE, "known_age": known, "apparent_age": looks}, "INTERPOL_BASELINE").verdict == "unlikely"


def test_singapore_asks_for_the_relationship_at_sixteen_and_seventeen() -> None:
    sixteen = {**PICTURE, "known_age": 16, "apparent_age": 16}
    assert _opinion(sixteen, "SG").would_settle == ("exploitative",)
    assert _opinion({**sixteen, "exploitative": "yes"}, "SG").verdict == "likely"
    assert _opinion({**sixteen, "exploitative": "no"}, "SG").verdict == "unlikely"
    assert _opinion({**sixteen, "known_age": 15, "exploitative": "no"}, "SG").verdict == "likely"


def test_new_zealand_fixes_no_age() -> None:
    for age in (13, 15, 17, 18):
        found = _opinion({**PICTURE, "known_age": age, "apparent_age": age}, "NZ")
        assert found.would_settle == ("law:no age is fixed",), age


def test_a_law_without_a_fixed_age_does_not_reach_somebody_of_forty() -> None:
    assert _opinion({**PICTURE, "known_age": 40, "apparent_age": 40}, "NZ").verdict == "unlikely"
    assert _opinion({**PICTURE, "known_age": 40, "apparent_age": 29}, "NZ").verdict == "undetermined"
    assert _opinion({**PICTURE, "known_age": 30, "apparent_age": 30}, "NZ").verdict == "unlikely"


def test_england_asks_for_the_true_age_of_a_photograph_only() -> None:
    looks = {"apparent_age": 15, "known_age": 19, "sap_level": 4}
    assert _opinion({**looks, "real_person": "yes", "medium": "photograph"}, "GB").verdict == "unlikely"
    assert _opinion({**looks, "medium": "ai_generated"}, "GB").verdict == "likely"
    assert _opinion({**looks, "medium": "drawing"}, "GB").verdict == "likely"
    unproved = _opinion({"apparent_age": 15, "real_person": "yes", "medium": "photograph", "sap_level": 4}, "GB")
    assert unproved.would_settle == ("known_age",)


def test_canada_asks_how_the_person_is_presented() -> None:
    adult = {**PICTURE, "known_age": 19, "apparent_age": 14}
    assert _opinion(adult, "CA").would_settle == ("presented_as_child",)
    assert _opinion({**adult, "presented_as_child": "yes"}, "CA").verdict == "likely"
    assert _opinion({**adult, "presented_as_child": "no"}, "CA").verdict == "unlikely"


def test_jamaica_cites_its_act() -> None:
    found = _opinion({**PICTURE, "age_band": "7-10"}, "JM")
    assert found.verdict == "likely"
    assert [ground.citation for ground in found.because] == [
        "Child Pornography (Prevention) Act 2009 s 2(1)(a)",
        "Child Pornography (Prevention) Act 2009 s 5",
    ]


def test_a_no_says_which_part_fails() -> None:
    found = _opinion({**PICTURE, "known_age": 25, "apparent_age": 25}, "JM")
    assert found.verdict == "unlikely"
    assert {fail for ground in found.because for fail in ground.fails} == {"age"}


def test_states_differ_from_the_commonwealth_of_australia() -> None:
    seventeen = {**PICTURE, "known_age": 17, "apparent_age": 17}
    assert _opinion(seventeen, "AU").verdict == "likely"
    assert _opinion(seventeen, "AU-NSW").verdict == "unlikely"


def test_before_its_commencement_an_act_says_nothing() -> None:
    values = {**PICTURE, "age_band": "7-10"}
    assert _opinion(values, "JM", date(2009, 10, 20)).would_settle == ("law:unrecorded:photograph",)
    assert _opinion(values, "JM", date(2009, 10, 21)).verdict == "likely"


def test_a_day_on_which_the_text_was_not_read_is_open() -> None:
    found = _opinion({**PICTURE, "age_band": "7-10"}, "ZA", date(2010, 1, 1))
    assert found.would_settle == ("law:commencement:image",)


def test_a_drawing_in_england_is_outside_before_2010() -> None:
    values: dict[str, object] = {"medium": "drawing", "apparent_age": 10, "real_person": "no", "sap_level": 4}
    assert _opinion(values, "GB", date(2010, 4, 5)).verdict == "undetermined"
    assert _opinion(values, "GB", date(2010, 4, 6)).verdict == "likely"
