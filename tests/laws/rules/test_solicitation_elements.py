"""An offence of soliciting, read to the letter from its file: which element is met, fails, or is still to find."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from leeward.laws.rules.jurisdiction import Provision, Span
from leeward.laws.rules.legality import Ground, Opinion
from leeward.laws.rules.solicitation import (
    BadSolicitation,
    Offence,
    SolicitationFacts,
    compile_offences,
    elements,
    parse_solicitation,
    solicitation_opinion,
)
from leeward.laws.rules.three import NO, UNKNOWN, YES, Three

TODAY = date(2026, 11, 27)
ROW: dict[str, Any] = {
    "id": "approach", "provisions": ["s1"], "actor_from": 18, "child_below": 16, "belief_enough": "no", "ict_only": "yes",
    "prior_contacts": 2, "meeting": "no", "material_act": "unknown", "sexual_purpose": "yes", "from": "2010",
    "sexual_communication": "no",
}  # fmt: skip
FILE: dict[str, Any] = {
    "known_on": None,
    "works": [{"id": "act", "short": "Act", "made": "2009", "kind": "act"}],
    "provisions": [{"id": "s1", "work": "act", "at": "s 1", "says": "It is an offence."}],
}
NEEDS = {
    "by_ict": YES, "proposal_to_meet": NO, "material_act": UNKNOWN, "sexual_purpose": YES, "sexual_communication": NO,
    "exploitative": NO,
}  # fmt: skip
OFFENCE = Offence(
    id="approach",
    provisions=(Provision("s1", "Act s 1", "It is an offence."),),
    actor_from=18,
    child_below=16,
    belief_enough=NO,
    needs=NEEDS,
    prior_contacts=2,
    any_actor=False,
    span=Span(date(2010, 1, 1), None, None, date(2009, 1, 1)),
)
MET = SolicitationFacts(
    actor_age=(40, 40), child_age=(13, 13), child_is_real="yes", by_ict="yes", prior_contacts=2, proposal_to_meet="no",
    material_act="yes", sexual_purpose="yes", sexual_communication="no", exploitative="no",
)  # fmt: skip


def test_an_offence_is_compiled_word_for_word() -> None:
    special = {"actor_from": "any", "child_below": None, "belief_enough": "unknown", "prior_contacts": None}
    relied_on = ROW | special | {"context": "exploitative", "id": "trust"}
    first, second, third = compile_offences(FILE | {"solicitation": [ROW, relied_on, ROW | {"actor_from": None}]})
    assert first == OFFENCE
    assert second == replace(
        OFFENCE, id="trust", actor_from=None, any_actor=True, child_below=None, belief_enough=UNKNOWN,
        prior_contacts=None, needs=NEEDS | {"exploitative": YES},
    )  # fmt: skip
    assert third == replace(OFFENCE, actor_from=None)
    assert compile_offences({"known_on": None}) == ()


def test_facts_are_read_by_their_own_names_and_refused_in_one_sentence() -> None:
    given = {
        "actor_age": [30, 40], "child_age": 13, "child_is_real": "no", "by_ict": "yes", "prior_contacts": "3",
        "proposal_to_meet": "yes", "material_act": "no", "sexual_purpose": "yes", "sexual_communication": "no",
        "exploitative": True,
    }  # fmt: skip
    assert parse_solicitation(given) == SolicitationFacts(
        (30, 40), (13, 13), "no", "yes", 3, "yes", "no", "yes", "no", "yes"
    )
    assert parse_solicitation({}) == SolicitationFacts()
    with pytest.raises(BadSolicitation) as problem:
        parse_solicitation(["child_age"])  # type: ignore[arg-type]
    assert problem.value.text == "The facts can't be used: the whole must be a set of names and values."
    with pytest.raises(BadSolicitation) as problem:
        parse_solicitation({"child_age": [1]})
    assert problem.value.text == "The facts can't be used: child_age must be a number, [low, high] or null."


def test_only_what_the_offence_requires_is_an_element() -> None:
    required = ("actor_age", "child_age", "child_is_real", "by_ict", "prior_contacts", "material_act", "sexual_purpose")
    found = elements(MET, OFFENCE)
    assert tuple(found) == required, "in the order of the checklist"
    assert set(found.values()) == {YES}
    assert "prior_contacts" not in elements(MET, replace(OFFENCE, prior_contacts=0))
    assert "exploitative" in elements(MET, replace(OFFENCE, needs=NEEDS | {"exploitative": YES}))


@pytest.mark.parametrize(
    ("element", "facts", "offence", "met"),
    [
        ("actor_age", {"actor_age": (18, 20)}, {}, YES),
        ("actor_age", {"actor_age": (17, 18)}, {}, UNKNOWN),
        ("actor_age", {"actor_age": (15, 17)}, {}, NO),
        ("actor_age", {"actor_age": (15, 15)}, {"any_actor": True, "actor_from": None}, YES),
        ("actor_age", {"actor_age": (40, 40)}, {"actor_from": None}, UNKNOWN),
        ("actor_age", {"actor_age": None}, {"actor_from": 1}, UNKNOWN),
        ("child_age", {"child_age": (13, 15)}, {}, YES),
        ("child_age", {"child_age": (15, 16)}, {}, UNKNOWN),
        ("child_age", {"child_age": (16, 16)}, {}, NO),
        ("child_age", {"child_age": (1, 1)}, {"child_below": None}, UNKNOWN),
        ("child_age", {"child_age": None}, {"child_below": 1}, UNKNOWN),
        ("child_is_real", {"child_is_real": "no"}, {}, NO),
        ("child_is_real", {"child_is_real": "no"}, {"belief_enough": YES}, YES),
        ("child_is_real", {"child_is_real": "no"}, {"belief_enough": UNKNOWN}, UNKNOWN),
        ("prior_contacts", {"prior_contacts": 1}, {}, NO),
        ("prior_contacts", {"prior_contacts": 3}, {}, YES),
        ("prior_contacts", {"prior_contacts": None}, {}, UNKNOWN),
        ("prior_contacts", {"prior_contacts": 3}, {"prior_contacts": None}, UNKNOWN),
        ("by_ict", {"by_ict": "no"}, {}, NO),
        ("by_ict", {"by_ict": "unknown"}, {}, UNKNOWN),
        ("material_act", {"material_act": "no"}, {}, UNKNOWN),
    ],
)
def test_an_element_is_met_fails_or_is_open(
    element: str, facts: dict[str, Any], offence: dict[str, Any], met: Three
) -> None:
    assert elements(replace(MET, **facts), replace(OFFENCE, **offence))[element] is met


GROUND = Ground("Act s 1", "It is an offence.")


def _asked(facts: dict[str, Any], *offences: Offence, is_all: bool = False) -> Opinion:
    return solicitation_opinion(replace(MET, **facts), offences or (OFFENCE,), TODAY, is_all=is_all)


def test_an_opinion_names_the_provision_and_what_fails_in_it() -> None:
    failing = replace(GROUND, fails=("child_age",))
    assert _asked({}) == Opinion("likely", (GROUND,), ())
    assert _asked({"child_age": (17, 17)}, is_all=True) == Opinion("unlikely", (failing,), ())
    assert _asked({"child_age": (17, 17)}) == Opinion("undetermined", (failing,), ("law:other_offences",))
    assert _asked({}, replace(OFFENCE, child_below=12), OFFENCE) == Opinion("likely", (GROUND,), ()), "one is enough"


@pytest.mark.parametrize(
    ("facts", "offence", "settles"),
    [
        ({"child_age": (13, 17)}, {}, ("child_age",)),
        ({"child_age": None, "by_ict": "unknown"}, {}, ("child_age", "by_ict")),
        ({"child_age": (13, 17)}, {"child_below": None}, ("law:element:approach",)),
        ({"child_age": (13, 13)}, {"child_below": None}, ("law:element:approach",)),
        ({"actor_age": None}, {"actor_from": None}, ("law:element:approach",)),
        ({"prior_contacts": None}, {"prior_contacts": None}, ("law:element:approach",)),
        ({"prior_contacts": None}, {}, ("prior_contacts",)),
        ({"material_act": "unknown"}, {}, ("law:element:approach",)),
        ({"material_act": "no"}, {}, ("law:element:approach",)),
        ({"child_is_real": "no"}, {"belief_enough": UNKNOWN}, ("law:element:approach",)),
        ({"child_is_real": "unknown"}, {"belief_enough": UNKNOWN}, ("child_is_real",)),
        ({}, {"span": Span(None, None, None, None)}, ("law:commencement:approach",)),
    ],
)
def test_an_officer_looks_for_facts_and_a_lawyer_for_words(
    facts: dict[str, Any], offence: dict[str, Any], settles: tuple[str, ...]
) -> None:
    assert _asked(facts, replace(OFFENCE, **offence)) == Opinion("undetermined", (GROUND,), settles)
