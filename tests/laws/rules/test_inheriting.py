"""What a part takes from its state and a state from its part: row by row, marked with whose law it is."""

from typing import Any

import pytest

from leeward.laws.rules.parts import in_effect, problem_of_parts

BARE: dict[str, Any] = {
    "kind": "state", "known_on": None, "caution": None, "criteria": [], "bands": [], "surveys": [], "hotlines": [],
    "grooming": {"listed": False, "offence": "unknown"},
}  # fmt: skip
CONDUCT = {"possession": "yes"}
LIMB = {"id": "image", "media": ["photograph", "drawing"], "provisions": ["s1"]}
OUTSIDE = {"media": ["text"], "provisions": ["s1"]}
DUTY = {"id": "report", "provisions": ["s2"]}
OFFENCE = {"id": "approach", "provisions": ["s1"]}
LEGALITY: dict[str, Any] = {"conduct": CONDUCT, "limbs": [LIMB], "outside": [OUTSIDE]}
PLACES: dict[str, Any] = {
    "works": [{"id": "act", "title": "Act"}, {"id": "code", "title": "Code"}, {"id": "old", "title": "Old Act"}],
    "provisions": [{"id": "s1", "work": "act"}, {"id": "s2", "work": "code"}, {"id": "s3", "work": "old"}],
}
LAW: dict[str, Any] = {**PLACES, "legality": LEGALITY, "duties": [DUTY], "solicitation": [OFFENCE]}


