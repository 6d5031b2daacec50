"""What other lists call their entries, and that nothing of it is guessed."""

from collections import Counter

import pytest

from leeward.foundation.errors import BadInput
from leeward.hashbank.rules.categories import (
    KEPT_HERE,
    LEAVE_OUT,
    MEANINGS,
    NAMES,
    PROFILES,
    SHARE_LEVELS,
    Meaning,
    _british,
    _industry,
    categories_with_meanings,
    profile_with,
    unmapped,
    vics_profile,
)


def means(profile: str) -> dict[str, str]:
    return {category: meaning.what for category, meaning in PROFILES[profile].categories.items()}


def test_every_table() -> None:
    assert means("own") == {}
    out, yes = LEAVE_OUT, "confirm"
    assert means("vics") == {"0": out, "1": yes, "2": out, "3": yes, "4": out, "5": "not_illegal"}
    assert means("vics-gb") == {"0": out, "1": yes, "2": yes, "3": yes}
    assert means("vics-other") == {"0": out}
    assert means("interpol") == {"1": yes, "2": yes, "3": out, "4": "not_illegal"}
    assert means("ncmec") == dict.fromkeys(("A1", "A2", "B1", "B2"), yes)
    assert means("iwf") == dict.fromkeys("ABC", yes)
    assert means("threatexchange") == {
        "MALICIOUS": yes,
        "NON_MALICIOUS": "not_illegal",
        "SUSPICIOUS": out,
        "UNKNOWN": out,
    }
    assert means("threatexchange-csv") == {
        "POSITIVE_CLASS": yes,
        "NEGATIVE_CLASS": "not_illegal",
        "INVESTIGATION_SEED": out,
        "DISPUTED": "dispute",
    }
    assert [name for name, one in PROFILES.items() if one.reads_labels] == ["iwf"]
    assert all(name == one.name for name, one in PROFILES.items())


def test_the_facts_that_categories_state() -> None:
    assert PROFILES["ncmec"].categories["A2"].facts == {"pubertal_stage": "prepubescent", "act": "explicit_posing"}
    assert _industry("A2") == PROFILES["ncmec"].categories["A2"]
    assert _british("C") == PROFILES["iwf"].categories["C"]
    assert PROFILES["iwf"].categories["C"].facts == {"act": "uk_c"}
    assert PROFILES["vics-gb"].categories["2"].facts == {"act": "uk_b"}
    assert PROFILES["vics"].categories["3"].facts == {"medium": "drawing"}
    assert PROFILES["vics"].categories["1"].facts == {}
    assert PROFILES["interpol"].categories["1"].facts == {"pubertal_stage": "prepubescent"}
    assert PROFILES["interpol"].categories["2"].facts == {}


def test_the_country_of_a_vics_file_chooses_its_table() -> None:
    assert [vics_profile(one) for one in ("", "US", "us", "GB", "UK", "CA")] == [
        "vics-other",
        "vics",
        "vics",
        "vics-gb",
        "vics-gb",
        "vics-other",
    ]


def test_what_a_person_says_comes_before_the_table() -> None:
    own = profile_with("vics-gb", {"4": "leave_out", "1": "dispute", "2": "confirm"})
    assert own.meaning("4") == Meaning("leave_out", {})
    assert own.meaning("1") == Meaning("dispute", {})
    assert own.meaning("2") == Meaning("confirm", {"act": "uk_b"})
    assert own.meaning("3") == Meaning("confirm", {"act": "uk_c"})
    assert own.meaning("5") is None
    assert (own.name, own.reads_labels) == ("vics-gb", False)
    assert profile_with("iwf", {}).reads_labels
    with pytest.raises(BadInput) as unknown:
        profile_with("x" * 40, {})
    assert unknown.value.text == f"The profile '{'x' * 30}' can't be read: it is not one of {', '.join(PROFILES)}."
    with pytest.raises(BadInput) as meaning:
        profile_with("vics", {"9" * 40: "illegal"})
    assert (
        meaning.value.text == f"The category '{'9' * 30}' can't be read: its meaning is not one of {', '.join(NAMES)}."
    )


def test_counts_are_told_with_their_meaning() -> None:
    counts = Counter({"7": 2, "1": 3})
    profile = profile_with("vics", {})
    assert categories_with_meanings(counts, profile) == {
        "1": {"count": 3, "means": "confirm"},
        "7": {"count": 2, "means": ""},
    }
    assert list(categories_with_meanings(counts, profile)) == ["1", "7"]
    assert unmapped({"9": 1, "7": 2, "1": 3}, profile) == ["7", "9"]
    assert unmapped(counts, profile_with("vics", {"7": "leave_out"})) == []


def test_words_of_commands_and_levels_of_sharing() -> None:
    assert set(NAMES.values()) == set(MEANINGS)
    assert {level for level, kept in SHARE_LEVELS.items() if kept in KEPT_HERE} == {"AMBER", "RED"}
