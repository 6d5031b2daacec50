"""The bill carries every element of the toolkit's two appendices; choices and gaps change it, references and definitions follow."""

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from leeward.laws.files.packaged import packaged
from leeward.laws.rules.bill import Country, compose
from leeward.laws.rules.bill_clauses import Bill, Blank, Clause, Kind, Reference
from leeward.laws.rules.bill_need import WANTED, Need, Principal, Rewording
from leeward.laws.rules.bill_options import YES_OR_NO, BillOptions, parse_options
from leeward.laws.rules.bill_styles import style_for, styles_of

MODEL = packaged("bill.yaml")
ALL_STYLES = styles_of(packaged("bill_styles.yaml"))
PRINCIPAL = Principal("Electronic Crimes Act 2013", "2", "10", defines="child pornography")
ELEMENTS = frozenset(packaged("appendices.yaml"))
SAINT_LUCIA = Country("LC", "Saint Lucia")


def _bill(*criteria: str, kind: Kind = "act", **options: Any) -> Bill:
    chosen = parse_options(options)
    missing = criteria or WANTED
    need = Need(kind, missing, (), (), (), PRINCIPAL)
    return compose(MODEL, chosen, need, style_for(ALL_STYLES, chosen.style, "LC"), SAINT_LUCIA)


def _words(clause: Clause) -> str:
    return "".join(f"[{run.what}]" if isinstance(run, Blank) else run.text for run in clause.runs)


def _text(bill: Bill) -> str:
    lines = (f"{clause.number} {clause.heading} {_words(clause)}" for clause in bill.walk())
    return "\n".join([bill.title, bill.long_title, *lines])


def _sections(bill: Bill) -> list[str]:
    return [section.id for section in bill.sections]


def test_no_element_of_the_appendices_is_missing() -> None:
    assert _bill().traces >= ELEMENTS


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


def test_the_sections_are_those_of_counsels_model() -> None:
    bill = _bill(
        solicitation="extended", removal="yes", host="yes", blocking="yes", tools="yes", attempt="yes", forfeiture="yes"
    )
    numbers = {clause.id: clause.number for clause in bill.sections}
    assert len(numbers) == 43
    wanted = {"material": 3, "access": 5, "knowledge": 13, "proof": 19, "meeting": 20, "duty": 23, "secrecy": 30}
    wanted |= {
        "hotline": 31,
        "removal": 33,
        "host": 34,
        "blocking": 35,
        "safeguards": 36,
        "penalties": 40,
        "saving": 43,
    }
    assert {name: int(numbers[name]) for name in wanted} == wanted


def test_the_text_is_ours_and_says_shall_only_where_that_is_chosen() -> None:
    text = _text(_bill())
    for words in ("It shall be a punishable offence", "notwithstanding", "save where", "thereof"):
        assert words not in text
    assert " shall " not in text
    chosen = _text(_bill(modal="shall"))
    assert "A person shall report" in chosen
    assert " must " not in chosen


def test_one_sentence_a_subsection() -> None:
    bill = _bill(solicitation="extended", own_images="peers", **dict.fromkeys(YES_OR_NO, True))
    for clause in bill.walk():
        assert not re.search(r"[a-z\]]\. [A-Z]", _words(clause)), _words(clause)


def test_appearance_stands_on_its_own_and_is_not_circular() -> None:
    words = _words(_bill().clause("material-appears"))
    assert "a person who appears to be a child" in words
    assert not [run for run in _bill().clause("material-appears").runs if isinstance(run, Reference)]
    assert "a child" not in words.replace("appears to be a child", "")


def test_a_live_stream_is_a_performance_and_nobody_takes_part_in_material() -> None:
    bill = _bill()
    assert "streaming included" in _words(bill.clause("performance"))
    assert "material" not in _words(bill.clause("performances-cause")).replace("abuse performance", "")
    assert "in the making of" in _words(bill.clause("profit"))


