"""The bill carries every element of the toolkit's two appendices; choices and gaps change it, references follow."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from leeward.laws.files.packaged import packaged
from leeward.laws.rules.bill import Bill, Blank, Chosen, Clause, Reference, compose
from leeward.laws.rules.bill_options import BadOptions, BillOptions, parse_options

MODEL = packaged("bill.yaml")
ALL = frozenset({"c1", "c2", "c3", "c4", "c5", "grooming"})
ELEMENTS = frozenset(
    ["IV.1.a"]
    + [f"IV.1.b.{number}" for number in ("i", "ii", "iii", "iv")]
    + [f"IV.2.a.{number}" for number in ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")]
    + [f"IV.3.{letter}" for letter in "abcdefg"]
    + ["V"]
)


def _bill(criteria: frozenset[str] = ALL, **options: Any) -> Bill:
    return compose(MODEL, parse_options(options), country="LC", country_name="Saint Lucia", criteria=criteria)


def _words(clause: Clause) -> str:
    return "".join(f"[{run.what}]" if isinstance(run, Blank) else run.words for run in clause.runs)


def _text(bill: Bill) -> str:
    return "\n".join(f"{clause.number} {clause.heading} {_words(clause)}" for clause in bill.walk())


def test_no_element_of_the_appendices_is_missing() -> None:
    assert _bill().traces == ELEMENTS


def test_the_elements_are_those_of_the_reference_bill() -> None:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the toolkit's own text is not part of Leeward")
    names = {"an": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
    tree = etree.parse(str(Path(folder) / "law" / "model_bill.xml"))
    found = set()
    leaves: Any = tree.xpath("//an:content/ancestor::*[@eId][1]", namespaces=names)
    for leaf in leaves:
        levels = [part.split("_")[-1] for part in str(leaf.get("eId")).split("__")[1:]]
        found.add("V" if levels == ["4"] else f"IV.{'.'.join(levels)}")
    assert found == ELEMENTS


def test_the_text_is_ours() -> None:
    text = _text(_bill())
    for words in ("It shall be a punishable offence", "shall mean", "notwithstanding", "save where", "No action lies"):
        assert words not in text


def test_every_clause_says_where_it_comes_from_or_that_it_is_beyond_the_toolkit() -> None:
    for part in _bill(solicitation="extended", preservation_days=21).parts:
        for section in part.children:
            assert section.origin, section.id
            assert section.beyond != any(clause.traces for clause in section.walk()), section.id


@pytest.mark.parametrize(
    ("options", "inside", "outside"),
    [
        ({"reporting": "no"}, [], ["reporting entity", "Duty to report"]),
        ({"simulated_images": "no"}, [], ["realistic image"]),
        ({"knowingly_possess": True}, ["who knowingly acquires or possesses"], []),
        ({}, ["who acquires or possesses", "to a reporting entity immediately"], ["knowingly acquires"]),
        ({"speed": "as_soon_as_practicable"}, ["as soon as practicable"], ["immediately"]),
        ({"reporting_entity": "the national hotline"}, ["means the national hotline, and any other body"], []),
        ({"privilege": "no"}, [], ["legal professional privilege"]),
        ({"age_of_consent": 16}, ["under the age of 16 years"], ["[age of consent]"]),
        ({"solicitation": "extended"}, ["Sexual communication with a child"], []),
        ({"solicitation": "none"}, [], ["Proposal to meet"]),
        ({"term": "child pornography"}, ["“child pornography” means"], ["child sexual abuse material"]),
        ({"lawful_work": "no"}, [], ["Lawful work"]),
        ({"preservation_days": 21}, ["for 21 days after the report"], []),
        ({"title": "Children Online Act 2027"}, ["cited as the Children Online Act 2027."], ["[year]"]),
    ],
)
def test_choices(options: dict[str, Any], inside: list[str], outside: list[str]) -> None:
    text = _text(_bill(**options))
    for words in inside:
        assert words in text
    for words in outside:
        assert words not in text


def test_only_what_closes_a_gap_is_in_and_what_it_needs() -> None:
    def parts(*criteria: str) -> list[str]:
        return [part.id for part in _bill(frozenset(criteria)).parts]

    assert parts("c5") == ["preliminary", "reporting"]
    assert parts("grooming") == ["preliminary", "solicitation"]
    assert parts("c2") == ["preliminary"]
    possession = _bill(frozenset({"c4"}))
    assert [clause.id for clause in possession.parts[1].children] == ["possession", "lawful-work", "penalties"]
    assert "def-material" not in {clause.id for clause in _bill(frozenset({"grooming"})).walk()}
    assert len(parts("c5")) < len([part.id for part in _bill(frozenset({"c5"}), only_gaps="no").parts])


OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "reporting": st.booleans(),
        "simulated_images": st.booleans(),
        "knowingly_possess": st.booleans(),
        "privilege": st.booleans(),
        "lawful_work": st.booleans(),
        "only_gaps": st.booleans(),
        "age_of_consent": st.integers(10, 21),
        "preservation_days": st.integers(1, 365),
        "solicitation": st.sampled_from(["appendix_v", "extended", "none"]),
        "term": st.sampled_from(["child sexual abuse material", "child pornography"]),
        "title": st.text(alphabet="abc é<&>\"'", max_size=20),
        "reporting_entity": st.text(alphabet="abc é<&>\"'", max_size=20),
    },
)


@given(OPTIONS, st.sets(st.sampled_from(sorted(ALL)), min_size=1))
def test_whatever_is_chosen_references_and_numbers_hold(options: dict[str, Any], criteria: set[str]) -> None:
    bill = _bill(frozenset(criteria), **options)
    clauses = list(bill.walk())
    assert len({clause.eid for clause in clauses}) == len(clauses)
    assert [clause.number for clause in clauses if clause.level == "section"] == [
        str(number) for number in range(1, sum(clause.level == "section" for clause in clauses) + 1)
    ]
    for clause in clauses:
        for run in clause.runs:
            if isinstance(run, Reference):
                target = bill.clause(run.to)
                assert run.words.endswith(target.number)
            if isinstance(run, Chosen):
                assert run.words
    for clause in clauses:
        if clause.runs and not clause.children:
            assert _words(clause)[-1] in ".;" or _words(clause).endswith(("; or", "; and")), _words(clause)


@pytest.mark.parametrize(
    ("given_options", "words"),
    [
        ({"colour": "red"}, "colour"),
        ({"term": "material"}, "term"),
        ({"age_of_consent": 5}, "10 to 21"),
        ({"preservation_days": "two weeks"}, "whole number"),
        ({"preservation_days": 0}, "days"),
        ({"title": 5}, "text"),
        ({"title": "x" * 201}, "200"),
        ({"reporting": "perhaps"}, "reporting"),
        ([], "names and values"),
    ],
)
def test_bad_options_are_named(given_options: dict[str, object], words: str) -> None:
    with pytest.raises(BadOptions, match=words):
        parse_options(given_options)


def test_without_options_the_toolkit_chooses() -> None:
    assert parse_options({}) == BillOptions()
