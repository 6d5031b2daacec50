"""The offence of soliciting a child as a checklist of elements."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.register import packaged_register
from leeward.laws.rules.legality import Opinion
from leeward.laws.rules.solicitation import (
    BadSolicitation,
    SolicitationFacts,
    compile_offences,
    parse_solicitation,
    solicitation_opinion,
)

TODAY = date(2026, 11, 24)
OFFENCES = {code: compile_offences(file) for code, file in packaged_register().files.items()}
MEETING: dict[str, object] = {
    "actor_age": 40,
    "child_age": 13,
    "child_is_real": "yes",
    "by_ict": "yes",
    "prior_contacts": 3,
    "proposal_to_meet": "yes",
    "material_act": "yes",
    "sexual_purpose": "yes",
}


def _opinion(values: dict[str, object], code: str, on: date = TODAY) -> Opinion:
    return solicitation_opinion(parse_solicitation(values), OFFENCES[code], on)


@pytest.mark.parametrize("code", ["GB", "SG"])
def test_a_meeting_with_an_act_towards_it_is_an_offence(code: str) -> None:
    assert _opinion(MEETING, code).verdict == "likely"


def test_without_a_meeting_only_laws_that_go_further_reach_it() -> None:
    words_only = {**MEETING, "proposal_to_meet": "no", "material_act": "no", "sexual_communication": "yes"}
    assert _opinion(words_only, "GB").verdict == "likely"
    assert [ground.citation for ground in _opinion(words_only, "GB").because] == ["Sexual Offences Act 2003 s 15A"]
    assert _opinion(words_only, "GB", date(2017, 4, 2)).verdict == "undetermined"
    directive = _opinion(words_only, "EU")
    assert directive.would_settle == ("law:other_offences",)
    assert {"proposal_to_meet", "material_act"} <= set(directive.because[0].fails)


def test_no_is_said_only_where_somebody_looked_for_other_offences() -> None:
    seventeen = {**MEETING, "child_age": 17}
    assert _opinion(seventeen, "CA").would_settle == ("law:other_offences",)
    facts = parse_solicitation(seventeen)
    assert solicitation_opinion(facts, OFFENCES["CA"], TODAY, is_all=True).verdict == "unlikely"


@pytest.mark.parametrize("code", ["GB", "SG", "IN", "CA", "AU"])
def test_an_act_that_was_not_yet_made_says_nothing(code: str) -> None:
    long_ago = _opinion(MEETING, code, date(1850, 1, 1))
    assert (long_ago.verdict, long_ago.because) == ("undetermined", ())


def test_since_when_an_offence_stands_is_open_where_it_was_not_recorded() -> None:
    england = _opinion(MEETING, "GB", date(2010, 1, 1))
    assert england.verdict == "undetermined"
    assert any(entry.startswith("law:commencement:") for entry in england.would_settle)


def test_what_an_officer_would_still_have_to_find() -> None:
    found = _opinion({"actor_age": 40, "child_age": 12, "child_is_real": "yes", "sexual_purpose": "yes"}, "SG")
    assert found.verdict == "undetermined"
    assert {"prior_contacts", "proposal_to_meet", "material_act"} <= set(found.would_settle)


def test_the_age_of_consent_that_states_set_themselves_is_a_question_of_law() -> None:
    assert _opinion(MEETING, "EU").would_settle == ("law:element:a6",)


def test_a_decoy_is_enough_where_the_law_says_so() -> None:
    decoy = {**MEETING, "child_is_real": "no"}
    assert _opinion(decoy, "CA").verdict == "likely"
    assert _opinion(decoy, "SG").verdict != "likely"


def test_sixteen_and_seventeen_in_singapore_turn_on_the_relationship() -> None:
    sixteen = {**MEETING, "child_age": 16}
    assert "exploitative" in _opinion(sixteen, "SG").would_settle
    assert _opinion({**sixteen, "exploitative": "yes"}, "SG").verdict == "likely"


def test_a_country_without_a_recorded_offence_is_open() -> None:
    assert _opinion(MEETING, "JM").would_settle == ("law:solicitation",)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"message": "[message withheld]"}, "message"),
        ({"actor_age": "old"}, "actor_age"),
        ({"by_ict": "perhaps"}, "by_ict"),
        ({"prior_contacts": -1}, "prior_contacts"),
    ],
)
def test_bad_facts_are_named(values: dict[str, object], words: str) -> None:
    with pytest.raises(BadSolicitation, match=words):
        parse_solicitation(values)


KNOWN = st.sampled_from(["yes", "no", "unknown"])
ANY = st.fixed_dictionaries(
    {
        "actor_age": st.none() | st.integers(10, 60),
        "child_age": st.none() | st.integers(0, 20),
        "child_is_real": KNOWN,
        "by_ict": KNOWN,
        "prior_contacts": st.none() | st.integers(0, 3),
        "proposal_to_meet": KNOWN,
        "material_act": KNOWN,
        "sexual_purpose": KNOWN,
        "sexual_communication": KNOWN,
        "exploitative": KNOWN,
    }
)


@given(
    ANY, st.sets(st.sampled_from(sorted(SolicitationFacts.__slots__)), min_size=1), st.sampled_from(sorted(OFFENCES))
)
def test_learning_a_fact_never_turns_an_opinion_round(values: dict[str, object], hidden: set[str], code: str) -> None:
    less = _opinion({name: value for name, value in values.items() if name not in hidden}, code)
    assert less.verdict in ("undetermined", _opinion(values, code).verdict)
    assert bool(less.would_settle) == (less.verdict == "undetermined")