def test_knowingly_stands_in_every_offence_of_the_part_unless_it_is_left_out() -> None:
    part = next(clause for clause in _bill().body if clause.id == "offences")
    offences = [section for section in part.children if section.id not in ("knowledge", "attempt")]
    assert len(offences) == 7
    for section in offences:
        assert "knowingly" in " ".join(_words(clause) for clause in section.walk()), section.id
    left_out = next(clause for clause in _bill(knowingly="no").body if clause.id == "offences")
    assert [s.id for s in left_out.children if "knowingly" in " ".join(_words(c) for c in s.walk())] == [
        "access",
        "knowledge",
    ]


def test_each_beyond_is_marked_and_says_where_it_comes_from() -> None:
    for section in _bill(solicitation="extended", removal="yes", blocking="yes", host="yes").sections:
        assert section.origin, section.id
        assert section.beyond != any(clause.traces for clause in section.walk()) or section.id == "material", section.id


@pytest.mark.parametrize(
    ("options", "inside", "outside"),
    [
        ({"reporting": "no"}, [], ["reporting entity", "Duty to report"]),
        ({"simulated_images": "no"}, [], ["realistic image", "An image is realistic"]),
        ({"knowingly": "no"}, ["who acquires or possesses"], ["knowingly acquires"]),
        ({}, ["who knowingly acquires or possesses", "reporting entity, immediately,"], ["sees a substantial risk"]),
        ({"substantial_risk": "yes"}, ["knows, or sees a substantial risk, that"], []),
        ({"speed": "as_soon_as_practicable"}, ["as soon as practicable"], ["immediately"]),
        ({"speed": "within_hours"}, ["within [number] hours"], ["immediately"]),
        ({"reporting_entity": "the national hotline"}, ["means the national hotline, and a person designated"], []),
        ({"privilege": "none"}, ["do not excuse a person from the duty."], ["privilege"]),
        ({"privilege": "attorney_client"}, ["but attorney-client privilege does"], ["legal professional"]),
        ({"age_of_consent": 16}, ["has not reached the age of 16,"], ["[age of sexual consent"]),
        ({}, ["[age of sexual consent, at most 18]"], []),
        ({"solicitation": "extended"}, ["Sexual communication with a child", "Inducement"], []),
        ({"solicitation": "none"}, [], ["proposes or arranges to meet", "“sexual offence”"]),
        ({"term": "child pornography"}, ["Child pornography means"], ["child sexual abuse material"]),
        ({"lawful_work": "no"}, [], ["treat a patient"]),
        ({"preservation_days": 21}, ["for 21 days, secure"], []),
        ({"preservation": "no"}, [], ["days, secure"]),
        ({"title": "Children Online Act 2027"}, ["cited as the Children Online Act 2027."], ["[year]"]),
        ({}, ["as regards a depiction of that child alone", "the parent or counsellor of that person"], []),
        ({"own_images": "none", "silence": "none"}, [], ["that child alone", "the parent or counsellor"]),
        ({"own_images": "peers"}, ["Subsection (1) and subsection (2) do not protect"], []),
        ({"silence": "child"}, ["A child and a person depicted are not"], ["the parent"]),
        ({}, ["designate a body as a hotline"], ["bar access", "“access provider”"]),
        ({"removal": "yes"}, ["remove it within [24] hours"], []),
        ({"blocking": "yes"}, ["at exact addresses", "must be shown the ground"], []),
        ({"host": "yes"}, ["A provider need not monitor in general."], []),
        ({"proactive": "yes"}, ["except as section 28(2) provides"], []),
        ({"proven_adult": "yes"}, ["shown to have been an adult"], []),
        ({"text_audio": "yes"}, ["includes sound or text", "anything that holds sound or text"], []),
        ({"style": "malta_cyprus"}, ["under article 20", "Sub-article (1)"], ["under section"]),
        ({"style": "south_asia"}, ["Chapter 1 Preliminary", "(a)  “adult” means"], ["Part 1"]),
    ],
)
def test_choices(options: dict[str, Any], inside: list[str], outside: list[str]) -> None:
    text = _text(_bill(**options))
    for words in inside:
        assert words in text
    for words in outside:
        assert words not in text