def _part(own: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    """The part XX-A in effect."""
    files = {
        "XX": BARE | {"code": "XX"} | state,
        "XX-A": BARE | {"code": "XX-A", "kind": "part", "part_of": "XX"} | own,
    }
    found = in_effect(files)
    assert found["XX"] == files["XX"], "a file with neither state nor part is what it was"
    return found["XX-A"]


def _state(own: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """The state XX, which has its law from the part XX-A, in effect."""
    files = {
        "XX": BARE | {"code": "XX", "law_of_part": "XX-A"} | own,
        "XX-A": BARE | {"code": "XX-A", "kind": "part"} | part,
    }
    return in_effect(files)["XX"]


def _lent(row: dict[str, Any], *, by: str = "XX", inherited: bool = True) -> dict[str, Any]:
    return row | {
        "provisions": [f"{by.lower()}-{id}" for id in row["provisions"]],
        "lent_by": by,
        "known_on": "2026-01-02",
        "inherited": inherited,
    }


def test_a_part_of_which_nothing_was_read_has_its_states_law() -> None:
    found = _part({}, LAW | {"known_on": "2026-01-02"})
    assert found == BARE | {
        "code": "XX-A",
        "kind": "part",
        "part_of": "XX",
        "legality": {"conduct": CONDUCT, "limbs": [_lent(LIMB)], "outside": [_lent(OUTSIDE)]},
        "duties": [_lent(DUTY)],
        "solicitation": [_lent(OFFENCE)],
        "beside": None,
        "statements": {},
        "works": [{"id": "xx-act", "title": "Act"}, {"id": "xx-code", "title": "Code"}],
        "provisions": [{"id": "xx-s1", "work": "xx-act"}, {"id": "xx-s2", "work": "xx-code"}],
    }


def test_a_parts_own_rows_come_first() -> None:
    own = {
        "works": [{"id": "mine"}],
        "provisions": [{"id": "s1", "work": "mine"}],
        "legality": {
            "conduct": {"possession": "no"},
            "limbs": [LIMB | {"media": ["photograph"]}],
            "outside": [OUTSIDE | {"media": ["audio", "text"]}],
        },
        "duties": [DUTY | {"id": "own"}],
        "solicitation": [OFFENCE | {"id": "own"}],
    }
    found = _part(own, LAW | {"known_on": "2026-01-02"})
    assert found["legality"] == {
        "conduct": {"possession": "no"},
        "limbs": [LIMB | {"media": ["photograph"]}, _lent(LIMB | {"media": ["drawing"]})],
        "outside": [OUTSIDE | {"media": ["audio", "text"]}],
    }
    assert (found["duties"], found["solicitation"]) == (own["duties"], own["solicitation"])
    assert found["works"] == [{"id": "mine"}, {"id": "xx-act", "title": "Act"}], "only what the lent rows cite"
    assert found["provisions"] == [{"id": "s1", "work": "mine"}, {"id": "xx-s1", "work": "xx-act"}]


def test_a_state_takes_its_parts_law_as_its_own_and_no_review() -> None:
    found = _state({}, LAW | {"known_on": "2026-01-02", "bands": [{"band": "0"}]})
    assert found["legality"]["limbs"] == [_lent(LIMB, by="XX-A", inherited=False)]
    assert found["duties"] == [_lent(DUTY, by="XX-A", inherited=False)]
    assert found["bands"] == [], "a review is of a state"


def test_where_neither_has_a_row_there_is_none() -> None:
    found = _part({}, {})
    assert (found["legality"], found["duties"], found["solicitation"]) == ({}, [], [])
    assert (found["works"], found["provisions"], found["caution"]) == ([], [], None)


def test_the_review_and_the_hotline_of_a_state_stand_for_a_part_without() -> None:
    state = {name: [{"of": "state"}] for name in ("criteria", "bands", "surveys", "hotlines")}
    found = _part({"hotlines": [{"of": "part"}]}, state)
    assert found["hotlines"] == [{"of": "part"}]
    assert all(found[name] == [{"of": "state"}] for name in ("criteria", "bands", "surveys"))


@pytest.mark.parametrize(
    ("own", "state", "caution"),
    [
        ({"caution": "Ask both"}, LAW | {"caution": "Read in 2010"}, "Ask both. Read in 2010"),
        ({"caution": "Ask both"}, LAW | {"caution": "Ask both"}, "Ask both"),
        ({}, LAW | {"caution": "Read in 2010"}, "Read in 2010"),
        ({}, LAW, None),
        ({}, PLACES | {"legality": LEGALITY, "caution": "Read in 2010"}, "Read in 2010"),
        ({}, PLACES | {"solicitation": [OFFENCE], "caution": "Read in 2010"}, "Read in 2010"),
        ({"caution": "Ask both"}, PLACES | {"duties": [DUTY], "caution": "Read in 2010"}, "Ask both"),
        ({"caution": "Ask both", "legality": LEGALITY}, {"caution": "Read in 2010"}, "Ask both"),
        ({"caution": "Ask both"}, {"caution": "Read in 2010"}, "Ask both"),
    ],
)
def test_whoever_lends_an_offence_lends_its_caution(
    own: dict[str, Any], state: dict[str, Any], caution: str | None
) -> None:
    assert _part(own, state)["caution"] == caution


def test_what_is_known_of_grooming_and_by_account_comes_from_whoever_knows() -> None:
    found = _part(
        {
            "grooming": {"listed": False, "offence": "unknown", "elements": None, "own": "yes"},
            "statements": {"possession": None, "access": "no"},
        },
        {
            "grooming": {"listed": True, "offence": "yes", "elements": "unknown", "reviews": "2019"},
            "statements": {"possession": "yes, s 2", "access": "yes", "text_audio": "unknown"},
        },
    )
    assert found["grooming"] == {"listed": False, "offence": "yes", "elements": None, "own": "yes", "reviews": "2019"}
    assert found["statements"] == {"possession": "yes, s 2", "access": "no", "text_audio": None}


TREATY, OTHER = {"name": "Treaty", "joined": "2001"}, {"name": "Protocol", "joined": "2002"}


@pytest.mark.parametrize(
    ("own", "state", "found"),
    [
        (None, None, None),
        ({"blocking": None, "treaties": [TREATY]}, None, {"blocking": None, "treaties": [TREATY]}),
        (None, {"blocking": "yes", "treaties": [TREATY]}, {"blocking": "yes", "treaties": [TREATY]}),
        (
            {"blocking": None, "no_duty": "none", "treaties": [TREATY | {"joined": "2009"}]},
            {"blocking": "yes", "no_duty": "unknown", "treaties": [TREATY, OTHER]},
            {"blocking": "yes", "no_duty": "none", "treaties": [TREATY | {"joined": "2009"}, OTHER]},
        ),
    ],
)
def test_what_stands_beside_the_offences_is_joined_by_treaty(own: object, state: object, found: object) -> None:
    assert _part({"beside": own}, {"beside": state})["beside"] == found


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"XX": {"kind": "state", "part_of": "YY"}}, ("XX", "part_of", "a part names its state, and only a part does")),
        ({"XX-A": {"kind": "part"}}, ("XX-A", "part_of", "a part names its state, and only a part does")),
        (
            {"XX-A": {"kind": "part", "part_of": "XX"}},
            ("XX-A", "part_of", "there is no state XX in the register"),
        ),
        (
            {"XX": {"kind": "state", "law_of_part": "XX-B"}},
            ("XX", "law_of_part", "there is no part XX-B of XX in the register"),
        ),
    ],
)
def test_a_part_or_state_that_is_not_there_is_named(files: dict[str, Any], problem: tuple[str, str, str]) -> None:
    code, field, why = problem_of_parts(files) or ("", "", "")
    assert (code, field, str(why)) == problem
