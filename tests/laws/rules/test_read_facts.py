"""Single facts as people, files and programs write them: read, or refused in words that name the fact."""

from typing import Any

import pytest

from leeward.foundation.lazy_text import LazyText
from leeward.laws.rules.acts import acts_vocabulary
from leeward.laws.rules.read_facts import FactReader

WORDS = ("yes", "no", "photo_realistic")


def _reader(given: dict[Any, Any]) -> FactReader:
    def fail(field: str, why: LazyText) -> ValueError:
        return ValueError(f"{field} {why!s}")

    return FactReader(given, fail=fail)


def _read(kind: str, value: object, *more: Any) -> Any:
    """What is read of the fact `it`, or the sentence with which it is refused."""
    try:
        return getattr(_reader({"it": value}), kind)("it", *more)
    except ValueError as problem:
        return str(problem)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"colour": 1}, "colour is not a fact that Leeward knows"),
        ({"zeal": 1, 7: 1}, "7 is not a fact that Leeward knows"),
    ],
)
def test_a_name_that_is_no_fact_is_refused(given: dict[Any, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        _reader(given).only(["it"])


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, "unknown"),
        ("", "unknown"),
        (True, "yes"),
        (False, "no"),
        (" Yes ", "yes"),
        ("photo_realistic", "photo_realistic"),
        ("Photo-Realistic", "photo_realistic"),
        ("photo realistic", "photo_realistic"),
        ("photorealistic", "photo_realistic"),
        (7, "it must be one of: yes, no, photo_realistic"),
        ("maybe", "it is 'maybe' and must be one of: yes, no, photo_realistic"),
        ("m" * 60, f"it is '{'m' * 40}' and must be one of: yes, no, photo_realistic"),
    ],
)
def test_a_word_is_read_however_it_is_spelled(value: object, read: str) -> None:
    assert _read("choice", value, WORDS, "unknown") == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, ()),
        ("", ()),
        (["no", "Yes", "no"], ("yes", "no")),
        ({"no"}, ("no",)),
        ("yes", "it must be a list"),
        (["maybe"], "it is 'maybe' and must be one of: yes, no, photo_realistic"),
    ],
)
def test_words_are_read_in_the_order_of_the_vocabulary(value: object, read: object) -> None:
    assert _read("choices", value, WORDS) == read


NO_YEARS, OUT_OF_RANGE = "it must be a number of years", "it must be from 0 to 120 years"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, None),
        ("", None),
        (8, 8),
        (8.9, 8),
        (" 8 ", 8),
        ("000000008", 8),
        (0, 0),
        (120, 120),
        (121, OUT_OF_RANGE),
        (-1, OUT_OF_RANGE),
        (float("nan"), OUT_OF_RANGE),
        (10**400, OUT_OF_RANGE),
        ("121", OUT_OF_RANGE),
        ("eight", NO_YEARS),
        ("٨", NO_YEARS),
        (True, NO_YEARS),
        ([8], NO_YEARS),
        (" " * 12 + "8", 8),
        ("8" * 10, NO_YEARS),
    ],
)
def test_an_age_is_in_completed_years(value: object, read: object) -> None:
    assert _read("age", value) == read


NO_RANGE = "it must be a number, [low, high] or null"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, None),
        ("", None),
        ("8", (8, 8)),
        ([7, "9"], (7, 9)),
        ((7, 7), (7, 7)),
        ([9, 7], "it runs from 9 down to 7"),
        ([7], NO_RANGE),
        ([7, 8, 9], NO_RANGE),
        ([7, 121], OUT_OF_RANGE),
        ("seven", NO_YEARS),
    ],
)
def test_a_range_of_ages_runs_upwards(value: object, read: object) -> None:
    assert _read("ages", value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, None),
        ("", None),
        (0, 0),
        (3, 3),
        (" 12 ", 12),
        ("1" * 9, 111111111),
        *((bad, "it must be a whole number") for bad in (-1, True, 1.5, "few", "1" * 10, "1 2", [])),
    ],
)
def test_a_number_is_whole_and_never_cut_short(value: object, read: object) -> None:
    assert _read("count", value) == read


NO_LEVEL = "sap_level must be none, a number from 1 to 5, or null"


@pytest.mark.parametrize(
    ("given", "act"),
    [
        ({}, "undetermined"),
        ({"act": "posing"}, "posing"),
        ({"act": "posing", "sap_level": ""}, "posing"),
        ({"act": "posing", "sap_level": None}, "posing"),
        ({"act": "posing", "sap_level": 1}, "posing"),
        ({"act": "act_no_adult", "sap_level": 2}, "act_no_adult"),
        ({"act": "uk_a", "sap_level": "4"}, "sap_4"),
        ({"act": "uk_a", "sap_level": 1}, "sap_level is 1 and act is uk_a: they contradict each other"),
        ({"sap_level": " None "}, "sap_none"),
        ({"sap_level": 5}, "sap_5"),
        ({"sap_level": 6}, NO_LEVEL),
        ({"sap_level": 0}, NO_LEVEL),
        ({"sap_level": True}, NO_LEVEL),
        ({"sap_level": 1.0}, NO_LEVEL),
        ({"act": "dancing"}, "act is 'dancing' and must be one of: none, indicative"),
    ],
)
def test_the_finer_of_act_and_level_is_taken(given: dict[str, Any], act: str) -> None:
    try:
        found = _reader(given).act(acts_vocabulary().stands_for)
    except ValueError as problem:
        found = str(problem)
    assert found.startswith(act) if " must be one of" in act else found == act