@pytest.mark.parametrize(
    ("criterion", "sections"),
    [
        ("c2", {"material", "performance"}),
        ("c3", {"access", "knowledge", "functions", "innocent", "own-images", "children", "proof"}),
        ("c4", {"possession", "knowledge", "functions", "innocent", "own-images", "children", "proof"}),
        ("c5", {"duty", "entities", "no-search", "protection", "false-reports", "failure", "preservation", "secrecy"}),
        ("grooming", {"meeting"}),
    ],
)
def test_an_amendment_has_what_closes_its_gap_and_no_more(criterion: str, sections: set[str]) -> None:
    bill = _bill(criterion, kind="amending")
    quoted = {section.id for section in bill.sections if section.typed}
    assert quoted == sections
    assert bill.title == "Electronic Crimes (Amendment) Act"
    assert bill.long_title.startswith("An Act to amend the Electronic Crimes Act 2013 to ")


def test_a_missing_definition_is_drafted() -> None:
    for kind in ("amending", "model"):
        bill = _bill("c2", kind=kind)
        assert "depicts a child in sexually explicit conduct" in _text(bill)
        assert "solicit" not in _text(bill).lower()
    replaced = _text(_bill("c2", kind="amending"))
    assert "in section 2 by deleting the definition of “child pornography” and substituting—" in replaced
    assert "“child pornography” has the meaning given by section 10A" in replaced
    assert "10A Meaning of child pornography" in replaced


def test_a_definition_of_which_nothing_is_recorded_is_not_replaced_but_inserted() -> None:
    need = Need("amending", ("c2",), (), (), (), Principal("Electronic Crimes Act 2013", "", "10"))
    bill = compose(MODEL, parse_options({}), need, style_for(ALL_STYLES, None, "LC"), SAINT_LUCIA)
    text, added = _text(bill), bill.clause("added")
    assert "deleting" not in text
    assert "amended in section [number] by inserting in the appropriate alphabetical order—" in _words(added)
    named = [row.id for row in added.quoted]
    assert named[named.index("def-term") - 1 :][:3] == ["def-child", "def-term", "def-depict"]
    assert "If it defines “child pornography” already, replace that definition." in added.note
    assert _bill("c5", kind="amending").clause("added").note == "", (
        "where the Act keeps its own there is nothing to say"
    )


def test_an_amendment_defines_nothing_that_the_act_defines() -> None:
    text = _text(_bill("c5", kind="amending"))
    assert "“child” means" not in text
    assert "“child pornography”" not in text
    assert "to require the reporting of child pornography" in text, "no antecedent is missing"
    assert "10A Duty to report" in text
    assert _text(_bill("c5", kind="amending", style="uk")).count("After section 10 of the principal Act insert—") == 1


def test_sections_on_grooming_stand_after_the_acts_own_and_clauses_in_its_order() -> None:
    def numbers(principal: Principal) -> list[str]:
        need = Need("amending", ("c4", "grooming"), (), (), (), principal)
        bill = compose(MODEL, BillOptions(), need, style_for(ALL_STYLES, "uk", "LC"), SAINT_LUCIA)
        return [
            f"{clause.number}: {', '.join(row.number for row in clause.quoted)}"
            for clause in bill.body
            if clause.quoted
        ]

    whole = numbers(PRINCIPAL)
    assert whole[-1].startswith("4: 10A, 10B")
    apart = numbers(replace(PRINCIPAL, grooming_in="15"))
    assert apart[-1] == "5: 15A"
    assert apart[-2].startswith("4: 10A, 10B")
    before = numbers(replace(PRINCIPAL, grooming_in="9"))
    assert before[-2] == "4: 9A"
    last = numbers(replace(PRINCIPAL, definition_in="90", grooming_in="10"))
    assert last[0].startswith("3: 10A, 10B"), "what is defined in section 90 is amended after section 10"
    assert numbers(replace(PRINCIPAL, insert_after="62A"))[-1].startswith("4: 62AA, 62AB")


def test_numbers_go_on_after_the_alphabet() -> None:
    options = {"solicitation": "extended", "removal": "yes", "blocking": "yes", "host": "yes", "tools": "yes"}
    numbers = [section.number for section in _bill(*WANTED[1:], kind="amending", **options).sections if section.typed]
    assert numbers[:2] == ["10A", "10B"]
    assert numbers[25:27] == ["10Z", "10AA"]


def test_what_is_alone_in_its_section_has_no_number() -> None:
    bill = _bill(preservation="no", secrecy="no", proactive="no")
    for clause in bill.walk():
        assert len([child for child in clause.children if child.level in ("subsection", "paragraph")]) != 1, clause.id


@pytest.mark.parametrize("style", ALL_STYLES)
@pytest.mark.parametrize("substitute", ["", "a {child} or"])
def test_single_words_are_changed_in_each_style(style: str, substitute: str) -> None:
    row = Rewording("c4", "10(1)(a)", "for {sale} or", substitute, "Gazette, p 3")
    need = Need("amending", ("c4",), ("c4",), (), (), PRINCIPAL, rewordings=(row,))
    bill = compose(MODEL, parse_options({}), need, style_for(ALL_STYLES, style, "LC"), SAINT_LUCIA)
    assert not bill.has("possession"), "no whole section beside it"
    clause = bill.body[2]
    assert (clause.number, clause.closes) == ("3", ("c4",))
    assert "10(1)(a)" in clause.heading
    text = _words(clause)
    assert "“for {sale} or”" in text
    assert ("“a {child} or”" in text) is bool(substitute)
    assert not set(text) & {"—"}
    assert text.endswith(".")
    assert "10(1)(a)" in text
    assert "Gazette, p 3" in clause.note
    assert "possession" in bill.long_title


def test_whole_sections_say_of_which_places_the_words_are_not_held() -> None:
    both = Rewording("c4", "11", "sale", "", "Gazette")
    need = Need("amending", ("c4", "c5"), ("c4", "c5"), (), (), PRINCIPAL, rewordings=(both,), unworded=("s 9(2)",))
    bill = compose(MODEL, parse_options({}), need, style_for(ALL_STYLES, "", "LC"), SAINT_LUCIA)
    headings = [clause.heading for clause in bill.body]
    assert headings.index("New sections") < headings.index("Section 11"), "in the order of the Act"
    assert "does not hold the words of s 9(2)" in bill.clause("inserted-10").note
    assert _bill("c5", kind="amending").clause("inserted-10").note == ""


def test_every_state_of_the_commonwealth_has_its_style() -> None:
    from leeward.laws.register import packaged_register

    states = {
        code for code, file in packaged_register().files.items() if file["commonwealth"] and file["kind"] == "state"
    }
    with_style = [country for style in ALL_STYLES.values() for country in style.countries]
    assert sorted(with_style) == sorted(states)
    assert style_for(ALL_STYLES, "", "AU-NSW").id == "australia"
    assert style_for(ALL_STYLES, "civil", "AU-NSW").id == "civil"


def test_a_title_with_braces_is_no_mark_of_ours() -> None:
    need = Need("amending", ("c4",), (), (), (), Principal("Crimes {ref:nowhere} Act {2013}", "2", "10"))
    bill = compose(MODEL, parse_options({}), need, style_for(ALL_STYLES, None, "LC"), SAINT_LUCIA)
    assert _words(bill.clause("principal")) == (
        "In this Act, “the principal Act” means the Crimes {ref:nowhere} Act {2013}."
    )
